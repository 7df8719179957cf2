// What happens to ticks that wait too long for a full card: neighbours are merged into one, oldest first. A merged
// tick still says truly how the plant stood at its time; only the steps on the way there are gone. Records of
// SAFETY_KINDS are never touched.
import type { Seen, TickRecord } from "@gridwright/contract/records.ts";

/** A record on its way to the card. */
export interface Entry {
  readonly k: string;
  readonly line: string;
  /** Begins a new segment; such an entry is a snapshot. */
  readonly opens?: true;
}

/** What an entry counts in the queue, in bytes of text. */
export const entryBytes = ({ line }: Entry): number => line.length + 1;

/** News that say «stale» lean on the last value told; when that is merged away it must be said. */
function staleAware(before: Seen | undefined, news: Seen): Seen {
  const bare = Array.isArray(news) && news[0] === "s" && news.length === 1;
  return bare && (typeof before === "number" || typeof before === "boolean") ? ["s", before] : news;
}

/** The later tick with everything of the earlier one that it does not say itself; ages grow by the time between. */
export function mergeTicks(earlier: TickRecord, next: TickRecord): TickRecord {
  const passed = next.m - earlier.m;
  const aged = Object.entries(earlier.d ?? {}).map(([group, ageMs]) => [group, ageMs + passed] as const);
  const d = { ...Object.fromEntries(aged), ...next.d };
  const c: Record<string, Seen> = { ...earlier.c };
  for (const [point, news] of Object.entries(next.c ?? {})) c[point] = staleAware(c[point], news);
  return {
    k: "tick",
    t: next.t,
    m: next.m,
    ...(Object.keys(d).length > 0 && { d }),
    ...(Object.keys(c).length > 0 && { c }),
  };
}

export interface Thinned {
  readonly entries: Entry[];
  /** Ticks that no longer stand by themselves. */
  readonly merged: number;
  readonly freedBytes: number;
}

/** Merges the oldest ticks until `freeBytes` are freed or only one tick is left before each snapshot. */
export function thin(pending: readonly Entry[], freeBytes: number): Thinned {
  const entries: Entry[] = [];
  let held: TickRecord | undefined;
  let heldBytes = 0;
  let freedBytes = 0;
  let merged = 0;
  const release = (): void => {
    if (held !== undefined) entries.push({ k: "tick", line: JSON.stringify(held) });
    held = undefined;
  };
  for (const entry of pending) {
    if (entry.k === "snapshot" && held !== undefined) {
      // A snapshot says everything: what came before it needs no tick.
      freedBytes += heldBytes;
      merged += 1;
      held = undefined;
    }
    if (entry.k !== "tick" || (held === undefined && freedBytes >= freeBytes)) {
      entries.push(entry);
      continue;
    }
    const tick = JSON.parse(entry.line) as TickRecord;
    if (held === undefined) {
      held = tick;
      heldBytes = entryBytes(entry);
      continue;
    }
    held = mergeTicks(held, tick);
    const bytes = JSON.stringify(held).length + 1;
    freedBytes += heldBytes + entryBytes(entry) - bytes;
    heldBytes = bytes;
    merged += 1;
    if (freedBytes >= freeBytes) release();
  }
  release();
  return { entries, merged, freedBytes };
}
