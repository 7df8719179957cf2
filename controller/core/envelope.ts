// The single gate through which every rule's word passes before it counts. What feeds the controller is never switched,
// tier 0 only by its declared last resort; comfort and energy rules are capped per pass and hour, pass over who opted
// out, and stop when nothing they do brings relief; every relay rests. Protection is not bound by caps and opt-outs.
import type { Decider, Reason, Skip } from "@gridwright/contract/decision.ts";
import type { Role } from "@gridwright/contract/request.ts";
import { elapsed, hours } from "@gridwright/contract/units.ts";
import { isProgram } from "./asked-by.ts";
import { followedAt } from "./following.ts";
import { keptBeside } from "./kept-beside.ts";
import { isLastResort } from "./last-resort.ts";
import type { Condition } from "./step.ts";
import { type Bound, coarse, isOff, OFF, type Rule, reason, type Tick } from "./tick.ts";
import type { LoadView } from "./view.ts";

export const HOUR_MS = hours(1);
export const DAY_MS = hours(24);

/** Rules that take energy from some for the good of all. */
const ENERGY: ReadonlySet<Decider> = new Set(["ladder", "import-limit"]);
/** And those that keep each within its own. */
const COMFORT: ReadonlySet<Decider> = new Set(["allowance"]);
/** Words that only say what a person did at the device; what they close is no closing of ours. */
export const FACTS: ReadonlySet<string> = new Set(["skipped-hand", "override-by-hand"]);

/** Bound by caps, opt-outs, floor and futility: comfort and energy rules, and what programs ask; people answer for themselves. */
export const isCapped = (rule: Decider, by: Role | undefined): boolean =>
  ENERGY.has(rule) || COMFORT.has(rule) || (rule === "requests" && by !== undefined && isProgram(by));

const switchedCount = ({ layout }: Tick): number =>
  layout.loads.filter(({ actuator }) => actuator !== undefined && !actuator.locked).length;

export const passCap = (tick: Tick): number =>
  tick.model.site.envelope.perPass ?? Math.max(8, Math.ceil(switchedCount(tick) / 4));
export const hourCap = (tick: Tick): number =>
  tick.model.site.envelope.perHour ?? Math.max(40, 2 * switchedCount(tick));

const loadOf = ({ view, layout }: Tick, asset: string): LoadView | undefined =>
  view.loads[layout.load.get(asset)?.index ?? -1];

const closingsWithin = ({ memory, state }: Tick, id: string, ms: number): number =>
  (memory.switched[id]?.closings ?? []).filter((at) => elapsed(at, state.now) < ms).length;

/** Why a load that is off may not be switched on yet: its relay's rest, and its closings in the hour and the day. */
export function closingRefusal(tick: Tick, { plan }: LoadView): Reason | undefined {
  const { control, envelope } = tick.model.site;
  const hour = closingsWithin(tick, plan.id, HOUR_MS);
  if (hour >= control.switchingsPerHour) return reason("too-many-switchings", { count: hour });
  const day = closingsWithin(tick, plan.id, DAY_MS);
  if (day >= envelope.closingsPerDay) return reason("too-many-in-a-day", { count: day });
  const last = tick.memory.wanted[plan.id];
  const rest = plan.spec.minOff - elapsed(last?.since ?? tick.state.now, tick.state.now);
  return rest > 0 ? reason("waiting-min-off", { leftMs: coarse(rest) }) : undefined;
}

/** The newest switchings off by capped rules, as far as they can be judged: how many in a row did not act. */
const failuresInARow = keptBeside(countFailures, ({ view }) => view);

function countFailures({ layout, memory }: Tick): number {
  const judged = layout.loads.flatMap(({ id }) => {
    const wanted = memory.wanted[id];
    if (wanted === undefined || !isOff(wanted.set) || !isCapped(wanted.rule, undefined)) return [];
    if (memory.ineffective[id] !== undefined) return [{ since: wanted.since, acted: false }];
    return followedAt(memory, id) === undefined ? [] : [{ since: wanted.since, acted: true }];
  });
  judged.sort((a, b) => b.since - a.since);
  const acted = judged.findIndex((one) => one.acted);
  return acted === -1 ? judged.length : acted;
}

function capRefusal(tick: Tick, passed: number): Reason | undefined {
  const failures = failuresInARow(tick);
  if (failures >= tick.model.site.envelope.futileAfter) return reason("envelope-futile", { count: failures });
  if (passed >= passCap(tick)) return reason("envelope-pass", { count: passCap(tick) });
  const hour = tick.memory.cuts.filter((at) => elapsed(at, tick.state.now) < HOUR_MS).length + passed;
  return hour >= hourCap(tick) ? reason("envelope-hour", { count: hourCap(tick) }) : undefined;
}

