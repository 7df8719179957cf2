// Loads come back one at a time, most needed first, when there is room for their cold load with a margin. Who waits
// for room or rest keeps it from those who are needed less; nothing comes back while measurement is lost. After them those get more
// that were only limited.
import type { Mono } from "@gridwright/contract/units.ts";
import { countsAsPerson } from "../asked-by.ts";
import { isCrowded } from "../crowded.ts";
import { easingNow } from "../easing.ts";
import { receivedSteps } from "../fairness/served.ts";
import { passage, shareOf } from "../gate.ts";
import type { Memory } from "../memory.ts";
import { coldVa } from "../need.ts";
import type { Promised } from "../room.ts";
import { type Bound, isOff, meterInputs, OFF, ON, type Rule, reason, type Tick } from "../tick.ts";
import type { LoadView } from "../view.ts";
import { wishReason } from "./requests.ts";

/**
 * By need, asked-for loads first, then compressors (they keep food and medicine cold), then those of whom was served least
 * in the last days, longest off first; of those that went together the ones on a phase with room.
 */
function byTurn(tick: Tick): (a: LoadView, b: LoadView) => number {
  const { memory } = tick;
  const asked = ({ plan }: LoadView) => Number(memory.wishes[plan.id]?.on !== true);
  const resting = ({ plan }: LoadView) => Number(plan.spec.minOff <= 0);
  const received = ({ plan }: LoadView) => receivedSteps(memory.fair, plan.owner);
  const since = ({ plan }: LoadView) => memory.wanted[plan.id]?.since ?? 0;
  const crowds = ({ plan }: LoadView) => Number(isCrowded(tick, plan, coldVa(plan)));
  return (a, b) =>
    a.plan.spec.tier - b.plan.spec.tier ||
    asked(a) - asked(b) ||
    resting(a) - resting(b) ||
    received(a) - received(b) ||
    since(a) - since(b) ||
    crowds(a) - crowds(b) ||
    a.plan.index - b.plan.index;
}

const added = (promised: Promised, keeps: Promised): Promised =>
  promised.map((va, phase) => va + (keeps[phase] ?? 0));

/** It stays off for the reason it went off, until what it waits for now. */
function waiting({ memory }: Tick, load: LoadView, until: Bound["until"]): Bound {
  const last = memory.wanted[load.plan.id];
  return { asset: load.plan.id, set: OFF, reason: last?.reason ?? reason("normal"), until, inputs: [] };
}

function back(tick: Tick, load: LoadView, why: Bound["reason"]): Bound {
  const wish = tick.memory.wishes[load.plan.id];
  const phase = load.plan.phases[0] ?? 0;
  const [inverter] = tick.layout.inverters;
  return {
    asset: load.plan.id,
    set: ON,
    reason: wish?.on ? wishReason(wish) : why,
    until: reason("until-scarce"),
    inputs: inverter === undefined ? [] : meterInputs(tick, inverter.id, phase),
  };
}

export const restoration: Rule = {
  name: "restoration",
  apply(tick) {
    const waits = tick.view.loads
      .filter(({ plan, wanted }) => plan.actuator !== undefined && !plan.actuator.locked && !wanted)
      .filter(({ plan }) => !tick.claims.has(plan.id))
      .sort(byTurn(tick));
    let promised: Promised = [0, 0, 0];
    let restored: Memory["restored"] = tick.memory.restored;
    let scene = tick;
    const roomless: Record<string, Mono> = {};
    const bounds = waits.map((load): Bound => {
      const wish = tick.memory.wishes[load.plan.id];
      const byPerson = wish?.on === true && countsAsPerson(wish, load.plan.spec);
      const way = passage(scene, { load, promised, byPerson });
      promised = added(promised, way.keeps);
      if (way.why.code === "waiting-room")
        roomless[load.plan.id] = tick.memory.roomless[load.plan.id] ?? tick.state.now;
      if (!way.goes) return waiting(tick, load, way.why);
      restored = { at: tick.state.now, share: shareOf(tick, load) };
      scene = { ...tick, memory: { ...tick.memory, restored } };
      return back(tick, load, way.why);
    });
    const still = waits.filter((_, place) => bounds[place] !== undefined && isOff(bounds[place].set));
    const waitingTier = Math.min(...still.map(({ plan }) => plan.spec.tier));
    const eased = easingNow(tick, { promised, waitingTier, restored });
    return {
      bounds: [...bounds, ...eased.bounds],
      memory: { restored: eased.restored, roomless, eased: eased.eased },
    };
  },
};
