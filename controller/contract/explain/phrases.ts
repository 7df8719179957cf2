// The frames in which explanations stand, as data in each language: how an act, a rule, an input or what lost is told.
// A new reason needs no frame; a new rule needs its name here (`rule-…`). Placeholders are texts, already in words.
import type { Decider } from "../decision.ts";
import type { Language } from "../reasons.ts";
import en from "../words/explain-en.json" with { type: "json" };
import es from "../words/explain-es.json" with { type: "json" };

export type PhraseKey = keyof typeof en;

export const PHRASES: Readonly<Record<Language, Readonly<Record<PhraseKey, string>>>> = { en, es };

/** The phrase with its texts put in; one that was not given stands as `?`. */
export const phrase = (
  language: Language,
  key: PhraseKey,
  texts: Readonly<Record<string, string>> = {},
): string => PHRASES[language][key].replace(/\{(\w+)\}/g, (_, name: string) => texts[name] ?? "?");

/** A rule as people call it; its bare name where only a newer program knows it. */
export const ruleText = (rule: Decider, language: Language): string =>
  Object.hasOwn(PHRASES[language], `rule-${rule}`) ? phrase(language, `rule-${rule}`) : rule;
