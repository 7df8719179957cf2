// What people did with their own hands comes first: a hold keeps a load off until a technician clears it, a switch in
// Hand is left alone, and a change made at the device is respected for a while (but not against protection).
import type { Answer } from "@gridwright/contract/request.ts";
import { isFickle } from "../following.ts";
import { answer } from "../intake.ts";
import type { Hold } from "../memory.ts";
import { type Bound, coarse, OFF, type Rule, reason, type Tick } from "../tick.ts";

interface Holds {
  readonly holds: Readonly<Record<string, Hold>>;
  readonly answers: readonly Answer[];
}

function takeHolds({ memory, requests, state }: Tick): Holds {
  const holds: Record<string, Hold> = { ...memory.holds };
  const answers: Answer[] = [];
  for (const request of requests) {
    const { body, issuer } = request;
    if (body.kind === "hold") holds[body.asset] ??= { issuer, why: body.why, at: state.now };
    else if (body.kind === "clear-hold") delete holds[body.asset];
    else continue;
    answers.push(answer(request, "accepted", reason("answer-accepted")));
  }
  return { holds, answers };
}

const heldBound = ([asset, { issuer, why }]: readonly [string, Hold]): Bound => ({
  asset,
  set: OFF,
  reason: reason("held", { issuer, why }),
  until: reason("until-cleared"),
  inputs: [],
});

function byHand({ view, memory, state }: Tick): Bound[] {
  return view.loads.flatMap(({ plan, hand, reported, wanted }): Bound[] => {
    const { id, actuator } = plan;
    if (actuator === undefined || actuator.locked) return [];
    if (hand) {
      const set = { kind: "switch", on: reported ?? wanted } as const;
      return [{ asset: id, set, reason: reason("skipped-hand"), until: reason("until-turned"), inputs: [] }];
    }
    const override = memory.overrides[id];
    if (override === undefined || isFickle(override)) return [];
    const leftMs = coarse(override.until - state.now);
    return [
      {
        asset: id,
        set: { kind: "switch", on: override.on },
        reason: reason("override-by-hand", { leftMs }),
        until: reason("until-request-ends", { leftMs }),
        inputs: [],
        soft: true,
      },
    ];
  });
}

export const manualHold: Rule = {
  name: "manual-hold",
  apply(tick) {
    const { holds, answers } = takeHolds(tick);
    const held = Object.entries(holds).filter(([id]) => tick.model.assets[id]?.actuator !== undefined);
    return { bounds: [...held.map(heldBound), ...byHand(tick)], memory: { holds }, answers };
  },
};
