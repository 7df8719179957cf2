// Words of what the community agreed: only who opens that part of the page fetches them.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type AgreementKey = keyof typeof en;
export type SayOfAgreements = (key: AgreementKey, params?: Readonly<Record<string, string>>) => string;

export const AGREEMENT_WORDS: Readonly<Record<Language, Readonly<Record<AgreementKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfAgreements = (language: Language): SayOfAgreements => sayFrom(AGREEMENT_WORDS[language]);
