// The brain: what is wanted of every actuator now, what changed and why. Pure and total: the same plant, memory and
// requests give the same step to the bit; bad readings are values here, never errors. Who has the word is rules/order.ts.

import { elapsed, seconds } from "@gridwright/contract/units.ts";
import { agreementConditions, hearAgreements } from "./agreements/hear.ts";
import { modelUnder, modelYielding } from "./agreements/model-under.ts";
import { balanceOf } from "./balance.ts";
import { heardNow } from "./battery.ts";
import { fold } from "./claims.ts";
import { clockConditions } from "./clock-skew.ts";
import { conditionsOf } from "./conditions.ts";
import { doubtedConditions, doubtsNow } from "./doubted.ts";
import { envelope } from "./envelope.ts";
import { accounted } from "./fairness/account.ts";
import { flowsConditions, hearFlows } from "./flows.ts";
import { judgeSwitches } from "./following.ts";
import { intake } from "./intake.ts";
import { type Layout, layoutOf } from "./layout.ts";
import type { Memory } from "./memory.ts";
import { nextMode } from "./mode.ts";
import { modeSigns, returnAfterOf } from "./mode-signs.ts";
import { balanceConditions, unbalancedNow } from "./residual.ts";
import { RULES } from "./rules/order.ts";
import { settle } from "./settle.ts";
import { statusesOf } from "./status.ts";
import type { Condition, DecideInput, Step } from "./step.ts";
import { type Bound, type Outcome, supplySetting, type Tick } from "./tick.ts";
import { heardWarnings } from "./unrest.ts";
import { look } from "./view.ts";
import { wakeAt } from "./wake.ts";

/** How long a lateness is remembered. */
const LAG_FOR = seconds(30);

/** The worst time beyond its own tick that the controller was away lately. */
function lagNow({ model, state, memory: { at, lag } }: DecideInput): Memory["lag"] {
  const { now } = state;
  const ms = Math.max(0, elapsed(at, now) - model.site.control.tick);
  const old = elapsed(lag.at, now) > LAG_FOR;
  if (ms > 0 && (old || ms >= lag.ms)) return { ms, at: now };
  return old && lag.ms > 0 ? { ms: 0, at: now } : lag;
}

/** The tick before any rule has spoken: what is seen, and what became of earlier decisions. */
export function openTick(input: DecideInput, remembered: Memory["requests"]): Tick {
  const { model, state, requests } = input;
  const startedWall = input.memory.startedWall === 0 ? state.wall : input.memory.startedWall;
  const before: Memory = { ...input.memory, startedWall, lag: lagNow(input) };
  const layout = layoutOf(model);
  const view = look(layout, state, before);
  const { overrideFor, lease } = model.site.control;
  const judged = judgeSwitches(layout, view, {
    state,
    memory: before,
    overrideFor,
    lease,
    lag: before.lag.ms,
  });
  const signs = modeSigns(layout, state);
  const mode = nextMode(before.mode, { signs, now: state.now, returnAfter: returnAfterOf(layout) });
  const tick: Tick = {
    model,
    layout,
    state,
    view,
    balance: balanceOf({ model, layout, state }, view),
    mode: mode.mode,
    memory: {
      ...before,
      ...judged,
      mode,
      requests: remembered,
      doubted: doubtsNow({ model, layout, state }, before),
      unbalanced: unbalancedNow({ model, layout, state }, before),
      heard: heardWarnings(layout, state, heardNow(layout, state, before.heard)),
    },
    before,
    requests,
    claims: new Map(),
  };
  return { ...tick, memory: { ...tick.memory, fair: accounted(tick) } };
}

const tellOfMeters = (tick: Tick): readonly Condition[] => [
  ...doubtedConditions(tick),
  ...balanceConditions(tick),
  ...clockConditions(tick),
];
/** Rules say on and off; a load that is told how much gets all or nothing. */
const inOwnWords = ({ actuator }: Layout, bounds: readonly Bound[]): readonly Bound[] =>
  bounds.map((bound) => {
    const { set } = bound;
    const own = actuator.get(bound.asset);
    return set.kind === "switch" && own !== undefined && own.kind !== "switch"
      ? { ...bound, set: supplySetting(own, set.on) }
      : bound;
  });

interface Spoken {
  readonly tick: Tick;
  readonly answers: Outcome["answers"];
  readonly conditions: readonly Condition[];
}

/** All rules in order; each sees what those above it left. */
function speak(opened: Tick): Spoken {
  const claims = new Map(opened.claims);
  const memory = { ...opened.memory };
  let tick: Tick = { ...opened, claims, memory };
  const answers: NonNullable<Outcome["answers"]>[number][] = [];
  const conditions: Condition[] = [];
  for (const rule of RULES) {
    const outcome = rule.apply(tick);
    const passed = envelope(tick, rule, outcome.bounds);
    if (outcome.answers !== undefined) answers.push(...outcome.answers);
    if (outcome.conditions !== undefined) conditions.push(...outcome.conditions);
    conditions.push(...passed.conditions);
    if (passed.bounds.length === 0 && outcome.memory === undefined) continue;
    fold(claims, rule, inOwnWords(tick.layout, passed.bounds));
    Object.assign(memory, outcome.memory);
    // Another object: some figures are kept beside it.
    tick = { ...opened, claims, memory };
  }
  return { tick, answers, conditions };
}

/** One step of the brain. Never throws on data; each request gets exactly one answer. */
export function decide(input: DecideInput): Step {
  const { state } = input;
  const asked = { ...input, model: modelUnder(input.model, input.memory.agreements, state) };
  const { requests: passed, answers, remembered } = intake(asked);
  const heard = hearAgreements({ ...input, requests: passed });
  const { agreements } = heard;
  const flows = hearFlows({ ...input, requests: heard.requests });
  const model = modelUnder(modelYielding(input.model, flows.kept.tiers), agreements, state);
  const memory = { ...input.memory, agreements, ...flows.kept };
  const spoken = speak(openTick({ model, state, memory, requests: flows.requests }, remembered));
  const settled = settle(spoken.tick);
  const tick: Tick = { ...spoken.tick, memory: settled.memory };
  const conditions = new Map(
    [
      ...spoken.conditions,
      ...conditionsOf(tick),
      ...tellOfMeters(tick),
      ...agreementConditions(agreements, state),
      ...flowsConditions(memory),
    ].map((condition) => [condition.id, condition]),
  );
  return {
    desired: settled.desired,
    decisions: settled.decisions,
    conditions: [...conditions.values()],
    answers: [...answers, ...heard.answers, ...flows.answers, ...(spoken.answers ?? [])],
    status: statusesOf(tick, settled.memory),
    mode: tick.mode,
    memory: settled.memory,
    wakeAt: wakeAt(tick),
  };
}

/** The rules' names in order of authority, for documents and `check`. */
export const ruleOrder = (): readonly string[] => RULES.map(({ name }) => name);
