// The commands that look back: why, replay, journal. They read the journal's files and nothing else.
import { LANGUAGES, type Language } from "@gridwright/contract/reasons.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { type Command, InvalidArgumentError } from "commander";
import { runJournal } from "./journal.ts";
import { runVerify } from "./journal-verify.ts";
import { runReplay } from "./replay.ts";
import { interrupted, progress } from "./terminal-ways.ts";
import { runWhy } from "./why.ts";
import { terminalWidth } from "./wrap.ts";

type Write = (line: string) => void;

const TIMES = "10:42, 2026-11-27 10:42, an ISO time, or -2h (counted from the newest record)";
const KINDS: readonly JournalRecord["k"][] = [
  "tick",
  "snapshot",
  "decision",
  "request",
  "answer",
  "lease",
  "config",
  "alarm",
];

function language(text: string): Language {
  const found = LANGUAGES.find((each) => each === text);
  if (found === undefined) throw new InvalidArgumentError(`one of ${LANGUAGES.join(", ")}`);
  return found;
}

function kinds(text: string): readonly JournalRecord["k"][] {
  if (text === "all") return KINDS;
  return text.split(",").map((part) => {
    const found = KINDS.find((kind) => kind === part.trim());
    if (found === undefined) throw new InvalidArgumentError(`all, or some of ${KINDS.join(",")}`);
    return found;
  });
}

const LINES_MAX = 1_000_000;

function lineCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > LINES_MAX)
    throw new InvalidArgumentError(`a whole number from 1 to ${LINES_MAX}`);
  return value;
}

interface WhyFlags {
  readonly at?: string;
  readonly lang: Language;
  readonly data: string;
  readonly config?: string;
  readonly json?: boolean;
}

function addWhy(program: Command, write: Write): void {
  program
    .command("why")
    .description("why an asset is on, off or limited: what was seen, which rule, what lost, what changes it")
    .argument("<asset>", "its id in the site file, or its name")
    .option("--at <time>", `as it was then: ${TIMES}`)
    .option("--lang <language>", "en or es", language, "en")
    .option("--data <dir>", "data folder of the site, running or not", "data")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--json", "one JSON object instead of text")
    .action(async (asset: string, { at, lang, data, config, json = false }: WhyFlags) => {
      process.exitCode = await runWhy({
        ...{ asset, language: lang, data, json, write, width: terminalWidth() },
        ...(at !== undefined && { at }),
        ...(config !== undefined && { config }),
      });
    });
}

interface ReplayFlags {
  readonly from?: string;
  readonly to?: string;
  readonly config?: string;
  readonly json?: boolean;
}

function addReplay(program: Command, write: Write): void {
  program
    .command("replay")
    .description("decide a journal again and report any difference; exit code 1 when there is one")
    .argument("[folder]", "a data folder or a journal folder", "data")
    .option("--from <time>", TIMES)
    .option("--to <time>", "as --from")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--json", "one JSON object instead of text")
    .action(async (folder: string, { json = false, ...flags }: ReplayFlags) => {
      process.exitCode = await runReplay({
        ...{ ...flags, folder, json, write, width: terminalWidth(), progress },
      });
    });
}

interface JournalFlags {
  readonly asset?: string;
  readonly kind?: readonly JournalRecord["k"][];
  readonly from?: string;
  readonly to?: string;
  readonly lines?: number;
  readonly follow?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

const selecting = (command: Command): Command =>
  command
    .argument("[folder]", "a data folder or a journal folder", "data")
    .option("--asset <asset>", "what concerns this asset alone")
    .option(
      "--kind <list>",
      `some of ${KINDS.join(",")}, or all; without it all but tick, snapshot and renewed leases`,
      kinds,
    )
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--json", "records as they are, one a line");

async function showRecords(folder: string, flags: JournalFlags, write: Write): Promise<void> {
  const { kind, lines, follow = false, json = false, ...others } = flags;
  process.exitCode = await runJournal({
    ...{ ...others, folder, json, follow, write },
    ...(kind && { kinds: kind }),
    ...(lines !== undefined && { last: lines }),
    ...{ colour: process.stdout.isTTY, width: terminalWidth(), signal: interrupted() },
  });
}

function addJournal(program: Command, write: Write): void {
  const journal = program.command("journal").description("look into the journal: tail, show, verify");
  selecting(journal.command("tail"))
    .description("the newest records")
    .option("-n, --lines <number>", "how many", lineCount, 20)
    .option("-f, --follow", "go on with what is written from now on, until Ctrl-C")
    .action((folder: string, flags: JournalFlags) => showRecords(folder, flags, write));
  selecting(journal.command("show"))
    .description("records from the oldest on")
    .option("--from <time>", TIMES)
    .option("--to <time>", "as --from")
    .action((folder: string, flags: JournalFlags) => showRecords(folder, flags, write));
  journal
    .command("verify")
    .description("read every block: what is there, what is damaged, bytes per day; exit code 1 unless whole")
    .argument("[folder]", "a data folder or a journal folder", "data")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--json", "one JSON object instead of text")
    .action(async (folder: string, { config, json = false }: JournalFlags) => {
      process.exitCode = await runVerify({
        ...{ folder, json, write, width: terminalWidth(), progress },
        ...(config !== undefined && { config }),
      });
    });
}

export function addPastCommands(program: Command, write: Write): void {
  addWhy(program, write);
  addReplay(program, write);
  addJournal(program, write);
}
