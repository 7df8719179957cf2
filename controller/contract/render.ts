// Puts a reason into words in a member's language. Numbers take their unit from the parameter's name.

import type { Reason } from "./decision.ts";
import type { AlarmMessage } from "./messages.ts";
import { numberText } from "./number-text.ts";
import { type Language, type ReasonCode, SENTENCES } from "./reasons.ts";

export interface Wording {
  readonly language: Language;
  /** Id of an asset, or of who asked → name as people know it. */
  readonly names: Readonly<Record<string, string>>;
}

/** Rounded; never -0, and `?` for what is no number. */
const number = (value: number, digits: number, language: Language): string => {
  if (!Number.isFinite(value)) return "?";
  const rounded = Number(value.toFixed(digits)) + 0;
  return numberText(rounded, { least: 0, most: digits }, language);
};

/** Below this a duration would read as none at all. */
const SHORTEST_MS = 50;

/** `95 s`, `12 min`, `3 h`: a duration as people say it; never `0 s` of what lasted. */
export function durationText(valueMs: number, language: Language): string {
  const abs = Math.abs(valueMs);
  if (abs > 0 && abs < SHORTEST_MS) return `< ${number(0.1, 1, language)} s`;
  if (abs < 120_000) return `${number(valueMs / 1_000, abs < 10_000 ? 1 : 0, language)} s`;
  if (abs < 7_200_000) return `${number(valueMs / 60_000, 0, language)} min`;
  return `${number(valueMs / 3_600_000, 1, language)} h`;
}

type Format = (value: number, language: Language) => string;
const kilo =
  (unit: string): Format =>
  (value, language) =>
    Math.abs(value) < 1_000
      ? `${number(value, 0, language)} ${unit}`
      : `${number(value / 1_000, 1, language)} k${unit}`;

/** By the last capitalised word of a parameter's name; a catalogue law knows no other. */
export const FORMATS: Readonly<Record<string, Format>> = {
  Ratio: (value, language) => `${number(value * 100, 0, language)} %`,
  Va: kilo("VA"),
  W: kilo("W"),
  Wh: kilo("Wh"),
  A: (value, language) => `${number(value, 1, language)} A`,
  V: (value, language) => `${number(value, 1, language)} V`,
  Hz: (value, language) => `${number(value, 2, language)} Hz`,
  Ms: durationText,
};

/** Units of points (points.ts) whose figures read as those of parameters do. */
const BY_UNIT: Readonly<Record<string, string>> = { "1": "Ratio", VA: "Va" };

/** `1.5 kW`, `64 %`, `24.1 °C`: a figure of a point with its unit. */
export const quantityText = (value: number, unit: string, language: Language): string =>
  FORMATS[BY_UNIT[unit] ?? unit]?.(value, language) ?? `${number(value, 1, language)} ${unit}`;

function word(name: string, value: number | string, { language, names }: Wording): string {
  if (typeof value === "string") return name === "issuer" ? (names[value] ?? value) : value;
  const suffix = /[A-Z][a-z]*$/.exec(name)?.[0] ?? "";
  // «for 0 s» says nothing.
  if (name === "sinceMs" || name === "forMs") return durationText(Math.max(1, value), language);
  return (FORMATS[suffix] ?? ((plain) => number(plain, 2, language)))(value, language);
}

const isCode = (code: string, { language }: Wording): code is ReasonCode =>
  Object.hasOwn(SENTENCES[language], code);

/**
 * The sentence of a reason, without capital or full stop, so that it can stand inside another. The bare code where a
 * newer program wrote it.
 */
export function render(reason: Reason, wording: Wording): string {
  if (!isCode(reason.code, wording)) return reason.code;
  return SENTENCES[wording.language][reason.code].replace(
    /\{(\w+)(:asset)?\}/g,
    (_, name: string, asset?: string) => {
      const value = reason.params[name];
      if (value === undefined) return "?";
      return asset === undefined
        ? word(name, value, wording)
        : (wording.names[String(value)] ?? String(value));
    },
  );
}

/** What to say of an alarm: its reason while it lasts; when it was cleared that it is over (`alarm-grid-lost-over`). */
export function alarmReason({ event, alarm }: AlarmMessage, wording: Wording): Reason {
  const { reason } = alarm;
  if (event !== "cleared") return reason;
  const over = `${reason.code}-over`;
  if (isCode(over, wording)) return { code: over, params: reason.params };
  return { code: "alarm-over", params: { what: render(reason, wording) } };
}

/** The sentence of an alarm as it is raised or cleared, without capital or full stop. */
export const renderAlarm = (message: AlarmMessage, wording: Wording): string =>
  render(alarmReason(message, wording), wording);