/** What keeps tier 0 and the controller's own supply on, whoever speaks. */
function floorRefusal(tick: Tick, load: LoadView, { rule, bound }: Word): Reason | undefined {
  const { plan } = load;
  if (plan.actuator?.locked) return reason("skipped-floor");
  if (plan.spec.tier > 0 || rule.name === "start-up" || FACTS.has(bound.reason.code)) return undefined;
  const { rule: before, reason: why } = tick.memory.wanted[plan.id] ?? {};
  const found =
    before === "start-up" || before === "restoration" || (why !== undefined && FACTS.has(why.code));
  const resorted = tick.memory.resorted[plan.id] !== undefined;
  if (rule.name === "restoration" && !load.wanted && (found || resorted)) return undefined;
  const may = rule.protects === true || ENERGY.has(rule.name);
  return may && isLastResort(tick, load, bound.scope) ? undefined : reason("skipped-tier-zero");
}

interface Word {
  readonly rule: Rule;
  readonly bound: Pick<Bound, "asset" | "set" | "reason" | "by" | "scope">;
}

/** Why the load may not be switched off by this word; undefined: it may. `passed`: capped switchings off in this pass. */
export function openingRefusal(tick: Tick, word: Word, passed: number): Reason | undefined {
  const { rule, bound } = word;
  const load = loadOf(tick, bound.asset);
  if (load === undefined) return undefined;
  const floor = floorRefusal(tick, load, word);
  if (floor !== undefined || !isCapped(rule.name, bound.by)) return floor;
  if (tick.model.site.envelope.never.includes(bound.asset)) return reason("skipped-floor");
  if (load.plan.spec.optOut) return reason("skipped-opt-out");
  if (!load.wanted) return undefined;
  const on = elapsed(tick.memory.wanted[bound.asset]?.since ?? tick.state.now, tick.state.now);
  const least = ENERGY.has(rule.name) ? 0 : load.plan.spec.minOn;
  if (on < least) return reason("waiting-min-on", { leftMs: coarse(least - on) });
  return capRefusal(tick, passed);
}

/** Switchings off by capped rules that were let through in this tick so far. */
export const cutsSoFar = (tick: Tick): number =>
  [...tick.claims.values()].filter(
    ({ asset, set, rule, by }) => isCapped(rule, by) && isOff(set) && loadOf(tick, asset)?.wanted === true,
  ).length;

export interface Passed {
  readonly bounds: readonly Bound[];
  readonly conditions: readonly Condition[];
}

/** It stays off for the reason it went off, until its relay may close. */
function keptOff({ memory }: Tick, { asset, reason: why }: Bound, until: Reason): Bound {
  return { asset, set: OFF, reason: memory.wanted[asset]?.reason ?? why, until, inputs: [] };
}

interface Gate {
  readonly bounds: Bound[];
  readonly refused: Skip[];
  cuts: number;
}

function passOff(tick: Tick, gate: Gate, word: { rule: Rule; bound: Bound }): void {
  const { rule, bound } = word;
  const why = openingRefusal(tick, word, gate.cuts);
  if (why !== undefined) {
    gate.refused.push({ asset: bound.asset, reason: why });
    return;
  }
  if (isCapped(rule.name, bound.by) && loadOf(tick, bound.asset)?.wanted) gate.cuts += 1;
  gate.bounds.push(bound);
}

/** What a person did at the device, and what start-up finds, is no closing of ours. */
const isFact = ({ name }: Rule, { reason: why }: Bound): boolean =>
  name === "start-up" || FACTS.has(why.code);

function passOn(tick: Tick, gate: Gate, { rule, bound }: { rule: Rule; bound: Bound }): void {
  const load = loadOf(tick, bound.asset);
  const closes = load !== undefined && !load.wanted && !isFact(rule, bound);
  const why = closes ? closingRefusal(tick, load) : undefined;
  gate.bounds.push(why === undefined ? bound : keptOff(tick, bound, why));
}

function alarmsOf(tick: Tick, refused: readonly Skip[]): readonly Condition[] {
  const codes = new Set(refused.map(({ reason: { code } }) => code));
  const told: Condition[] = [];
  if (codes.has("envelope-futile"))
    told.push({
      id: "shedding-futile",
      severity: "critical",
      reason: reason("alarm-shedding-futile", { count: failuresInARow(tick) }),
    });
  if (codes.has("envelope-hour"))
    told.push({
      id: "shedding-capped",
      severity: "warning",
      reason: reason("alarm-shedding-capped", { count: hourCap(tick) }),
    });
  return told;
}

/** What of a rule's words may count. Who was kept from going is told beside those who go. */
export function envelope(tick: Tick, rule: Rule, bounds: readonly Bound[]): Passed {
  if (bounds.length === 0) return { bounds, conditions: [] };
  const gate: Gate = {
    bounds: [],
    refused: [],
    cuts: bounds.some(({ by }) => isCapped(rule.name, by)) ? cutsSoFar(tick) : 0,
  };
  for (const bound of bounds)
    if (isOff(bound.set) || bound.eases) passOff(tick, gate, { rule, bound });
    else passOn(tick, gate, { rule, bound });
  const { refused } = gate;
  if (refused.length === 0) return { bounds: gate.bounds, conditions: [] };
  const told = gate.bounds.map((bound) =>
    isOff(bound.set) ? { ...bound, skipped: [...(bound.skipped ?? []), ...refused] } : bound,
  );
  return { bounds: told, conditions: alarmsOf(tick, refused) };
}
