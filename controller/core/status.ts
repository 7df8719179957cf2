// How each asset stands, for people: what it is told, by which rule, and when that changes.
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { SHEDS } from "./fairness/owners.ts";
import type { NodePlan } from "./layout.ts";
import type { Memory } from "./memory.ts";

import { isOff, reason, type Tick } from "./tick.ts";
import { flagOf, numberOf } from "./view.ts";

/** Below this many W something without a switch counts as off. */
const DRAWS_W = 5;
const NORMAL = { reason: reason("normal"), until: reason("until-scarce") } as const;

/** Supply as the switch reports it, else whether power flows; null: not known. */
function isOn(tick: Tick, node: NodePlan): boolean | null {
  const actuator = tick.layout.actuator.get(node.id);
  if (actuator?.kind === "switch") {
    const coil = flagOf(tick.state, actuator.source);
    return coil === undefined ? null : coil !== actuator.inverted;
  }
  const power = numberOf(tick.state, node.meter.totalW);
  return power === undefined ? null : Math.abs(power) > DRAWS_W;
}

function statusOf(
  tick: Tick,
  node: NodePlan,
  { memory, start }: { memory: Memory; start: Epoch },
): AssetStatus {
  const on = isOn(tick, node);
  const tier = isConsumer(node.spec) ? { tier: node.spec.tier } : {};
  const wanted = memory.wanted[node.id];
  if (wanted === undefined)
    return {
      on,
      wanted: null,
      shed: false,
      override: false,
      rule: "default",
      ...NORMAL,
      since: start,
      ...tier,
    };
  const { set, rule } = wanted;
  // An AC input that takes less takes nothing from anybody.
  const limited = set.kind === "limit" && set.share < 1 && rule !== "limits" && node.spec.kind !== "inverter";
  return {
    on,
    wanted: set.kind === "switch" ? set.on : null,
    shed:
      (isOff(set) && (SHEDS.has(rule) || rule === "allowance") && node.spec.kind !== "generator") || limited,
    override: memory.overrides[node.id] !== undefined && wanted.reason.code === "override-by-hand",
    rule,
    reason: wanted.reason,
    until: wanted.until,
    since: wanted.sinceWall,
    ...tier,
  };
}

/** Every asset of the site, with or without a switch. */
export function statusesOf(tick: Tick, memory: Memory): Readonly<Record<string, AssetStatus>> {
  const start = epoch(memory.startedWall);
  const all: Record<string, AssetStatus> = {};
  for (const node of tick.layout.nodes.values()) all[node.id] = statusOf(tick, node, { memory, start });
  return all;
}
