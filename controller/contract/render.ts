// Puts a reason into words in a member's language. Numbers take their unit from the parameter's name.
import type { Reason } from "./decision.ts";
import type { AlarmMessage } from "./messages.ts";
import { type Language, type ReasonCode, SENTENCES } from "./reasons.ts";

export interface Wording {
  readonly language: Language;
  /** Asset id → name as people know it. */
  readonly names: Readonly<Record<string, string>>;
}

const number = (value: number, digits: number, language: Language): string =>
  value.toLocaleString(language, { maximumFractionDigits: digits });

/** `95 s`, `12 min`, `3 h`: a duration as people say it. */
export function durationText(valueMs: number, language: Language): string {
  const abs = Math.abs(valueMs);
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

/** By the last capitalised word of a parameter's name. */
const FORMATS: Readonly<Record<string, Format>> = {
  Ratio: (value, language) => `${number(value * 100, 0, language)} %`,
  Va: kilo("VA"),
  W: kilo("W"),
  Wh: kilo("Wh"),
  A: (value, language) => `${number(value, 1, language)} A`,
  V: (value, language) => `${number(value, 1, language)} V`,
  Hz: (value, language) => `${number(value, 2, language)} Hz`,
  Ms: durationText,
};

function word(name: string, value: number | string, { language }: Wording): string {
  if (typeof value === "string") return value;
  const suffix = /[A-Z][a-z]*$/.exec(name)?.[0] ?? "";
  return (FORMATS[suffix] ?? ((plain) => number(plain, 2, language)))(value, language);
}

/** The sentence of a reason, without capital or full stop, so that it can stand inside another. */
export function render(reason: Reason, wording: Wording): string {
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

const isCode = (code: string, { language }: Wording): code is ReasonCode =>
  Object.hasOwn(SENTENCES[language], code);

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
