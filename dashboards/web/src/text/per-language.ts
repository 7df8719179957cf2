// A formatter of the browser for each language, made once: to make one takes a cheap phone longer than to draw a card.
import type { Language } from "@gridwright/contract/reasons.ts";

export function perLanguage<T>(make: (language: Language) => T): (language: Language) => T {
  const made = new Map<Language, T>();
  return (language) => {
    const one = made.get(language) ?? make(language);
    made.set(language, one);
    return one;
  };
}

/** In the order in which people look names up, with numbers by their size. */
export const orderIn = perLanguage((language) => new Intl.Collator(language, { numeric: true }).compare);
