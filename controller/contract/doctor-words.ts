// What the doctor finds, in words: one finding per thing that was looked at, with what to do where something is wrong. The same in
// the terminal and on the technician's page.
import { numberText } from "./number-text.ts";
import type { Language } from "./reasons.ts";
import { FORMATS } from "./render.ts";
import en from "./words/doctor-en.json" with { type: "json" };
import es from "./words/doctor-es.json" with { type: "json" };

/** In the order in which they are told. */
export const CHECKS = [
  ...(["site", "clock", "power", "heat", "memory", "room", "wear", "units", "lateness", "buses"] as const),
  ...(["certificate", "backup", "update", "ports", "secrets", "commissioning"] as const),
] as const;
export type Check = (typeof CHECKS)[number];

export type DoctorWord = keyof typeof en;
const WORDS: Readonly<Record<Language, Readonly<Record<DoctorWord, readonly string[]>>>> = { en, es };

/** `ok`: looked at and well; `unknown`: this machine does not tell; `info`: to know, nothing to do at once. */
export const FINDING_SEVERITIES = ["ok", "unknown", "info", "warning", "critical"] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

export interface Finding {
  readonly check: Check;
  readonly severity: FindingSeverity;
  readonly code: DoctorWord;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface DoctorReport {
  /** ms since 1970. */
  readonly at: number;
  readonly findings: readonly Finding[];
}
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `41 MB`. */
function bytesText(bytes: number, language: Language): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1_000 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1];
  return `${numberText(value, { least: 0, most: value < 10 ? 1 : 0 }, language)} ${UNITS[unit]}`;
}

const DAY_MS = 86_400_000;
const daysText = (ms: number, language: Language): string =>
  `${numberText(ms / DAY_MS, { least: 0, most: 0 }, language)} ${language === "es" ? "días" : "days"}`;

/** A parameter as people read it: the last capitalised word of its name says its unit. */
function paramText(name: string, value: string | number, language: Language): string {
  if (typeof value === "string") return value;
  if (name.endsWith("Bytes")) return bytesText(value, language);
  if (name.endsWith("Ms") && value >= 2 * DAY_MS) return daysText(value, language);
  const unit = /[A-Z][a-z]*$/.exec(name)?.[0] ?? "";
  const most = Number.isInteger(value) ? 0 : 1;
  return FORMATS[unit]?.(value, language) ?? numberText(value, { least: 0, most }, language);
}

const filled = (text: string, { params }: Finding, language: Language): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return value === undefined ? "?" : paramText(name, value, language);
  });

/** What was found, a sentence. The bare code where a newer program found it. */
export const findingText = (finding: Finding, language: Language): string =>
  filled(WORDS[language][finding.code]?.[0] ?? finding.code, finding, language);

/** What to do about it; undefined: nothing. */
export function cureText(finding: Finding, language: Language): string | undefined {
  const cure = WORDS[language][finding.code]?.[1];
  return cure === undefined ? undefined : filled(cure, finding, language);
}

export const checkName = (check: Check, language: Language): string =>
  WORDS[language][`check-${check}`][0] ?? check;

/** The graver first; of equal ones as they are looked at. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(
    (a, b) => FINDING_SEVERITIES.indexOf(b.severity) - FINDING_SEVERITIES.indexOf(a.severity),
  );
