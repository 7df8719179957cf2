// The page's own words in each language; the sentences of reasons and alarms come from contract's catalogue.
import type { Language } from "@gridwright/contract/reasons.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type WordKey = keyof typeof en;
export type Say = (key: WordKey, params?: Readonly<Record<string, string>>) => string;

export const WORDS: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { en, es };

/** Says what stands in a catalogue; a parameter that was not given stands as `?`. */
export const sayFrom =
  <Key extends string>(texts: Readonly<Record<Key, string>>) =>
  (key: Key, params: Readonly<Record<string, string>> = {}): string =>
    texts[key].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "?");

/** `(key, params)` → text in `language`. */
export const sayIn = (language: Language): Say => sayFrom(WORDS[language]);

/** The language once chosen here, else the browser's, else English. */
export function chosenLanguage(stored: string | null, browser: string): Language {
  if (stored === "en" || stored === "es") return stored;
  return browser.toLowerCase().startsWith("es") ? "es" : "en";
}

/** Where the choice is remembered. */
export const LANGUAGE_KEY = "gridwright-language";
