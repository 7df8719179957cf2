// Words of the door: only who stands before it fetches them.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./door-en.json" with { type: "json" };
import es from "./door-es.json" with { type: "json" };

export type DoorKey = keyof typeof en;
export type SayOfDoor = (key: DoorKey, params?: Readonly<Record<string, string>>) => string;

export const DOOR_WORDS: Readonly<Record<Language, Readonly<Record<DoorKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfDoor = (language: Language): SayOfDoor => sayFrom(DOOR_WORDS[language]);
