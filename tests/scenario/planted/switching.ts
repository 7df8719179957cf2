// Bugs of how often, how soon and how many at once.
import type { Decision } from "@gridwright/contract/decision.ts";
import { type PlantedBug, says, seeing, withControl } from "../planting.ts";

export const BUGS: readonly PlantedBug[] = [
  {
    bug: "the limit of switchings is forgotten, and a wish comes each minute",
    brain: seeing(
      says((all, { state }) =>
        all.map((desired) =>
          desired.asset === "printer-1"
            ? { ...desired, set: { kind: "switch", on: Math.floor(state.now / 60_000) % 2 === 0 } as const }
            : desired,
        ),
      ),
    ),
    caughtBy: /^I3 /,
  },
  {
    bug: "compressors do not rest",
    brain: seeing(
      says((all, { state }) =>
        all.map((desired) =>
          desired.asset === "cold-store"
            ? { ...desired, set: { kind: "switch", on: state.now % 400_000 > 60_000 } as const }
            : desired,
        ),
      ),
    ),
    caughtBy: /^I4 /,
  },
  {
    bug: "the generator runs for a moment only",
    brain: seeing(
      says((all, { state }) =>
        all.map((desired) =>
          desired.asset === "genset"
            ? {
                ...desired,
                set: { kind: "switch", on: state.now % 300_000 < 90_000 && state.now > 200_000 } as const,
              }
            : desired,
        ),
      ),
    ),
    caughtBy: /^I10 /,
  },
  {
    bug: "the generator is asked for on the grid",
    brain: seeing((input, said) => {
      const started =
        said.mode === "on-grid" ? said.desired.find(({ asset }) => asset === "genset") : undefined;
      if (started === undefined) return said;
      const { rule, reason, until } = started;
      const decision: Decision = {
        asset: "genset",
        set: { kind: "switch", on: true },
        rule,
        reason,
        until,
        inputs: [],
        considered: [],
        at: input.state.wall,
      };
      return { ...said, decisions: [...said.decisions, decision] };
    }),
    caughtBy: /^I11 /,
  },
  {
    bug: "all loads come back at once",
    brain: withControl({ restoreInterval: 0 as never }),
    soc: 80,
    caughtBy: /^I13 /,
  },
];
