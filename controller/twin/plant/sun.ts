// Where the sun stands and what a tilted plane gets of it under a clear sky. Plain formulas, good to half a degree:
// position after NOAA's solar calculator (Spencer's Fourier series), beam after Meinel (1976), both public.
import type { Epoch } from "@gridwright/contract/units.ts";

const RAD = Math.PI / 180;
const DAY_MS = 86_400_000;

export interface SunPosition {
  /** Height over the horizon in radians; negative at night. */
  readonly elevation: number;
  /** From north over east, in radians. */
  readonly azimuth: number;
}

export interface Plane {
  /** Degrees from north over east; 180 faces south. */
  readonly azimuth: number;
  /** Degrees from the horizontal. */
  readonly tilt: number;
}

/** The sun over a place at an instant; latitude and longitude in degrees, east positive. */
export function sunPosition(
  at: Epoch,
  place: { readonly latitude: number; readonly longitude: number },
): SunPosition {
  const days = at / DAY_MS;
  const hour = (days - Math.floor(days)) * 24;
  const year = new Date(at).getUTCFullYear();
  const gamma = ((2 * Math.PI) / 365) * ((at - Date.UTC(year, 0, 1)) / DAY_MS - 0.5);
  const timeEquation =
    229.18 *
    (0.000075 +
      0.001868 * Math.cos(gamma) -
      0.032077 * Math.sin(gamma) -
      0.014615 * Math.cos(2 * gamma) -
      0.040849 * Math.sin(2 * gamma));
  const declination =
    0.006918 -
    0.399912 * Math.cos(gamma) +
    0.070257 * Math.sin(gamma) -
    0.006758 * Math.cos(2 * gamma) +
    0.000907 * Math.sin(2 * gamma);
  const hourAngle = (hour * 15 + timeEquation / 4 + place.longitude - 180) * RAD;
  const latitude = place.latitude * RAD;
  const height =
    Math.sin(latitude) * Math.sin(declination) +
    Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  const fromSouth = Math.atan2(
    Math.sin(hourAngle),
    Math.cos(hourAngle) * Math.sin(latitude) - Math.tan(declination) * Math.cos(latitude),
  );
  return { elevation: Math.asin(Math.max(-1, Math.min(1, height))), azimuth: fromSouth + Math.PI };
}

/** Irradiance in W/m² on a plane; `transmission` 0..1 is what the clouds let through of the beam. */
export function irradiance(sun: SunPosition, plane: Plane, transmission: number): number {
  const height = Math.sin(sun.elevation);
  if (height <= 0.01) return 0;
  const beam = 1_353 * 0.7 ** (Math.min(38, 1 / height) ** 0.678);
  const tilt = plane.tilt * RAD;
  const incidence =
    height * Math.cos(tilt) +
    Math.cos(sun.elevation) * Math.sin(tilt) * Math.cos(sun.azimuth - plane.azimuth * RAD);
  const sky = 0.1 * beam * Math.sqrt(height) + 0.16 * (1 - transmission) * beam * height;
  const open = (1 + Math.cos(tilt)) / 2;
  return beam * transmission * Math.max(0, incidence) + sky * open * (0.35 + 0.65 * transmission);
}
