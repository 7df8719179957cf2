// The history as it lies on the card, for programs beside the running one: read only, nothing is made or changed. What came
// in the last quarter of an hour is still in the memory of the services and is not here.
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { HistoryPeriods, HistoryQuery, HistoryRow } from "@gridwright/contract/ports.ts";
import type { Bucket } from "./buckets.ts";
import type { Period, Zone } from "./calendar.ts";
import { DayRoller } from "./day-roller.ts";
import { DayStore } from "./day-store.ts";
import { historyFiles } from "./open-store.ts";
import { Past } from "./past.ts";
import { MINUTE_MS, Rollups } from "./rollups.ts";

export interface HistoryReader {
  /** Names of all channels that were ever kept. */
  readonly channels: readonly string[];
  /** How far it reaches, ms since 1970. */
  readonly until: number;
  query(query: HistoryQuery): readonly HistoryRow[];
  periods(query: HistoryPeriods): readonly HistoryRow[];
  /** Blocks that were found damaged so far. */
  damaged(): number;
  close(): void;
}

/** Undefined when the data folder holds no history yet; throws what SQLite throws. */
export function openHistoryReader(folder: string, zone: Zone): HistoryReader | undefined {
  const { path, daysPath } = historyFiles(folder);
  if (!existsSync(path) || !existsSync(daysPath)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true });
  const days = new DayStore(daysPath, { readOnly: true });
  let damaged = 0;
  const onDamage = (): void => {
    damaged += 1;
  };
  const until = Number(db.prepare("SELECT until FROM place").get()?.until ?? days.end() - 1);
  const ids = new Map(
    db
      .prepare("SELECT id, name FROM channel")
      .all()
      .map(({ id, name }) => [String(name), Number(id)] as const),
  );
  const past = new Past(db, new Rollups(db, onDamage), onDamage);
  const known = (channel: string) => {
    const id = ids.get(channel);
    return id === undefined
      ? undefined
      : { id, tail: { points: [], carry: null, from: until, to: until + 1 } };
  };
  const minutesOf = (channel: string, span: Period): readonly Bucket[] => {
    const found = known(channel);
    return found === undefined ? [] : past.buckets(found, MINUTE_MS, span);
  };
  const roller = new DayRoller({ days, zone, minutesOf }, until);
  return {
    channels: [...new Set([...ids.keys(), ...days.channels()])].sort(),
    until,
    query: (query) => {
      const found = known(query.channel);
      return found === undefined ? [] : past.query(found, query);
    },
    periods: (query) => roller.periods(query, until),
    damaged: () => damaged,
    close() {
      db.close();
      days.close();
    },
  };
}
