// Invariants of need, fairness and envelope, reckoned from outside: by the site's shares and caps, what was said, and what
// was remembered before and after. Some keep what they saw from tick to tick.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf, isSwitchedOff, wantsOn } from "./decision-checks.ts";

const HOUR_MS = 3_600_000;
const HALF_LIFE_MS = 24 * HOUR_MS;
/** After a start, signals are held as they are. */
const SETTLED_MS = 60_000;
const CAPPED: ReadonlySet<string> = new Set(["ladder", "allowance"]);

const cutsOf = ({ model, step }: Tick) =>
  step.decisions.filter(
    (decision) =>
      CAPPED.has(decision.rule) && isSwitchedOff(decision) && consumerOf(model, decision.asset) !== undefined,
  );

const switchedLoads = keptBeside(
  (model: SiteModel): number =>
    Object.values(model.assets).filter(
      ({ spec, actuator }) => isConsumer(spec) && actuator !== undefined && !actuator.locked,
    ).length,
);

const ownerOf = (model: SiteModel, id: string): string => consumerOf(model, id)?.member ?? id;

function tooManyAtOnce(tick: Tick): string | undefined {
  const most = tick.model.site.envelope.perPass ?? Math.max(8, Math.ceil(switchedLoads(tick.model) / 4));
  const cuts = cutsOf(tick);
  return cuts.length > most ? `${cuts.length} in one pass, ${most} at most` : undefined;
}

function tooManyInAnHour(): Check {
  let cuts: number[] = [];
  return (tick) => {
    const { now } = tick.state;
    cuts = [...cuts.filter((at) => now - at < HOUR_MS), ...cutsOf(tick).map(() => now)];
    const most = tick.model.site.envelope.perHour ?? Math.max(40, 2 * switchedLoads(tick.model));
    return cuts.length > most ? `${cuts.length} within the hour, ${most} at most` : undefined;
  };
}

function optedOutYetCut(tick: Tick): string | undefined {
  const { never } = tick.model.site.envelope;
  return cutsOf(tick).find(
    ({ asset }) => never.includes(asset) || consumerOf(tick.model, asset)?.optOut === true,
  )?.asset;
}

/** W of the inverters for each owner; without an inverter only what is off counts. */
const equalPart = keptBeside((model: SiteModel): number => {
  const owners = new Set(
    Object.entries(model.assets).flatMap(([id, { spec }]) => (isConsumer(spec) ? [ownerOf(model, id)] : [])),
  );
  const rating = Object.values(model.assets).reduce(
    (sum, { spec }) => sum + (spec.kind === "inverter" ? spec.rating : 0),
    0,
  );
  return rating > 0 ? rating / owners.size : Number.POSITIVE_INFINITY;
});

/** Nobody's count rises faster than its weight times an equal part of the inverter, and all of it fades. */
function wronglyCounted({ model, step, before, state }: Tick): string | undefined {
  const ms = state.now - before.at;
  return Object.entries(step.memory.deprived).find(([owner, { vah, at }]) => {
    const { share = 1, need = 1 } = model.site.members[owner] ?? {};
    const past = before.deprived[owner];
    const left = past === undefined ? 0 : past.vah * 0.5 ** ((at - past.at) / HALF_LIFE_MS);
    return vah > left + (share * need * equalPart(model) * ms) / HOUR_MS + 1e-6;
  })?.[0];
}

function accountsOff({ step, before }: Tick): string | undefined {
  const { fair } = step.memory;
  const odd = Object.entries(fair.today).find(([, { servedWh, demandedWh, lostWh }]) => {
    const lost = lostWh.reduce((sum, wh) => sum + wh, 0);
    return Math.abs(servedWh + lost - demandedWh) > 1e-3 || servedWh < 0 || lostWh.some((wh) => wh < 0);
  });
  if (odd !== undefined) return `${odd[0]}: served and not served are not what was wanted`;
  // A day ends by plant time; what the wall clock said of it may have been wrong.
  const sameDay = before.fair.day?.endsAt === fair.day?.endsAt;
  return Object.entries(before.fair.use).find(
    ([id, { usedWh }]) => sameDay && usedWh > (fair.use[id]?.usedWh ?? 0),
  )?.[0];
}

/** Steps that begin now though their threshold was crossed for a while, and no lamp burns. */
function unwarned({ model, step, before, state }: Tick): string | undefined {
  if (state.now - step.memory.startedAt < SETTLED_MS) return undefined;
  const lamp = Object.values(model.assets).find(
    ({ spec }) => spec.kind === "signal" && spec.shows === "warning" && spec.member === undefined,
  );
  if (lamp === undefined || wantsOn(before, lamp.id) || wantsOn(step.memory, lamp.id)) return undefined;
  return model.site.ladder.find(
    (one, place) =>
      "shed" in one && before.crossed[place] !== undefined && step.memory.ladder[place] !== undefined,
  )?.name;
}

/** New checks for one run. */
export const fairChecks = (): Readonly<Record<string, Check>> => ({
  "I1 what feeds the controller is never told to be off": ({ model, step, acted }) =>
    step.desired.find(
      (desired) => consumerOf(model, desired.asset)?.feedsController && isSwitchedOff(desired),
    )?.asset ?? acted.orders.find(({ asset }) => consumerOf(model, asset)?.feedsController)?.asset,
  "the envelope: no more go in one pass": tooManyAtOnce,
  "the envelope: no more go within an hour": tooManyInAnHour(),
  "the envelope: who opted out is passed over": optedOutYetCut,
  "deprivation counts entitlement and fades": wronglyCounted,
  "accounts add up, and use only grows within a day": accountsOff,
  "a lamp burns before a step begins": unwarned,
});
