// How much of a clear sky a weather service foretells: its irradiance on the ground against what a clear sky would give there.
// Pure; who asks the service is the runtime's matter.
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { clearIrradiance, type Place } from "./clear-sky.ts";
import { SKY_MOST } from "./sun.ts";

/** One foretold hour. */
export interface ToldHour {
  /** Its beginning. */
  readonly at: Epoch;
  /** Mean of the hour on level ground, W/m². */
  readonly irradiance: number;
}

const HOUR_MS = 3_600_000;
const LEVEL = { azimuth: 180, tilt: 0 } as const;
/** Of less than this a share tells nothing, W/m². */
const CLEAR_MIN = 60;

/** Share of a clear sky in each of `steps` hours from `from` on, 0 to SKY_MOST; undefined: not told, or hardly any sun. */
export function toldSky(
  hours: readonly ToldHour[],
  place: Place,
  { from, steps }: { readonly from: Epoch; readonly steps: number },
): readonly (number | undefined)[] {
  const known = new Map(hours.map(({ at, irradiance }) => [at, irradiance]));
  return Array.from({ length: steps }, (_, step) => {
    const at = epoch(from + step * HOUR_MS);
    const irradiance = known.get(at);
    const clear = clearIrradiance(LEVEL, place, epoch(at + HOUR_MS / 2));
    return irradiance === undefined || clear < CLEAR_MIN
      ? undefined
      : Math.min(SKY_MOST, Math.max(0, irradiance / clear));
  });
}
