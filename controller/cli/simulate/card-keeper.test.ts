import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Day, drawDay } from "@gridwright/twin/simulate/day.ts";
import { simulate } from "@gridwright/twin/simulate/simulate.ts";
import { CARD_MODES, type CardMode, type Trouble } from "@gridwright/twin/simulate/trouble.ts";
import { village, villageDay } from "@gridwright/twin/testing/village.ts";
import { CardKeeper } from "./card-keeper.ts";

const MODEL = village();
const HELD = "house-3-sockets";
const DIES = 300_000;

/** A technician holds a load four minutes before the controller dies. */
function dayOf(card: CardMode): Day {
  const day = drawDay({ model: MODEL, seed: 9, hours: 0.11, habits: villageDay().habits, faults: false });
  const troubles: readonly Trouble[] = [
    {
      kind: "request",
      at: 60_000,
      forMs: 0,
      request: {
        id: "request-hold",
        issuer: "operator",
        role: "technician",
        seq: 3,
        ttlMs: 90_000,
        body: { kind: "hold", asset: HELD, why: "fuse work" },
      },
    },
    { kind: "kill", at: DIES, forMs: 7_000, card },
  ];
  return { ...day, soc: 0.83, troubles };
}

describe("what a new controller knows after a death", () => {
  for (const card of CARD_MODES)
    it(`with a card that is ${card}, a hold is still one`, () => {
      const day = dayOf(card);
      const known: (string | undefined)[] = [];
      simulate({
        model: MODEL,
        day,
        keeper: new CardKeeper(MODEL, day),
        watch: ({ state, before }) => {
          if (state.now > DIES) known.push(before.holds[HELD]?.why);
        },
      });
      assert.ok(known.length > 3, "it lives again");
      assert.deepEqual([...new Set(known)], ["fuse work"]);
    });
});
