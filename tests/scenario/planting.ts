// What a planted bug is, and the parts that bugs are made of: the brain or its hands with one thing wrong. The rows stand in
// planted/<area>.ts, each file exporting BUGS; planted-bugs.test.ts finds them all.
import type { Decision, Desired, RuleName } from "@gridwright/contract/decision.ts";
import { decide } from "@gridwright/core/decide.ts";
import type { reconcile } from "@gridwright/core/leases.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { MODEL } from "./hard-night.ts";
import type { LiveOptions } from "./live-village.ts";

/** The brain with a bug, and the invariant that names it. */
export interface PlantedBug {
  /** What is wrong, as a sentence. */
  readonly bug: string;
  readonly brain?: (input: DecideInput) => Step;
  readonly hands?: typeof reconcile;
  /** The charge in per cent with which the hard night begins; 52 unless told. */
  readonly soc?: number;
  /** A story of its own in the hard night's stead; it must pass without the bug. */
  readonly story?: () => Omit<LiveOptions, "watch" | "brain" | "hands">;
  /** Matches the name of the invariant that breaks first. */
  readonly caughtBy: RegExp;
}

export type Bug = (input: DecideInput, said: Step) => Step;

/** The brain, but what it says of desires and decisions is changed. */
export const says =
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

export const told =
  (change: (decision: Decision, input: DecideInput) => Decision): Bug =>
  (input, said) => ({ ...said, decisions: said.decisions.map((decision) => change(decision, input)) });

export const set = (asset: string, on: boolean) =>
  says((all) =>
    all.map((desired) =>
      desired.asset === asset ? { ...desired, set: { kind: "switch", on } as const } : desired,
    ),
  );

/** The brain with a part of its site file changed behind its back. */
export const withControl = (control: Partial<DecideInput["model"]["site"]["control"]>) => {
  const site = { ...MODEL.site, control: { ...MODEL.site.control, ...control } };
  const blind = { ...MODEL, site };
  return (input: DecideInput): Step => decide({ ...input, model: blind });
};

export const assetsWith = (change: Readonly<Record<string, unknown>>, ids: RegExp) => {
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

export const seeing =
  (bug: Bug) =>
  (input: DecideInput): Step =>
    bug(input, decide(input));
/** A rule whose word is ignored. */
export const without =
  (rule: RuleName): Bug =>
  (input, said) => {
    const decisions = said.decisions.filter((decision) => decision.rule !== rule);
    const on = { kind: "switch", on: true } as const;
    const kept = says((all) =>
      all.map((desired) => (desired.rule === rule ? { ...desired, set: on } : desired)),
    );
    return { ...kept(input, said), decisions };
  };
