// What the card of the arrays says: of each how it does, and what it loses to what. Pure; report in, texts out.
import type { ArrayYield, YieldReport } from "@gridwright/contract/array-yield.ts";
import type { Wording } from "@gridwright/contract/render.ts";
import { energyText, shareText } from "../text/numbers.ts";
import { capital, sentence } from "../text/sentence.ts";
import type { Tell } from "../view/words.ts";

export interface ArrayTexts {
  readonly name: string;
  /** What it gives. */
  readonly gives: string;
  /** The dearest loss first, each with what to do. */
  readonly losses: readonly string[];
}

interface Telling {
  readonly tell: Tell;
  readonly wording: Wording;
}

function givesText({ clearDays, whPerDay, level }: ArrayYield, { tell, wording }: Telling): string {
  const { language } = wording;
  const day = whPerDay === null ? "" : tell("yield-day", { energy: energyText(whPerDay, language) });
  const state =
    level === null
      ? tell("yield-too-few", { days: String(clearDays) })
      : tell("yield-level", { level: shareText(level, language), days: String(clearDays) });
  return [day, state].filter(Boolean).join(" ");
}

export const arrayTexts = ({ arrays }: YieldReport, telling: Telling): readonly ArrayTexts[] =>
  arrays.map((array) => ({
    name: telling.wording.names[array.asset] ?? array.asset,
    gives: givesText(array, telling),
    losses: array.losses.map(({ why }) => `${capital(sentence(why, telling.wording))}.`),
  }));
