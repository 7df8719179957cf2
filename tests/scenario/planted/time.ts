// Bugs of leases, clocks, holds and repeatability that show only in the course of time.
import type { Decision } from "@gridwright/contract/decision.ts";
import { mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import { type PlantedBug, says, seeing, set, told, withControl } from "../planting.ts";

const MINUTE = 60_000;
let asked = 0;

/** A load that is wanted on for the first part of each period only. */
const cycling = (asset: string, { onMs, periodMs }: { onMs: number; periodMs: number }) =>
  seeing(
    says((all, { state }) =>
      all.map((desired) =>
        desired.asset === asset
          ? { ...desired, set: { kind: "switch", on: state.now % periodMs < onMs } as const }
          : desired,
      ),
    ),
  );

const without = (decision: Decision, part: "reason" | "until"): Decision => ({
  ...decision,
  [part]: { ...decision[part], params: {} },
});

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "what deviates is commanded for good",
    hands: (input) => {
      const acted = reconcile(input);
      return { ...acted, orders: acted.orders.map((order) => ({ ...order, leaseMs: null })) };
    },
    caughtBy: /^I6 /,
  },
  {
    bug: "a load is commanded that nobody decided upon",
    hands: (input) => {
      const acted = reconcile(input);
      return { ...acted, orders: acted.orders.map((order) => ({ ...order, asset: "somebody" })) };
    },
    caughtBy: /^I6 /,
  },
  {
    bug: "a hold ends by itself after ten minutes",
    brain: seeing((input, said) => {
      const held = said.memory.holds.pump;
      return held !== undefined && input.state.now - held.at > 10 * MINUTE
        ? set("pump", true)(input, said)
        : said;
    }),
    caughtBy: /^I12 /,
  },
  {
    bug: "leases grow longer each time it is asked",
    brain: seeing((_, said) => {
      asked += 1;
      return {
        ...said,
        desired: said.desired.map((desired) => ({
          ...desired,
          leaseMs: (desired.leaseMs + asked) as typeof desired.leaseMs,
        })),
      };
    }),
    caughtBy: /^I16 /,
  },
  {
    bug: "it wakes by the calendar",
    brain: seeing(({ state }, said) => ({
      ...said,
      wakeAt: mono(state.now + 100 + (Math.floor(state.wall / 86_400_000) % 7) * 50),
    })),
    caughtBy: /^I9 /,
  },
  {
    bug: "a refused request is carried out",
    brain: seeing((input, said) =>
      said.answers.some(({ outcome }) => outcome === "refused")
        ? {
            ...said,
            memory: {
              ...said.memory,
              stopped: { ...said.memory.stopped, "house-5-sockets": mono(input.state.now) },
            },
          }
        : said,
    ),
    caughtBy: /^I15 /,
  },
  {
    bug: "a heater follows every flicker",
    brain: cycling("house-8-heater", { onMs: 90_000, periodMs: 180_000 }),
    caughtBy: /^I3 /,
  },
  {
    bug: "a fridge comes back after half a minute",
    brain: cycling("house-1-basics", { onMs: 570_000, periodMs: 600_000 }),
    caughtBy: /^I4 /,
  },
  {
    bug: "the generator is started again a minute after it stopped",
    brain: cycling("genset", { onMs: 840_000, periodMs: 900_000 }),
    caughtBy: /^I10 /,
  },
  {
    bug: "the wait between two loads is half as long",
    brain: withControl({ restoreInterval: 7_000 as never }),
    soc: 80,
    caughtBy: /^I13 /,
  },
  {
    bug: "the hold after a start is too short",
    brain: withControl({ startHold: 15_000 as never }),
    caughtBy: /^I8 /,
  },
  {
    bug: "reasons are told without their figures",
    brain: seeing(told((decision) => without(decision, "reason"))),
    soc: 80,
    caughtBy: /reads well/,
  },
  {
    bug: "how long it lasts is told as no number",
    brain: seeing(
      told((decision) => ({
        ...decision,
        until: { code: "waiting-min-off", params: { leftMs: Number.NaN } },
      })),
    ),
    soc: 80,
    caughtBy: /reads well/,
  },
  {
    bug: "the lights of the way go off late in the night",
    brain: seeing((input, said) =>
      input.state.now > 15 * MINUTE ? set("way-lights", false)(input, said) : said,
    ),
    caughtBy: /^I1 /,
  },
  {
    bug: "a new mode is believed after a minute",
    brain: (input) => {
      const step = decide(input);
      return input.state.now - step.memory.mode.since < MINUTE ? { ...step, mode: "on-grid" } : step;
    },
    caughtBy: /^L the mode/,
  },
];
