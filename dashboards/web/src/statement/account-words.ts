// Words of what is done with the account on the page; those of statements, which paper says too, stand in contract.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type AccountKey = keyof typeof en;
export type SayOfAccount = (key: AccountKey, params?: Readonly<Record<string, string>>) => string;

export const ACCOUNT_WORDS: Readonly<Record<Language, Readonly<Record<AccountKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfAccount = (language: Language): SayOfAccount => sayFrom(ACCOUNT_WORDS[language]);
