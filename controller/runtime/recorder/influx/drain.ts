// Brings what a feed tells to one database in large portions, the cursor moving behind each. A long past goes out oldest
// first, and what is new meanwhile between its portions, until both have met.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { isBefore } from "../../journal/read.ts";
import type { Batch, Feed, LiveFeed } from "../feed.ts";
import type { Place } from "./cursor-file.ts";
import type { Delivery } from "./deliver.ts";
import type { PortionSpan } from "./prepare-database.ts";
import { BATCH_LINES_MAX, type Sender } from "./sender.ts";

/** What is new waits no longer than this while what waited is brought. */
const LIVE_EVERY = seconds(1);

export interface Drain {
  readonly sender: Pick<Sender, "send" | "commit">;
  readonly io: Clock;
  readonly linesOf: (batch: Batch) => readonly string[];
  /** Called with each portion that was taken, before the cursor moves behind it. */
  readonly taken: (span: PortionSpan) => Promise<void>;
}

/** Sends all batches; `between` comes after each portion. */
export async function drain(
  { sender, linesOf, taken }: Drain,
  batches: AsyncIterable<Batch>,
  between: () => Promise<Delivery> = async () => "delivered",
): Promise<Delivery> {
  let lines: string[] = [];
  let first = Number.POSITIVE_INFINITY;
  let newest: Batch | undefined;
  const out = async (): Promise<Delivery> => {
    if (newest === undefined) return "delivered";
    const outcome = await sender.send(lines);
    if (outcome !== "delivered") return outcome;
    await taken({ from: first, to: newest.until ?? first });
    await sender.commit({ ...newest.next, until: newest.until });
    lines = [];
    first = Number.POSITIVE_INFINITY;
    newest = undefined;
    return between();
  };
  for await (const batch of batches) {
    lines.push(...linesOf(batch));
    first = Math.min(first, batch.samples[0]?.t ?? first);
    newest = batch;
    if (lines.length < BATCH_LINES_MAX) continue;
    const outcome = await out();
    if (outcome !== "delivered") return outcome;
  }
  return out();
}

async function* upTo(past: Feed, end: Cursor): AsyncGenerator<Batch, void, undefined> {
  for await (const batch of past.more()) {
    yield batch;
    if (!isBefore(batch.next, end)) return;
  }
}

/** Brings the past up to where the live feed began; only the past moves the cursor until both have met. */
export async function catchUp(way: Drain, past: Feed, live: LiveFeed): Promise<Delivery> {
  const { sender, io, linesOf, taken } = way;
  let met: Place = live.begins;
  let toldAt = Number.NEGATIVE_INFINITY;
  const between = async (): Promise<Delivery> => {
    if (io.now() - toldAt < LIVE_EVERY) return "delivered";
    toldAt = io.now();
    for await (const batch of live.more()) {
      const outcome = await sender.send(linesOf(batch));
      if (outcome !== "delivered") return outcome;
      if (batch.until !== undefined)
        await taken({ from: batch.samples[0]?.t ?? batch.until, to: batch.until });
      met = { ...batch.next, until: batch.until };
    }
    return "delivered";
  };
  const outcome = await drain(way, upTo(past, live.begins), between);
  if (outcome === "delivered") await sender.commit(met);
  return outcome;
}
