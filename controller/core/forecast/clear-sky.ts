// What an array would give under a clear sky, from its rating, its plane and the sun's place. It only needs to be right
// in shape: what this array really did is learnt on top of it (sun.ts). Beam after Meinel (1976).
import type { Epoch } from "@gridwright/contract/units.ts";
import { getPosition } from "suncalc";

export interface Array {
  /** W. */
  readonly rating: number;
  /** Degrees from north over east; 180 faces south. */
  readonly azimuth: number;
  /** Degrees from the horizontal. */
  readonly tilt: number;
}

export interface Place {
  /** Degrees, north and east positive. */
  readonly latitude: number;
  readonly longitude: number;
}

const RAD = Math.PI / 180;
/** W/m² outside the atmosphere; what air mass 1 lets through; share of it that comes from the sky around the sun. */
const SOLAR = { constant: 1_353, clear: 0.7, mass: 0.678, sky: 0.1 } as const;
/** Irradiance at which a module gives its rating, W/m². */
const RATED_AT = 1_000;
/** From module to AC: dust, wiring, heat. */
const YIELD = 0.85;
/** Lower than this the sun gives nothing that counts. */
const HEIGHT_MIN = 0.01;

/** W/m² on a plane at an instant. */
export function clearIrradiance(
  { azimuth, tilt }: Pick<Array, "azimuth" | "tilt">,
  { latitude, longitude }: Place,
  at: Epoch,
): number {
  const sun = getPosition(new Date(at), latitude, longitude);
  const height = Math.sin(sun.altitude * RAD);
  if (height <= HEIGHT_MIN) return 0;
  const beam = SOLAR.constant * SOLAR.clear ** ((1 / height) ** SOLAR.mass);
  const incidence =
    height * Math.cos(tilt * RAD) +
    Math.cos(sun.altitude * RAD) * Math.sin(tilt * RAD) * Math.cos((sun.azimuth - azimuth) * RAD);
  const sky = SOLAR.sky * beam * ((1 + Math.cos(tilt * RAD)) / 2);
  return beam * Math.max(0, incidence) + sky;
}

/** W on the AC side at an instant, as if nothing between module and grid had a limit. */
export const clearPower = (array: Array, place: Place, at: Epoch): number =>
  (array.rating * YIELD * clearIrradiance(array, place, at)) / RATED_AT;

/** W on the AC side at an instant, at most the rating. */
export const clearSky = (array: Array, place: Place, at: Epoch): number =>
  Math.min(array.rating, clearPower(array, place, at));
