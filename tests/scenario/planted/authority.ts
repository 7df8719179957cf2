// Bugs of leases, holds, requests and repeatability.
import { mono } from "@gridwright/contract/units.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import { type PlantedBug, seeing, set } from "../planting.ts";

let tossed = 0;

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "leases of no length",
    hands: (input) => {
      const acted = reconcile(input);
      return {
        ...acted,
        orders: acted.orders.map((order) => ({
          ...order,
          leaseMs: order.leaseMs === null ? null : (0 as typeof order.leaseMs),
        })),
      };
    },
    caughtBy: /^I6 /,
  },
  { bug: "a hold is forgotten", brain: seeing(set("pump", true)), caughtBy: /^I12 / },
  {
    bug: "a refused request is remembered as a wish",
    brain: seeing((input, said) =>
      input.requests.length === 0
        ? said
        : { ...said, memory: { ...said.memory, restored: { at: mono(input.state.now), share: 0.07 } } },
    ),
    caughtBy: /^I15 /,
  },
  {
    bug: "it decides by a coin",
    brain: seeing((_, said) => {
      tossed += 1;
      return {
        ...said,
        memory: { ...said.memory, heard: { ...said.memory.heard, "coin/side": mono(tossed) } },
      };
    }),
    caughtBy: /^I16 /,
  },
];
