// Which kind of asset a found device probably is: as its profile says, else as it says itself, else as its points tell.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { Identity } from "./identify.ts";

/** What a device is by its points, where its profile does not say: the first of which it has one of each. */
const KINDS_BY_POINTS: readonly (readonly [kind: string, points: readonly (readonly string[])[]])[] = [
  ["inverter", [["soc"], ["pv_power", "pv_dc_power", "grid_power", "load_power", "power_limit"]]],
  ["inverter", [["inverting", "grid_present", "load_power"]]],
  ["battery", [["soc"]]],
  ["machine", [["running", "speed", "output_frequency", "printing"]]],
  ["pv", [["energy_generated", "pv_power", "pv_dc_power", "power_limit"]]],
  ["grid", [["grid_power", "grid_energy_import", "grid_energy_export"]]],
  ["meter", [["power", "power_l1", "current", "current_l1", "energy_import"]]],
];

function kindByPoints(profile: Profile | undefined): string | undefined {
  const points = new Set(Object.keys(profile?.points ?? {}));
  if (points.has("irradiance")) return undefined;
  return KINDS_BY_POINTS.find(([, parts]) =>
    parts.every((names) => names.some((name) => points.has(name))),
  )?.[0];
}

/** Undefined: gridwright has no asset for it, or nothing tells. */
export function kindOf({ sunspec }: Identity, profile: Profile | undefined): string | undefined {
  if (profile?.suits !== undefined) return profile.suits;
  if (sunspec?.role === "inverter") return "pv";
  if (sunspec?.role === "meter" || sunspec?.role === "battery") return sunspec.role;
  return sunspec === undefined ? kindByPoints(profile) : undefined;
}
