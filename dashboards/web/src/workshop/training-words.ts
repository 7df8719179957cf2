// Words of trainings and of who must be there beside: only where a site has a workshop are they fetched.
import type { Language } from "@gridwright/contract/reasons.ts";
import { sayFrom } from "../words/words.ts";
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };

export type TrainingKey = keyof typeof en;
export type SayOfTraining = (key: TrainingKey, params?: Readonly<Record<string, string>>) => string;

export const TRAINING_WORDS: Readonly<Record<Language, Readonly<Record<TrainingKey, string>>>> = { en, es };

/** `(key, params)` → text in `language`. */
export const sayOfTraining = (language: Language): SayOfTraining => sayFrom(TRAINING_WORDS[language]);
