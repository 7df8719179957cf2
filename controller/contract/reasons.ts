// The catalogue of reasons: every sentence the system can give for an act, an answer or an alarm, as data in each
// language. Codes are API. A parameter's name ends in its unit (loadRatio, freeVa, forMs); `:asset` names an asset.
import en from "./words/en.json" with { type: "json" };
import es from "./words/es.json" with { type: "json" };

export type ReasonCode = keyof typeof en;
export type Language = "en" | "es";
export const LANGUAGES: readonly Language[] = ["en", "es"];

export const SENTENCES: Readonly<Record<Language, Readonly<Record<ReasonCode, string>>>> = { en, es };
