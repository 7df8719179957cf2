// What the card of the next two days says of vehicles and tanks: when each takes how much, what it will lack, and whether it
// is known what it holds. Pure; Wh and ms in, text out.
import type { PlannedStore, SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { Wording } from "@gridwright/contract/render.ts";
import { dayOf, type Telling } from "../text/clock.ts";
import { energyText } from "../text/numbers.ts";

/** Less than this in an hour is rounding, W; so many stretches are told, and so much that is missing is not told, Wh. */
const TAKES_FROM = 40;
const STRETCHES_MAX = 3;
const MISSING_FROM = 50;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly wh: number;
}

/** Hours in a row in which it takes something, from now on. */
function stretchesOf({ steps, stepMs }: SitePlan, { powerW }: PlannedStore, now: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, { at }] of steps.entries()) {
    const watts = powerW[index] ?? 0;
    const [to, wh] = [at + stepMs, (watts * stepMs) / 3_600_000];
    if (watts < TAKES_FROM || to <= now) continue;
    const last = stretches.at(-1);
    if (last?.to === at) stretches[stretches.length - 1] = { ...last, to, wh: last.wh + wh };
    else stretches.push({ from: Math.max(at, now), to, wh });
  }
  return stretches;
}

function sentenceOf(plan: SitePlan, store: PlannedStore, words: Telling): string[] {
  const { say, language, clock, now } = words;
  const stretches = stretchesOf(plan, store, now);
  const times = stretches.slice(0, STRETCHES_MAX).map(({ from, to, wh }) =>
    say(`store-${dayOf(from, { clock, now })}`, {
      from: clock.time(from),
      to: clock.time(to),
      energy: energyText(wh, language),
    }),
  );
  const takes = times.length === 0 ? say("store-rests") : say("store-takes", { times: times.join("; ") });
  const { missingAt, missingWh, known } = store;
  const lacks =
    missingAt === undefined || missingAt < now || missingWh < MISSING_FROM
      ? []
      : [
          say(`store-lacks-${dayOf(missingAt, { clock, now })}`, {
            energy: energyText(missingWh, language),
            time: clock.time(missingAt),
          }),
        ];
  return [takes, ...lacks, ...(known === "unknown" ? [say("store-unknown")] : [])];
}

/** A sentence or two for each vehicle and tank, after its name. */
export const storeTexts = (plan: SitePlan, words: Telling, { names }: Wording): readonly string[] =>
  (plan.stores ?? []).map(
    (store) => `${names[store.asset] ?? store.asset}: ${sentenceOf(plan, store, words).join(" ")}`,
  );
