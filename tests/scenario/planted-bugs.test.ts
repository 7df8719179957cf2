import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision, Desired, RuleName } from "@gridwright/contract/decision.ts";
import { mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { Broken } from "./broken.ts";
import { checked } from "./checked.ts";
import { hardNight, MODEL } from "./hard-night.ts";

type Bug = (input: DecideInput, said: Step) => Step;

/** The brain, but what it says of desires and decisions is changed. */
const says =
  (change: (desired: readonly Desired[], input: DecideInput) => readonly Desired[]): Bug =>
  (input, said) => {
    const desired = change(said.desired, input);
    const wanted = Object.fromEntries(
      desired.map(({ asset, set }) => {
        const last = said.memory.wanted[asset];
        return [asset, last && { ...last, set }];
      }),
    ) as Step["memory"]["wanted"];
    return { ...said, desired, memory: { ...said.memory, wanted } };
  };

const told =
  (change: (decision: Decision, input: DecideInput) => Decision): Bug =>
  (input, said) => ({ ...said, decisions: said.decisions.map((decision) => change(decision, input)) });

const set = (asset: string, on: boolean) =>
  says((all) =>
    all.map((desired) =>
      desired.asset === asset ? { ...desired, set: { kind: "switch", on } as const } : desired,
    ),
  );

/** The brain with a part of its site file changed behind its back. */
const withControl = (control: Partial<DecideInput["model"]["site"]["control"]>) => {
  const site = { ...MODEL.site, control: { ...MODEL.site.control, ...control } };
  const blind = { ...MODEL, site };
  return (input: DecideInput): Step => decide({ ...input, model: blind });
};

const assetsWith = (change: Readonly<Record<string, unknown>>, ids: RegExp) => {
  const assets = Object.fromEntries(
    Object.entries(MODEL.assets).map(([id, asset]) =>
      ids.test(id)
        ? [id, { ...asset, spec: { ...asset.spec, ...change } as typeof asset.spec }]
        : [id, asset],
    ),
  );
  const careless = { ...MODEL, assets };
  return (input: DecideInput): Step => decide({ ...input, model: careless });
};

const seeing =
  (bug: Bug) =>
  (input: DecideInput): Step =>
    bug(input, decide(input));
let tossed = 0;

interface Planted {
  readonly bug: string;
  readonly brain?: (input: DecideInput) => Step;
  readonly hands?: typeof reconcile;
  readonly soc?: number;
  readonly caughtBy: RegExp;
}

/** A rule whose word is ignored. */
const without =
  (rule: RuleName): Bug =>
  (input, said) => {
    const decisions = said.decisions.filter((decision) => decision.rule !== rule);
    const on = { kind: "switch", on: true } as const;
    const kept = says((all) =>
      all.map((desired) => (desired.rule === rule ? { ...desired, set: on } : desired)),
    );
    return { ...kept(input, said), decisions };
  };

const PLANTED: readonly Planted[] = [
  { bug: "the health post is switched off", brain: seeing(set("health-post", false)), caughtBy: /^I1 / },
  {
    bug: "tier is forgotten: lights are shed like heaters",
    brain: assetsWith({ tier: 4 }, /-basics$/),
    caughtBy: /^I2 /,
  },
  {
    bug: "what was passed over is not told",
    brain: seeing(told(({ skipped: _, ...decision }) => decision)),
    soc: 19,
    caughtBy: /^I2 /,
  },
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
    bug: "overload is believed to be borne",
    brain: seeing(without("overload")),
    soc: 80,
    caughtBy: /^I5 the inverter/,
  },
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
  {
    bug: "the age of what is read is not looked at",
    brain: seeing(
      told((decision) => ({
        ...decision,
        inputs: decision.inputs.map((input) => ({
          ...input,
          ageMs: (input.ageMs + 60_000) as typeof input.ageMs,
        })),
      })),
    ),
    soc: 80,
    caughtBy: /^I7 /,
  },
  { bug: "no hold after a start", brain: withControl({ startHold: 0 as never }), caughtBy: /^I8 / },
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
  { bug: "a hold is forgotten", brain: seeing(set("pump", true)), caughtBy: /^I12 / },
  {
    bug: "all loads come back at once",
    brain: withControl({ restoreInterval: 0 as never }),
    soc: 80,
    caughtBy: /^I13 /,
  },
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
    brain: seeing((input, said) => {
      tossed += 1;
      return {
        ...said,
        memory: { ...said.memory, deprived: { "house-1": { vah: tossed, at: mono(input.state.now) } } },
      };
    }),
    caughtBy: /^I16 /,
  },
  {
    bug: "the grid mode stands still",
    brain: (input) => ({ ...decide(input), mode: "on-grid" }),
    caughtBy: /^the mode/,
  },
  {
    bug: "nobody is told of a silent battery",
    brain: seeing((_, said) => ({ ...said, conditions: [] })),
    caughtBy: /^a silent battery/,
  },
  {
    bug: "a generator is spoken of as a load",
    brain: seeing(
      told((decision) =>
        decision.asset === "genset"
          ? { ...decision, until: { code: "until-soc", params: { aboveRatio: 0.53 } } }
          : decision,
      ),
    ),
    soc: 26,
    caughtBy: /reads well/,
  },
];

describe("each planted bug is caught by the invariant that names it", () => {
  it("and without a bug all nights pass", () => {
    for (const soc of [19, 26, 80]) checked(hardNight(soc));
  });
  for (const { bug, brain, hands, soc = 52, caughtBy } of PLANTED)
    it(bug, () =>
      assert.throws(
        () => checked({ ...hardNight(soc), ...(brain && { brain }), ...(hands && { hands }) }),
        (error) =>
          error instanceof Broken && caughtBy.test(error.invariant) ? true : assert.fail(String(error)),
      ),
    );
});
