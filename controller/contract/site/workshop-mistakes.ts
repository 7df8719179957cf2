// Mistakes of machines that only show between two keys: hours that end before they begin, a partner that is none, a
// start permit that nothing can give or that would come by itself when nobody commands.
import type { AssetOf } from "./assets.ts";
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";

type Machine = AssetOf<"machine">;
type Told = readonly [key: (string | number)[], message: string];

const hoursMistakes = (spec: Machine, key: "opens" | "attended"): Told[] =>
  spec[key].flatMap(({ from, to }, index): Told[] =>
    to === from
      ? [[[key, index, "to"], "ends when it begins; leave the line away where it is always open"]]
      : [],
  );

function partnerMistakes(id: string, spec: Machine, { assets }: Site): Told[] {
  return spec.with.flatMap((other, index): Told[] => {
    if (other === id) return [[["with", index], "a machine does not run with itself"]];
    const kind = assets[other]?.kind;
    if (kind === "machine") return [];
    const machines = Object.keys(assets).filter((name) => assets[name]?.kind === "machine" && name !== id);
    return [[["with", index], `"${other}" is no machine; there are: ${machines.join(", ") || "none"}`]];
  });
}

function keeperMistakes({ keeper }: Machine, { members }: Site): Told[] {
  if (keeper === undefined || Object.hasOwn(members, keeper)) return [];
  return [[["keeper"], `no member "${keeper}"; there are: ${Object.keys(members).join(", ") || "none"}`]];
}

const careMistakes = (spec: Machine): Told[] =>
  spec.maintenance.flatMap(({ hours, starts }, index): Told[] =>
    hours === undefined && starts === undefined
      ? [[["maintenance", index], "say after how many hours or starts"]]
      : [],
  );

function permitMistakes(spec: Machine): Told[] {
  if (spec.runs !== "permit") return [];
  if (spec.switch === undefined)
    return [[["runs"], "permit needs a switch: without one a machine always has supply"]];
  return spec.onSilence === "on"
    ? [[["onSilence"], "must be off, finish or hold: with on it would start when nobody commands"]]
    : [];
}

export function workshopMistakes(site: Site): Mistake[] {
  return Object.entries(site.assets).flatMap(([id, spec]): Mistake[] => {
    const at = ([key, message]: Told): Mistake => ({ path: ["assets", id, ...key], message });
    if (spec.kind !== "machine")
      return "runs" in spec && spec.runs === "permit" ? [at([["runs"], "permit is for machines"])] : [];
    return [
      ...hoursMistakes(spec, "opens"),
      ...hoursMistakes(spec, "attended"),
      ...partnerMistakes(id, spec, site),
      ...careMistakes(spec),
      ...keeperMistakes(spec, site),
      ...permitMistakes(spec),
    ].map(at);
  });
}
