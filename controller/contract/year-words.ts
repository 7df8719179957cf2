// The community's year in words and figures, the same on the page and on paper.
import type { YearAnswer, YearEnergy } from "./api-year.ts";
import { numberText } from "./number-text.ts";
import type { Language } from "./reasons.ts";
import en from "./words/year-en.json" with { type: "json" };
import es from "./words/year-es.json" with { type: "json" };

export type YearWord = keyof typeof en;

export const YEAR_WORDS: Readonly<Record<Language, Readonly<Record<YearWord, string>>>> = { en, es };

/** A word with its places filled. */
export const yearWord = (
  language: Language,
  word: YearWord,
  params: Readonly<Record<string, string>> = {},
): string => YEAR_WORDS[language][word].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "?");

/** Columns beside the month, each in kWh but the last, which is a share. */
export const YEAR_COLUMNS = ["produced", "sun", "used", "bought", "sold", "losses", "own"] as const;

/** Up to so much a decimal is worth reading, Wh. */
const SMALL_WH = 1_000_000;

/** Of what was used, the part from the own sun and battery, 0 … 1; 0 where nothing was. */
export const ownShare = ({ ownWh, usedWh }: YearEnergy): number => (usedWh > 0 ? ownWh / usedWh : 0);

/** A figure as it is written beside `total`, which says how fine. */
const kwhIn = (total: YearEnergy, language: Language): ((wh: number) => string) => {
  const most = total.usedWh < SMALL_WH ? 1 : 0;
  return (wh) => numberText(wh / 1_000 + 0, { least: most, most }, language);
};

/** A row's figures as text, in the order of `YEAR_COLUMNS`; `total` says how fine they are. */
export function yearCells(energy: YearEnergy, total: YearEnergy, language: Language): readonly string[] {
  const kwh = kwhIn(total, language);
  const { sunWh, fuelWh, usedWh, boughtWh, soldWh, lossesWh } = energy;
  const share =
    usedWh > 0 ? `${numberText(100 * ownShare(energy), { least: 0, most: 0 }, language)}\u00a0%` : "—";
  return [...[sunWh + fuelWh, sunWh, usedWh, boughtWh, soldWh, lossesWh].map(kwh), share];
}

/** `May`, `mayo`. */
export const monthText = (month: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }).format(
    Date.parse(`${month}-15T00:00:00Z`),
  );

/** What the year comes to, in sentences. */
export function yearSentences({ total }: YearAnswer, language: Language): readonly string[] {
  const figure = kwhIn(total, language);
  const kwh = (wh: number): string => `${figure(wh)}\u00a0kWh`;
  const { usedWh, ownWh, homesWh, storedWh } = total;
  const share = `${numberText(100 * ownShare(total), { least: 0, most: 0 }, language)}\u00a0%`;
  const used = { used: kwh(usedWh), own: kwh(ownWh), share };
  return [
    ...(usedWh > 0 ? [yearWord(language, "sentence", used)] : []),
    yearWord(language, "homes", { homes: kwh(homesWh), common: kwh(usedWh - homesWh) }),
    ...(storedWh === 0
      ? []
      : [yearWord(language, storedWh < 0 ? "given-back" : "stored", { stored: kwh(Math.abs(storedWh)) })]),
    yearWord(language, "note"),
    yearWord(language, "check"),
  ];
}
