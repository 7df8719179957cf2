// Words of contested decisions: only who opens that part of the page fetches them.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type ContestKey = keyof typeof en;
export type SayOfContests = (key: ContestKey, params?: Readonly<Record<string, string>>) => string;

export const CONTEST_WORDS: Readonly<Record<Language, Readonly<Record<ContestKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfContests = (language: Language): SayOfContests => sayFrom(CONTEST_WORDS[language]);
