// `gridwright import`: old data into the history of a site that is not running, from a CSV file or an InfluxDB. With
// --dry-run it says what would come of it and writes nothing.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { HistoryImporter, type Imported } from "@gridwright/runtime/recorder/history/importer.ts";
import { csvRows, influxRows, type Told } from "../export/sources.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { table } from "./table.ts";

export interface ImportCommand {
  /** A CSV file, or the address of an InfluxDB. */
  readonly source: string;
  readonly folder: string;
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  readonly config?: string;
  readonly dry: boolean;
  readonly now: number;
  readonly write: (line: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

const OLDEST = Date.UTC(2000, 0, 1);
const TELL_EVERY_ROWS = 5_000;
const MISTAKES_TOLD_MAX = 8;

const isAddress = (source: string): boolean => /^https?:\/\//.test(source);

function rowsOf({ source, database, username, password, now }: ImportCommand): AsyncIterable<Told> {
  const login = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  if (isAddress(source)) return influxRows({ url: source, database, to: now, ...login });
  if (!existsSync(source)) throw new GridwrightError("usage", `There is no file ${source}.`);
  if (source.endsWith(".parquet"))
    throw new GridwrightError("usage", `${source}: import takes CSV; export the same rows to a .csv file.`);
  return csvRows(source);
}

/** Reason → how many rows, and the first of them in words. */
class Mistakes {
  readonly #told: string[] = [];
  #count = 0;

  add(text: string): void {
    this.#count += 1;
    if (this.#told.length < MISTAKES_TOLD_MAX && !this.#told.includes(text)) this.#told.push(text);
  }

  lines(): readonly string[] {
    return this.#count === 0
      ? []
      : [`${this.#count} rows were left out, for example:`, ...this.#told.map((text) => `  ${text}`)];
  }
}

interface Taking {
  readonly command: ImportCommand;
  readonly model: SiteModel;
  readonly importer: HistoryImporter;
  readonly mistakes: Mistakes;
}

async function takeRows({ command, model, importer, mistakes }: Taking): Promise<number> {
  const channels = new Set(model.channels.map(({ asset, point }) => `${asset}/${point}`));
  let rows = 0;
  for await (const told of rowsOf(command)) {
    command.signal.throwIfAborted();
    rows += 1;
    if (rows % TELL_EVERY_ROWS === 0) command.progress(`${rows} rows`);
    if ("mistake" in told) mistakes.add(told.mistake);
    else if (!channels.has(told.channel)) mistakes.add(`the site has no ${told.channel}`);
    else if (told.t < OLDEST || told.t > command.now)
      mistakes.add(`${new Date(told.t).toISOString()} is no time of old data`);
    else importer.take(told);
  }
  command.progress("");
  return rows;
}

const NUMBERS = ["taken", "days", "known already", "out of order"];
const HEAD = ["channel", "taken", "days", "from", "to", "known already", "out of order"];
const day = (t: number): string => (Number.isFinite(t) ? new Date(t).toISOString().slice(0, 10) : "");

function resultRow([channel, { days, rows, known, unordered, from, to }]: readonly [
  string,
  Imported,
]): string[] {
  return [channel, String(rows), String(days), day(from), day(to), String(known), String(unordered)];
}

/** Throws `usage` for an unknown folder or file, `data-folder-locked` while the site runs and it is not dry. */
export async function runImport(command: ImportCommand): Promise<void> {
  const place = journalPlace(command.folder);
  const model = siteOfJournal(place, command.config);
  const dataDir = dirname(place.journalDir);
  const release = command.dry ? () => undefined : lockDataFolder(dataDir, "supervisor.lock");
  try {
    const importer = new HistoryImporter(dataDir, { zone: model.zone, dry: command.dry });
    const mistakes = new Mistakes();
    const rows = await takeRows({ command, model, importer, mistakes });
    const found = [...importer.finish()].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const line of table(HEAD, found.map(resultRow), NUMBERS)) command.write(line);
    for (const line of mistakes.lines()) command.write(line);
    command.write(
      `${rows} rows read; ${command.dry ? "nothing was written (--dry-run)" : "taken into the history"}`,
    );
  } finally {
    release();
  }
}
