// Turns the folded claims into what the loop needs: the whole desired state, the decisions where it changed, and the
// memory of both. A reason is the one of the moment of change; it is not rewritten while nothing changes.
import type { Decision, Desired, Setting } from "@gridwright/contract/decision.ts";
import type { Actuator } from "@gridwright/contract/site/model.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { DAY_MS, FACTS, HOUR_MS, hourCap, isCapped } from "./envelope.ts";
import { deprivedAfter, SHEDS } from "./fairness/owners.ts";
import type { Memory, Switched, Wanted } from "./memory.ts";
import { type Claim, isOff, sameSetting, type Tick } from "./tick.ts";

export interface Settled {
  readonly desired: readonly Desired[];
  readonly decisions: readonly Decision[];
  readonly memory: Memory;
}

/**
 * Start-up and waiting for restoration keep things as they are: the rule and reason that made them so stay theirs.
 * Undefined: the claim speaks for itself.
 */
function keptBy(claim: Claim, last: Wanted | undefined): Wanted | undefined {
  if (last === undefined || last.rule === "start-up" || !sameSetting(last.set, claim.set)) return undefined;
  if (claim.rule === "start-up") return last;
  return claim.rule === "restoration" && (isOff(claim.set) || claim.set.kind === "limit") ? last : undefined;
}

function wantedBy(tick: Tick, claim: Claim, last: Wanted | undefined): Wanted {
  const kept = keptBy(claim, last);
  const rule = kept?.rule ?? claim.rule;
  const same = last !== undefined && sameSetting(last.set, claim.set);
  const told = kept !== undefined || (same && last.rule === rule && last.reason.code === claim.reason.code);
  const set: Setting = same ? last.set : claim.set;
  return {
    set,
    rule,
    reason: told ? (last?.reason ?? claim.reason) : claim.reason,
    until: claim.until,
    since: same ? last.since : tick.state.now,
    sinceWall: same ? last.sinceWall : tick.state.wall,
  };
}

/** What start-up takes over from the plant is nobody's decision. */
function isDecision(wanted: Wanted, last: Wanted | undefined): boolean {
  if (wanted.rule === "start-up") return false;
  if (last === undefined) return wanted.rule !== "default" && isOff(wanted.set);
  if (sameSetting(last.set, wanted.set)) return false;
  const goesOn = last.rule === wanted.rule && last.reason.code === wanted.reason.code;
  return !goesOn || coarsely(last.set) !== coarsely(wanted.set);
}

/** What follows a flow from second to second is told when it changes its sense, or by a fifth. */
const TOLD_STEP = 0.2;
function coarsely(set: Setting): number {
  if (set.kind === "switch") return Number(set.on);
  return set.kind === "limit" ? Math.ceil(set.share / TOLD_STEP) : Math.sign(set.share);
}

/** More closings than this are not remembered one by one. */
const CLOSINGS_KEPT = 200;

function switchedBy(tick: Tick, asset: string, wanted: Wanted): Switched {
  const { now } = tick.state;
  const before = tick.memory.switched[asset];
  const closings = (before?.closings ?? []).filter((at) => elapsed(at, now) < DAY_MS);
  const life = before?.life ?? 0;
  const load = tick.view.loads[tick.layout.load.get(asset)?.index ?? -1];
  return isOff(wanted.set)
    ? { at: now, closings, life, relief: load?.va ?? [] }
    : {
        at: now,
        closings: FACTS.has(wanted.reason.code) ? closings : [...closings, now].slice(-CLOSINGS_KEPT),
        life: life + 1,
        relief: [],
      };
}

/** Loads of tier 0 that a rule of ours keeps off: only the last resort can. */
function resortedBy(tick: Tick, wanted: Memory["wanted"]): Memory["resorted"] {
  const taken = tick.layout.loads.flatMap(({ id, spec }): [string, Mono][] => {
    const is = wanted[id];
    if (spec.tier !== 0 || is === undefined || !isOff(is.set)) return [];
    const since = tick.memory.resorted[id];
    if (since === undefined && !SHEDS.has(is.rule)) return [];
    return [[id, since ?? tick.state.now]];
  });
  const before = Object.keys(tick.memory.resorted).length;
  return taken.length === 0 && before === 0 ? tick.memory.resorted : Object.fromEntries(taken);
}

/** Switchings off by comfort and energy rules within the hour, with those of this tick. */
function cutsAfter(tick: Tick, decisions: readonly Decision[]): Memory["cuts"] {
  const { now } = tick.state;
  const fresh = decisions.filter(
    ({ asset, set, rule }) =>
      isOff(set) && tick.layout.load.has(asset) && isCapped(rule, tick.claims.get(asset)?.by),
  );
  const [oldest] = tick.memory.cuts;
  if (fresh.length === 0 && (oldest === undefined || elapsed(oldest, now) < HOUR_MS)) return tick.memory.cuts;
  const kept = tick.memory.cuts.filter((at) => elapsed(at, now) < HOUR_MS);
  return [...kept, ...fresh.map(() => now)].slice(-hourCap(tick));
}

function desiredOf(tick: Tick, actuator: Actuator, wanted: Wanted): Desired {
  const { set, rule, reason: why, until, since } = wanted;
  return {
    asset: actuator.asset,
    set,
    rule,
    reason: why,
    until,
    since,
    leaseMs: tick.model.site.control.lease,
  };
}

/** As the rules spoke, and within a rule as it chose. */
function inOrder({ claims }: Tick, decisions: readonly Decision[]): readonly Decision[] {
  if (decisions.length < 2) return decisions;
  const places = new Map([...claims.keys()].map((asset, place) => [asset, place]));
  return decisions.toSorted((a, b) => (places.get(a.asset) ?? 0) - (places.get(b.asset) ?? 0));
}

/** The end of a tick: `tick` holds all claims and the memory as the rules left it. */
export function settle(tick: Tick): Settled {
  const desired: Desired[] = [];
  const decisions: Decision[] = [];
  const wantedNow: Record<string, Wanted> = {};
  const switched: Record<string, Switched> = {};
  for (const actuator of tick.layout.actuators) {
    const { asset } = actuator;
    const claim = tick.claims.get(asset);
    const last = tick.memory.wanted[asset];
    if (claim === undefined) continue;
    const wanted = wantedBy(tick, claim, last);
    wantedNow[asset] = wanted;
    desired.push(desiredOf(tick, actuator, wanted));
    if (!isDecision(wanted, last)) continue;
    // Another share is no switching.
    if (last === undefined || isOff(last.set) !== isOff(wanted.set))
      switched[asset] = switchedBy(tick, asset, wanted);
    decisions.push({
      asset,
      set: wanted.set,
      rule: claim.rule,
      reason: claim.reason,
      until: claim.until,
      inputs: claim.inputs,
      considered: claim.considered,
      ...(claim.skipped && { skipped: claim.skipped }),
      at: tick.state.wall,
    });
  }
  const memory: Memory = {
    ...tick.memory,
    at: tick.state.now,
    wanted: wantedNow,
    switched: decisions.length === 0 ? tick.memory.switched : { ...tick.memory.switched, ...switched },
    deprived: deprivedAfter(tick, wantedNow),
    cuts: cutsAfter(tick, decisions),
    resorted: resortedBy(tick, wantedNow),
  };
  return { desired, decisions: inOrder(tick, decisions), memory };
}
