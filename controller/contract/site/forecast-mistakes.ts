// A weather service can only be asked for a place.
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";

export function forecastMistakes({ site, forecast }: Site): readonly Mistake[] {
  if (forecast.weather === undefined) return [];
  return (["latitude", "longitude"] as const)
    .filter((key) => site[key] === undefined)
    .map((key) => ({
      path: ["site", key],
      message: `is needed to ask for the weather (forecast.weather): write it in degrees, or leave forecast.weather away`,
    }));
}
