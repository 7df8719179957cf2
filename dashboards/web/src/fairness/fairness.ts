// What the fairness card says, house by house: how much of what it needed it got, and what of its day is used. Pure.
import type { FairnessReport, MemberFairness } from "@gridwright/contract/fairness.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { ageText, energyText, shareText } from "../text/numbers.ts";
import type { Say, WordKey } from "../words/words.ts";

export interface HouseLine {
  readonly id: string;
  readonly name: string;
  /** `97 %`, with `about` where a part is an estimate. */
  readonly served: string;
  /** `3 h`: time that loads were off; empty: none. */
  readonly off: string;
  /** `4.2 of 14 kWh`. */
  readonly today: string;
  /** How full its day is, 0..1; null: not limited. */
  readonly full: number | null;
  readonly stage: MemberFairness["stage"];
  readonly note: string;
}

interface Words {
  readonly say: Say;
  readonly language: Language;
}

const NOTES: Readonly<Record<MemberFairness["stage"], WordKey | undefined>> = {
  ok: undefined,
  near: "fair-near",
  spent: "fair-spent",
  over: "fair-over",
};
const MINUTE_MS = 60_000;

function servedText({ servedRatio, estimated }: MemberFairness, { say, language }: Words): string {
  if (servedRatio === null) return "—";
  const share = shareText(servedRatio, language);
  return estimated ? say("fair-about", { share }) : share;
}

function todayText({ usedTodayWh, allowanceWh }: MemberFairness, { say, language }: Words): string {
  const used = energyText(usedTodayWh, language);
  return allowanceWh === null ? used : say("fair-of", { used, all: energyText(allowanceWh, language) });
}

/** Houses with the worst served first; names from the site. */
export function houseLines(
  { members }: FairnessReport,
  names: Readonly<Record<string, { readonly name: string }>>,
  words: Words,
): readonly HouseLine[] {
  const worst = ({ servedRatio }: MemberFairness): number => servedRatio ?? 2;
  return Object.entries(members)
    .toSorted(([, a], [, b]) => worst(a) - worst(b))
    .map(([id, member]) => {
      const { offMs, countedTodayWh, allowanceWh, stage } = member;
      const note = NOTES[stage];
      return {
        id,
        name: names[id]?.name ?? id,
        served: servedText(member, words),
        off: offMs < MINUTE_MS ? "" : ageText(offMs, words.language),
        today: todayText(member, words),
        full: allowanceWh === null ? null : Math.min(1, countedTodayWh / allowanceWh),
        stage,
        note: note === undefined ? "" : words.say(note),
      };
    });
}
