// The words of the views that are loaded when they are opened, in each language.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./words-en.json" with { type: "json" };
import es from "./words-es.json" with { type: "json" };

export type ViewWord = keyof typeof en;
export type Tell = (key: ViewWord, params?: Readonly<Record<string, string>>) => string;

export const VIEW_WORDS: Readonly<Record<Language, Readonly<Record<ViewWord, string>>>> = { en, es };

/** `(key, params)` → text in `language`; a parameter that was not given stands as `?`. */
export const tellIn = (language: Language): Tell => sayFrom(VIEW_WORDS[language]);
