// The days of ten years and more: one row per channel and local day, kept for good. A day is written when it is over and
// again when late or corrected data came; a poorer account of it (a journal that begins at noon) never replaces a richer one.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { IntervalEnergy } from "@gridwright/contract/interval-energy.ts";
import type { Bucket } from "./buckets.ts";
import type { Period } from "./calendar.ts";
import { DAYS_SCHEMA, SCHEMA_VERSION } from "./schema.ts";

export interface Day extends Period {
  /** Its sums; `t` is its begin. */
  readonly bucket: Bucket;
  /** Of an energy counter. */
  readonly energy?: IntervalEnergy;
}

const UPSERT = `INSERT INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, t0) DO UPDATE SET
  t1 = excluded.t1, area = excluded.area, held = excluded.held, least = excluded.least, most = excluded.most,
  n = excluded.n, total = excluded.total, wh = excluded.wh, whole = excluded.whole WHERE excluded.held >= day.held`;

export class DayStore {
  readonly #db: DatabaseSync;
  readonly #upsert: StatementSync;
  readonly #select: StatementSync;
  readonly #ids = new Map<string, number>();

  /** Opens or makes the file, or only reads it; throws what SQLite throws. */
  constructor(path: string, { readOnly = false } = {}) {
    this.#db = new DatabaseSync(path, { readOnly });
    if (!readOnly) this.#make();
    this.#upsert = this.#db.prepare(UPSERT);
    this.#select = this.#db.prepare("SELECT * FROM day WHERE channel = ? AND t0 < ? AND t1 > ? ORDER BY t0");
    this.#learnNames();
  }

  /** Takes days of channels in one transaction. */
  take(days: readonly (readonly [channel: string, day: Day])[]): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      for (const [channel, day] of days) this.#write(this.#id(channel), day);
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#learnNames();
      throw error;
    }
  }

  /** The days of a channel that touch a time, oldest first. */
  days(channel: string, { from, to }: Period): readonly Day[] {
    const id = this.#ids.get(channel);
    if (id === undefined) return [];
    return this.#select.all(id, to, from).map((row) => {
      const of = (name: string): number => Number(row[name]);
      const sums = { area: of("area"), heldMs: of("held"), min: of("least"), max: of("most") };
      const energy = row.wh === null ? {} : { energy: { wh: of("wh"), whole: row.whole === 1 } };
      return {
        ...{ from: of("t0"), to: of("t1"), ...energy },
        bucket: { t: of("t0"), ...sums, count: of("n"), sum: of("total") },
      };
    });
  }

  /** Where the newest day ends; 0 when there is none. */
  end(): number {
    return Number(this.#db.prepare("SELECT max(t1) AS t1 FROM day").get()?.t1 ?? 0);
  }

  /** Every channel that has a day. */
  channels(): readonly string[] {
    return [...this.#ids.keys()];
  }

  close(): void {
    this.#db.close();
  }

  #make(): void {
    this.#db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA user_version = ${SCHEMA_VERSION};`,
    );
    this.#db.exec(DAYS_SCHEMA);
  }

  #learnNames(): void {
    this.#ids.clear();
    for (const { id, name } of this.#db.prepare("SELECT id, name FROM channel").all())
      this.#ids.set(String(name), Number(id));
  }

  #write(id: number, { from, to, bucket, energy }: Day): void {
    const { area, heldMs, min, max, count, sum } = bucket;
    const whole = energy === undefined ? null : Number(energy.whole);
    this.#upsert.run(id, from, to, area, heldMs, min, max, count, sum, energy?.wh ?? null, whole);
  }

  #id(channel: string): number {
    const found = this.#ids.get(channel);
    if (found !== undefined) return found;
    const id = this.#ids.size + 1;
    this.#db.prepare("INSERT INTO channel VALUES (?, ?)").run(id, channel);
    this.#ids.set(channel, id);
    return id;
  }
}
