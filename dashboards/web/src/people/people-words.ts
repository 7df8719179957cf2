// Words of accounts and of who did what: only who opens those parts of the page fetches them.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type PeopleKey = keyof typeof en;
export const isKey = (text: string): text is PeopleKey => Object.hasOwn(en, text);
export type SayOfPeople = (key: PeopleKey, params?: Readonly<Record<string, string>>) => string;

export const PEOPLE_WORDS: Readonly<Record<Language, Readonly<Record<PeopleKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfPeople = (language: Language): SayOfPeople => sayFrom(PEOPLE_WORDS[language]);
