// The sun above the site: where it stands now, and what a weather station's horizontal sensor sees of it. Pure.
import type { Epoch } from "@gridwright/contract/units.ts";
import { irradiance, type SunPosition, sunPosition } from "./sun.ts";
import type { PlantWorld } from "./world.ts";

const HORIZONTAL = { azimuth: 180, tilt: 0 };

/** The present substep's instant; what the caller still has to come does not count. */
export const instant = (world: PlantWorld): Epoch => (world.start + world.m) as Epoch;

/** Of a site without coordinates a place in Spain is taken. */
export function sunOf(world: PlantWorld): SunPosition {
  const { latitude = 40, longitude = 0 } = world.model.site.site;
  return sunPosition(instant(world), { latitude, longitude });
}

/** Power of the sun on a horizontal plane, W/m². */
export const horizontal = (world: PlantWorld): number =>
  irradiance(sunOf(world), HORIZONTAL, world.transmission);
