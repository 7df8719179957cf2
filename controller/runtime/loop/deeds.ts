// What boxes switched by themselves, as decisions that stand beside control's own in journal and story, each with the time
// at which it was. Nothing is decided by them. Pure.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { Deed } from "@gridwright/contract/deeds.ts";
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";

type Switched = Extract<Deed, { kind: "switched" }>;

function decisionOf(model: SiteModel, device: string, deed: Switched): Decision | undefined {
  const { point, set, reason, until, at } = deed;
  const actuator = Object.values(model.assets)
    .flatMap((asset) => asset.actuator ?? [])
    .find((one) => one.device === device && one.point === point);
  if (actuator === undefined) return undefined;
  const supply = set.kind === "switch" ? { ...set, on: set.on !== actuator.inverted } : set;
  return { asset: actuator.asset, set: supply, rule: "box", reason, until, inputs: [], considered: [], at };
}

/** What was switched, oldest first; a channel on which nothing hangs tells nobody. */
export const decisionsIn = (model: SiteModel, samplings: readonly Sampling[]): readonly Decision[] =>
  samplings.flatMap(({ device, deeds = [] }) =>
    deeds.flatMap((deed) => (deed.kind === "switched" ? (decisionOf(model, device, deed) ?? []) : [])),
  );

/** What devices met: conditions of their own that began or ended. */
export const metIn = (samplings: readonly Sampling[]) =>
  samplings.flatMap(({ deeds = [] }) => deeds.flatMap((deed) => (deed.kind === "met" ? deed : [])));
