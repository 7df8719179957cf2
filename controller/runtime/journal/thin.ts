// What happens to ticks that wait too long for a full card: neighbours are merged into one, oldest first. A merged
// tick still says truly how the plant stood at its time; only the steps on the way there are gone. Records of
// SAFETY_KINDS are never touched.
import type { Seen, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";

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
    n: (earlier.n ?? 1) + (next.n ?? 1),
  };
}

export interface Thinned {
  readonly entries: Entry[];
  /** Ticks that no longer stand by themselves. */
  readonly merged: number;
  readonly freedBytes: number;
}

/** The snapshot of each minute says nothing that the ticks around it do not. */
const isRedundant = ({ k, line, opens }: Entry): boolean =>
  k === "snapshot" && opens === undefined && (JSON.parse(line) as SnapshotRecord).cause === "minute";

class Thinning {
  readonly entries: Entry[] = [];
  freedBytes = 0;
  merged = 0;
  #held: TickRecord | undefined;
  #heldBytes = 0;

  take(entry: Entry): void {
    if (isRedundant(entry)) this.freedBytes += entryBytes(entry);
    else if (entry.k === "tick") this.#merge(entry);
    else {
      if (entry.k === "snapshot") this.#forget();
      this.entries.push(entry);
    }
  }

  release(): void {
    if (this.#held !== undefined) this.entries.push({ k: "tick", line: JSON.stringify(this.#held) });
    this.#held = undefined;
  }

  #merge(entry: Entry): void {
    const tick = JSON.parse(entry.line) as TickRecord;
    const before = this.#heldBytes;
    if (this.#held !== undefined) this.merged += 1;
    this.#held = this.#held === undefined ? tick : mergeTicks(this.#held, tick);
    this.#heldBytes = JSON.stringify(this.#held).length + 1;
    this.freedBytes += before + entryBytes(entry) - this.#heldBytes;
  }

  /** A snapshot that opens a segment says everything: what came before it needs no tick. */
  #forget(): void {
    if (this.#held !== undefined) this.merged += 1;
    this.freedBytes += this.#heldBytes;
    this.#held = undefined;
    this.#heldBytes = 0;
  }
}

/** Merges the oldest ticks until `freeBytes` are freed or one tick is left before each snapshot. */
export function thin(pending: readonly Entry[], freeBytes: number): Thinned {
  const thinning = new Thinning();
  const enough = pending.findIndex((entry) => {
    thinning.take(entry);
    return thinning.freedBytes >= freeBytes;
  });
  thinning.release();
  const untouched = enough === -1 ? [] : pending.slice(enough + 1);
  const { merged, freedBytes } = thinning;
  return { entries: [...thinning.entries, ...untouched], merged, freedBytes };
}
