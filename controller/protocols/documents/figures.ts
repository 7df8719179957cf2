// Figures in what `check` says, as people write them in a site file, and how far levels of the battery must stand apart.
import { durationText } from "@gridwright/contract/render.ts";
import type { Threshold } from "@gridwright/contract/site/fields.ts";

export const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

export const va = (value: number): string => `${Math.round(value)} VA`;

/** `90 s`, `15 min`, `25 h`. */
export const timeText = (valueMs: number): string => durationText(valueMs, "en");

/** 48.5 + 0.5 is written without the dust of binary fractions. */
const DIGITS = 6;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/** `30 %`, `48.5 V`, `6 h`. */
export function levelText({ by, value }: Threshold): string {
  if (by === "soc") return percent(value);
  return `${rounded(value)} ${by === "voltage" ? "V" : "h"}`;
}

/** Least distance of a step's end above its beginning, and of a step from the limits of inverter and battery. */
export const GAP: Readonly<Record<Threshold["by"], number>> = { soc: 0.05, voltage: 0.5, hours: 1 };

/** `5 points`, `0.5 V`, `1 h`. */
export const gapText = (by: Threshold["by"]): string =>
  by === "soc" ? `${Math.round(GAP.soc * 100)} points` : levelText({ by, value: GAP[by] });
