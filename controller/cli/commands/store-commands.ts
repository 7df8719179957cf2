// The commands that take the history out and old data in, and make it anew: export, import, history rebuild.
import { type Command, InvalidArgumentError } from "commander";
import { WIDTHS, type Width } from "../export/rows.ts";
import { runExport } from "./export.ts";
import { runRebuild } from "./history.ts";
import { runImport } from "./import.ts";
import { interrupted, progress } from "./terminal-ways.ts";

type Write = (line: string) => void;

const isWidth = (text: string): text is Width => Object.hasOwn(WIDTHS, text);

function width(text: string): Width {
  if (isWidth(text)) return text;
  throw new InvalidArgumentError(`one of ${Object.keys(WIDTHS).join(", ")}`);
}

interface ExportFlags {
  readonly data: string;
  readonly every: Width;
  readonly assets?: string;
  readonly from?: string;
  readonly to?: string;
  readonly config?: string;
}

function addExport(program: Command, write: Write): void {
  program
    .command("export")
    .description("the local history as a file; what came in the last quarter of an hour may be missing")
    .argument("<file>", "its name ends in .csv or .parquet")
    .option("--data <dir>", "data folder of the site, running or not", "data")
    .option("--every <width>", `how wide a row is: ${Object.keys(WIDTHS).join(", ")}`, width, "15min")
    .option("--assets <list>", "only these, by id or name, with commas; without it all")
    .option("--from <time>", "10:42, 2026-11-27 10:42, an ISO time, or -2h; without it the beginning")
    .option("--to <time>", "as --from; without it the end")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .action(async (out: string, { data, assets = "", ...flags }: ExportFlags) => {
      const named = assets.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
      await runExport({ ...flags, out, folder: data, assets: named, write, progress, signal: interrupted() });
    });
}

interface ImportFlags {
  readonly data: string;
  readonly database: string;
  readonly user?: string;
  readonly config?: string;
  readonly dryRun?: boolean;
}

function addImport(program: Command, write: Write): void {
  program
    .command("import")
    .description(
      "old data into the local history of a site that is not running; days that it knows are left as they are",
    )
    .argument(
      "<source>",
      "a CSV file (time, asset, point, value), or the address of an InfluxDB 1.x: http://…",
    )
    .option("--data <dir>", "data folder of the site", "data")
    .option("--database <name>", "of the InfluxDB", "gridwright")
    .option("--user <name>", "of the InfluxDB; its password is taken from GRIDWRIGHT_INFLUX_PASSWORD")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--dry-run", "say what would be taken and write nothing")
    .action(async (source: string, { data, user, dryRun = false, ...flags }: ImportFlags) => {
      const password = process.env.GRIDWRIGHT_INFLUX_PASSWORD;
      await runImport({
        ...{ ...flags, source, folder: data, dry: dryRun, now: Date.now() },
        ...(user !== undefined && { username: user }),
        ...(password !== undefined && { password }),
        ...{ write, progress, signal: interrupted() },
      });
    });
}

function addHistory(program: Command, write: Write): void {
  program
    .command("history")
    .description("the local history: rebuild")
    .command("rebuild")
    .description(
      "make it anew from the journal, as far back as that reaches; the site must not run, and the card needs room for a second one",
    )
    .option("--data <dir>", "data folder of the site", "data")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .action(({ data, ...flags }: { readonly data: string; readonly config?: string }) =>
      runRebuild({ ...flags, folder: data, write, progress, signal: interrupted() }),
    );
}

export function addStoreCommands(program: Command, write: Write): void {
  addExport(program, write);
  addImport(program, write);
  addHistory(program, write);
}
