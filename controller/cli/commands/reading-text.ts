// Values, qualities and registers as a technician reads them in a terminal.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import type { RawWords } from "@gridwright/runtime/commission/direct-read.ts";

/** Why there is no value, or why it is not believed. */
const WHY: Readonly<Record<string, string>> = {
  "never-read": "never answered",
  "device-lost": "the device does not answer",
  "not-available": "the device has no value now",
  "not-fitted": "this device does not have it",
  "out-of-range": "outside the possible range",
  sentinel: "the device says «no value»",
  "not-a-number": "not a number",
  stuck: "stuck",
  contradicted: "contradicted by another reading",
  "too-quick": "a leap that nature does not make",
  "from-the-future": "from a time that has not come yet",
  "frozen-clock": "the device's clock stands still",
};

export const whyText = (reason: string): string => WHY[reason] ?? reason;

const DIGITS = 7;
const number = (value: number): string => String(Number(value.toPrecision(DIGITS)));

/** `5710` and `W`, `63.5` and `%`, `on`. */
export function valueText(point: string, value: number | boolean): readonly [value: string, unit: string] {
  const kind = parsePointName(point)?.kind;
  const switches = point === "switch" || point.startsWith("relay");
  if (typeof value === "boolean") return [switches ? (value ? "on" : "off") : value ? "yes" : "no", ""];
  if (kind?.unit === "1" || point === "limit") return [number(value * 100), "%"];
  if (point.startsWith("reactive_power")) return [number(value), "var"];
  return [number(value), kind?.unit ?? ""];
}

export interface Shown {
  readonly value: string;
  readonly unit: string;
  readonly quality: string;
}

export function sampleText(sample: Sample): Shown {
  if ("value" in sample) {
    const [value, unit] = valueText(sample.point, sample.value);
    const range = parsePointName(sample.point)?.kind.range;
    const inside =
      typeof sample.value === "boolean" ||
      range === undefined ||
      (sample.value >= range[0] && sample.value <= range[1]);
    return { value, unit, quality: inside ? "good" : `bad: ${whyText("out-of-range")}` };
  }
  if ("bad" in sample)
    return { value: "-", unit: "", quality: `bad: ${whyText(sample.bad)} (raw ${sample.raw})` };
  return { value: "-", unit: "", quality: whyText(sample.absent) };
}

const hex = (word: number): string => word.toString(16).padStart(4, "0");

/** `holding 50084  023b  ×10^1`. */
export function rawText(raw: RawWords | undefined): readonly [place: string, words: string, scale: string] {
  if (raw === undefined) return ["", "", ""];
  const { table, address, words, power } = raw;
  const bits = table === "coil" || table === "discrete";
  return [
    `${table} ${address}`,
    words.map((word) => (bits ? String(word) : hex(word))).join(" "),
    power === undefined ? "" : `×10^${power}`,
  ];
}

/** `0.4 s`, `12 s`, `3 min`. */
export function ageText(ms: number | null): string {
  if (ms === null) return "-";
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
