// Mistakes of machines that only show between two keys: hours that end before they begin, a partner that is none, a
// start permit that nothing can give or that would come by itself when nobody commands.
import type { AssetOf } from "./assets.ts";
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";
import type { OpenHours } from "./workshop.ts";

type Machine = AssetOf<"machine">;
type Told = readonly [key: (string | number)[], message: string];

const hoursMistakes = (hours: readonly OpenHours[], key: Told[0]): Told[] =>
  hours.flatMap(({ from, to }, index): Told[] =>
    to === from
      ? [[[...key, index, "to"], "ends when it begins; leave the line away where it is always open"]]
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

function memberMistakes({ keeper, supervisors }: Machine, { members }: Site): Told[] {
  const there = Object.keys(members).join(", ") || "none";
  const unknown = (id: string, key: Told[0]): Told[] =>
    Object.hasOwn(members, id) ? [] : [[key, `no member "${id}"; there are: ${there}`]];
  return [
    ...(keeper === undefined ? [] : unknown(keeper, ["keeper"])),
    ...supervisors.flatMap((id, index) => unknown(id, ["supervisors", index])),
  ];
}

/** The queue keeps who may use a machine by giving or not giving it its start permit. */
function useMistakes({ training, present, runs }: Machine): Told[] {
  const keys = [
    ...(training === undefined ? [] : ["training"]),
    ...(present.length === 0 ? [] : ["present"]),
  ];
  return runs === "permit"
    ? []
    : keys.map((key): Told => [[key], "needs runs: permit: otherwise it has supply for everybody"]);
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
      ...hoursMistakes(spec.opens, ["opens"]),
      ...hoursMistakes(spec.attended, ["attended"]),
      ...spec.present.flatMap(({ hours }, index) => hoursMistakes(hours, ["present", index, "hours"])),
      ...partnerMistakes(id, spec, site),
      ...careMistakes(spec),
      ...memberMistakes(spec, site),
      ...useMistakes(spec),
      ...permitMistakes(spec),
    ].map(at);
  });
}
