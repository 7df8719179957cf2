// Words of the workshop: only where a site has one are they fetched.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./shop-en.json" with { type: "json" };
import es from "./shop-es.json" with { type: "json" };

export type ShopKey = keyof typeof en;
export type SayOfShop = (key: ShopKey, params?: Readonly<Record<string, string>>) => string;

export const SHOP_WORDS: Readonly<Record<Language, Readonly<Record<ShopKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfShop = (language: Language): SayOfShop => sayFrom(SHOP_WORDS[language]);
