// How dates of a language are written: with the day first, also in English, as most communities write them.
import type { Language } from "./reasons.ts";

/** For Intl; numbers go by the language itself. */
export const dateLocale = (language: Language): string => (language === "en" ? "en-GB" : language);

/** `May 2026`, `mayo de 2026`; of `2026-05`. */
export const monthOfYear = (month: string, language: Language): string =>
  new Intl.DateTimeFormat(dateLocale(language), { month: "long", year: "numeric", timeZone: "UTC" }).format(
    Date.parse(`${month}-15T00:00:00Z`),
  );
