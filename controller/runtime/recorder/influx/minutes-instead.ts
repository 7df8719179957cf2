// Where the journal let points go before a database had them, their minutes go there in their place, from the local history:
// the mean of each, and of a counter what it had reached. Coarser, and told as such, but no hole.
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, minutes } from "@gridwright/contract/units.ts";
import { START, segmentsIn } from "../../journal/read.ts";
import { type ChannelSample, channelName } from "../decode.ts";
import { openFeed } from "../feed.ts";
import { isCounter } from "../history/energies.ts";
import type { Place } from "./cursor-file.ts";

const MINUTE = minutes(1);
/** Asked for at once: so many hours of every channel. */
const PART_MS = 6 * 3_600_000;

/** What a database misses and the journal has no more. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  /** Where the journal begins now. */
  readonly next: Place;
}

/** The hole between a reader's place and the oldest segment that is left; undefined: there is none, or no telling. */
export async function holeBefore(
  { dir, model }: { readonly dir: string; readonly model: SiteModel },
  { segment, until }: Place,
): Promise<Hole | undefined> {
  const segments = await segmentsIn(dir);
  const oldest = segments.find((number) => number > segment);
  if (until === undefined || segment === START.segment) return undefined;
  if (oldest === undefined || segments.includes(segment)) return undefined;
  const next = { segment: oldest, offset: 0 };
  for await (const { samples, until: read } of openFeed({
    dir,
    model,
    from: next,
    onDamage: () => undefined,
  }).more()) {
    const to = samples[0]?.t ?? read;
    return to === undefined || to <= until ? undefined : { from: until, to, next: { ...next, until: to } };
  }
  return undefined;
}

/** Whole minutes within a hole, oldest first, some hours at a time. Throws what the history throws. */
export async function* minutesOf(
  history: Pick<History, "query">,
  model: SiteModel,
  { from, to }: Hole,
): AsyncGenerator<readonly ChannelSample[], void, undefined> {
  const first = Math.ceil(from / MINUTE) * MINUTE;
  const last = Math.floor(to / MINUTE) * MINUTE;
  for (let begin = first; begin < last; begin += PART_MS) {
    const span = { from: epoch(begin), to: epoch(Math.min(begin + PART_MS, last)), bucketMs: MINUTE };
    const samples: ChannelSample[] = [];
    for (const channel of model.channels) {
      const name = channelName(channel);
      const counts = isCounter(name);
      for (const { t, mean, max } of await history.query({ ...span, channel: name }))
        samples.push({ channel, t: counts ? t + MINUTE - 1 : t, value: counts ? max : mean });
    }
    yield samples;
  }
}
