// Mistakes in what the community agreed: a last resort that is none, opt-outs beyond their bound, a circuit that must
// never be switched and is not there. Each names the figures that clash.
import { isConsumer } from "./assets.ts";
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";

function lastResortMistakes({ assets }: Site): Mistake[] {
  const places = new Map<number, string>();
  return Object.entries(assets).flatMap(([id, spec]): Mistake[] => {
    if (!isConsumer(spec) || spec.lastResort === undefined) return [];
    const path = ["assets", id, "lastResort"];
    const other = places.get(spec.lastResort);
    places.set(spec.lastResort, other ?? id);
    if (spec.tier !== 0) return [{ path, message: `is for tier 0 alone; "${id}" is of tier ${spec.tier}` }];
    if (spec.feedsController) return [{ path, message: "what feeds the controller is never switched" }];
    if (spec.switch === undefined) return [{ path, message: "needs a switch: it cannot be switched off" }];
    return other === undefined
      ? []
      : [{ path, message: `"${other}" has place ${spec.lastResort} already; each needs its own` }];
  });
}

function optOutMistakes({ assets, envelope }: Site): Mistake[] {
  const specs = Object.values(assets);
  const rating = specs.reduce((sum, spec) => sum + (spec.kind === "inverter" ? spec.rating : 0), 0);
  const out = specs.reduce((sum, spec) => sum + (isConsumer(spec) && spec.optOut ? spec.rating : 0), 0);
  const most = rating * envelope.optOutMax;
  if (rating <= 0 || out <= most) return [];
  const message = `opted-out loads may be ${Math.round(most)} VA together (${Math.round(envelope.optOutMax * 100)} % of the inverters' ${rating} VA); they are ${out} VA`;
  return [{ path: ["envelope", "optOutMax"], message }];
}

/** Mistakes of fairness and envelope that only show between two keys. */
export function fairnessMistakes(site: Site): Mistake[] {
  const { surplus, scarcity } = site.fairness;
  const unknown = site.envelope.never.flatMap((id, index): Mistake[] => {
    const spec = site.assets[id];
    const path = ["envelope", "never", index];
    return spec !== undefined && isConsumer(spec)
      ? []
      : [{ path, message: `"${id}" is no load of this site` }];
  });
  const overlap: Mistake[] =
    surplus.above > scarcity.below
      ? []
      : [
          {
            path: ["fairness", "surplus", "above"],
            message: `must be above scarcity.below: ${Math.round(surplus.above * 100)} % is not above ${Math.round(scarcity.below * 100)} %`,
          },
        ];
  return [...lastResortMistakes(site), ...optOutMistakes(site), ...unknown, ...overlap];
}
