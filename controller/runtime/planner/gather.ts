// What the planner is told of the past: hours of every consumer, array, battery and grid from the local history. What was
// read once is kept; the last two days are read again each time, because points come late.
import type { History } from "@gridwright/contract/ports.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import {
  type Hours,
  type KnownSite,
  lastHour,
  pastBegin,
  STEP_MS,
} from "@gridwright/core/plan/site/known.ts";

const LATE_HOURS = 48;

export type Past = Pick<KnownSite, "since" | "now" | "power" | "supplied" | "charge" | "grid">;

export interface Gatherer {
  /** Rejects where the history does. */
  gather(now: Epoch): Promise<Past>;
}

interface Kept {
  since: Epoch;
  readonly hours: Map<number, number>;
}

/** The mean of what several channels say of each hour. */
export function meanOf(all: readonly Hours[]): Hours {
  const length = Math.max(0, ...all.map((hours) => hours.length));
  return Array.from({ length }, (_, at) => {
    const known = all.flatMap((hours) => hours[at] ?? []);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

export function createGatherer(model: SiteModel, history: History): Gatherer {
  const kept = new Map<string, Kept>();
  const channels = new Set(model.channels.map(({ asset, point }) => `${asset}/${point}`));
  async function hoursOf(channel: string, span: Pick<Past, "since" | "now">): Promise<Hours> {
    const { since, now } = span;
    const known = kept.get(channel) ?? { since, hours: new Map<number, number>() };
    const to = since + (lastHour(span) + 1) * STEP_MS;
    const from = known.hours.size === 0 ? since : Math.max(since, to - LATE_HOURS * STEP_MS);
    const rows = await history.query({ channel, from: epoch(from), to: epoch(to), bucketMs: STEP_MS });
    for (const { t, mean, count } of rows) if (count > 0) known.hours.set(Math.floor(t / STEP_MS), mean);
    for (const hour of known.hours.keys()) if (hour * STEP_MS < since - STEP_MS) known.hours.delete(hour);
    kept.set(channel, known);
    return Array.from({ length: lastHour({ since, now }) + 1 }, (_, at) =>
      known.hours.get(Math.floor((since + at * STEP_MS) / STEP_MS)),
    );
  }
  async function ofKinds(
    point: string,
    isMeant: (spec: SiteModel["assets"][string]["spec"]) => boolean,
    span: Pick<Past, "since" | "now">,
  ): Promise<Record<string, Hours>> {
    const found: Record<string, Hours> = {};
    for (const { id, spec } of Object.values(model.assets))
      if (isMeant(spec) && channels.has(`${id}/${point}`)) found[id] = await hoursOf(`${id}/${point}`, span);
    return found;
  }
  return {
    async gather(now) {
      const span = { since: pastBegin(model, now), now };
      const charge = await ofKinds("soc", ({ kind }) => kind === "battery", span);
      const grid = await ofKinds("grid_present", ({ kind }) => kind === "grid", span);
      return {
        ...span,
        power: await ofKinds("power", (spec) => isConsumer(spec) || spec.kind === "pv", span),
        supplied: await ofKinds("switch", isConsumer, span),
        charge: meanOf(Object.values(charge)),
        grid: meanOf(Object.values(grid)),
      };
    },
  };
}
