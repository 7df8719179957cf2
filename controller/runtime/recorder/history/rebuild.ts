// The history made anew from the journal, as far back as that reaches: after blocks were damaged, or after the site file was
// put right, so that a channel is what it should have been. What is older stays as it is, and so do the days of which the
// journal gives no richer account. The old file stands until the new one is whole. No service may have the history open.
import { existsSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Damage, readJournal, START } from "../../journal/read.ts";
import { channelName } from "../decode.ts";
import { type Batch, openFeed } from "../feed.ts";
import { bucketStart } from "./buckets.ts";
import { keepBefore, keepUntold } from "./kept.ts";
import { historyFiles, setAsideUnusable } from "./open-store.ts";
import { QUARTER_MS } from "./rollups.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { HistoryStore } from "./store.ts";

export interface RebuildOptions {
  readonly folder: string;
  readonly journalDir: string;
  readonly model: SiteModel;
  readonly onDamage: (damage: Damage) => void;
  /** How far it is, ms since 1970. */
  readonly progress: (until: number) => void;
  readonly signal: AbortSignal;
}

export interface Rebuilt {
  /** From here on the journal was told again, ms since 1970. */
  readonly from: number;
  readonly until: number;
  readonly values: number;
  /** Blocks of the old history that could not be kept. */
  readonly damaged: number;
  /** The old file, when it was no database any more. */
  readonly setAside: readonly string[];
}

const withRests = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`];
function remove(path: string): void {
  for (const file of withRests(path)) rmSync(file, { force: true });
}

/** The first full quarter of an hour that the journal tells. */
async function beginOf(dir: string): Promise<number> {
  for await (const { records } of readJournal({ dir, from: START }))
    for (const { t } of records) return Math.ceil(t / QUARTER_MS) * QUARTER_MS;
  throw new GridwrightError("usage", `${dir} holds no journal from which a history could be made.`);
}

/** What held at `begin`, and where the journal must be read on: as a history that ended there would know it. */
function seed(
  path: string,
  begin: number,
  known: { held: ReadonlyMap<string, number | null>; place: Cursor },
): void {
  const db = new DatabaseSync(path);
  db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
  const hold = db.prepare(
    "INSERT INTO channel (name, held) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET held = excluded.held",
  );
  for (const [name, value] of known.held) hold.run(name, value);
  const { segment, offset } = known.place;
  db.prepare("INSERT OR REPLACE INTO place VALUES (1, ?, ?, ?)").run(segment, offset, begin - 1);
  db.close();
}

interface Told {
  readonly values: number;
  readonly until: number;
}

/** Takes the journal's batches; the file is made when the first of them reaches `begin`. */
class Teller {
  readonly #options: RebuildOptions;
  readonly #path: string;
  readonly #begin: number;
  readonly #held = new Map<string, number | null>();
  #store: HistoryStore | undefined;
  told: Told;

  constructor(options: RebuildOptions, path: string, begin: number) {
    this.#options = options;
    this.#path = path;
    this.#begin = begin;
    this.told = { values: 0, until: begin - 1 };
  }

  take({ samples, until, next }: Batch): void {
    const store = this.#store ?? this.#opened(samples, until);
    if (store === undefined) return;
    const after = samples.filter(({ t }) => t >= this.#begin);
    const named = after.map(({ channel, t, value }) => ({ channel: channelName(channel), t, value }));
    store.accept({ samples: named, until, next });
    if (store.refusal !== null)
      throw new GridwrightError("data-folder-unusable", `${this.#path}: ${store.refusal}`);
    this.told = { values: this.told.values + named.length, until: until ?? this.told.until };
  }

  close(): void {
    this.#store?.close();
  }

  #opened(samples: Batch["samples"], until: number | undefined): HistoryStore | undefined {
    for (const { channel, t, value } of samples)
      if (t < this.#begin) this.#held.set(channelName(channel), value);
    if (until === undefined || until < this.#begin) return undefined;
    const { folder, model } = this.#options;
    seed(this.#path, this.#begin, { held: this.#held, place: START });
    const { daysPath } = historyFiles(folder);
    this.#store = new HistoryStore({ path: this.#path, daysPath, zone: model.zone });
    return this.#store;
  }
}

/** Tells the journal from `begin` on to the file `path`. */
async function tell(options: RebuildOptions, path: string, begin: number): Promise<Told> {
  const { model, journalDir: dir, onDamage, signal, progress } = options;
  const teller = new Teller(options, path, begin);
  try {
    for await (const batch of openFeed({ dir, model, from: START, onDamage }).more()) {
      signal.throwIfAborted();
      teller.take(batch);
      progress(teller.told.until);
    }
  } finally {
    teller.close();
  }
  return teller.told;
}

const sealedUntil = (path: string): number => {
  const db = new DatabaseSync(path, { readOnly: true });
  const until = Number(db.prepare("SELECT until FROM place").get()?.until ?? 0);
  db.close();
  return until;
};

/** Throws `usage` without a journal that fills a quarter of an hour, and what the file system and SQLite throw. */
export async function rebuildHistory(options: RebuildOptions): Promise<Rebuilt> {
  const { path } = historyFiles(options.folder);
  const begin = await beginOf(options.journalDir);
  const setAside = setAsideUnusable(path);
  const fresh = `${path}.new`;
  remove(fresh);
  let damaged = 0;
  const onDamage = (): void => {
    damaged += 1;
  };
  const halves = { old: path, fresh, onDamage };
  const hasOld = existsSync(path);
  if (hasOld) keepBefore(halves, begin);
  const told = await tell(options, fresh, begin);
  if (told.until < begin)
    throw new GridwrightError("usage", `${options.journalDir} does not fill a quarter of an hour yet.`);
  if (hasOld) keepUntold(halves, { begin, end: bucketStart(sealedUntil(fresh) + 1, QUARTER_MS) });
  for (const rest of withRests(path).slice(1)) rmSync(rest, { force: true });
  renameSync(fresh, path);
  return { from: begin, ...told, damaged, setAside };
}
