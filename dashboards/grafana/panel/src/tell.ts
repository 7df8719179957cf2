// What is said of each part of the plant, word for word the same in the picture, in the table and to a screen reader:
// amounts without sign, and a word for the way in which power goes. Pure.
import type { Measure } from "./measure.ts";
import type { Asset, Node } from "./plant.ts";
import type { Say, Word } from "./words.ts";

export interface Telling {
  readonly say: Say;
  /** W as text with its unit, and a share as percent. */
  readonly power: (watts: number) => string;
  readonly share: (share: number) => string;
  /** ms since 1970. */
  readonly now: number;
}

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** A span of time in its largest unit: `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  return seconds < DAY_S ? `${Math.floor(seconds / HOUR_S)} h` : `${Math.floor(seconds / DAY_S)} d`;
}

export function powerText({ belief, value }: Measure, { say, power }: Telling): string {
  const amount = power(Math.abs(value));
  switch (belief) {
    case "none":
      return say("noValue");
    case "part":
      return say("atLeast", { power: amount });
    case "fresh":
    case "old":
      return amount;
    default:
      return belief satisfies never;
  }
}

const FLOWS: Readonly<Record<Node["place"], readonly [inward: Word, outward: Word]>> = {
  sun: ["giving", "taking"],
  battery: ["giving", "filling"],
  grid: ["taking", "givingBack"],
  generator: ["running", "taking"],
  loads: ["giving", "taking"],
  machines: ["giving", "taking"],
};

function stateWord({ place, direction, there, power }: Node): Word | undefined {
  if (there === false) return place === "grid" ? "gone" : "stopped";
  if (place === "generator" && there === true) return "running";
  if (power.belief === "none") return undefined;
  if (direction === "still") return "rest";
  return FLOWS[place][direction === "in" ? 0 : 1];
}

/** What it does, how it stands, and how old that is where it is old. */
export function stateTexts(node: Node, { say, now }: Telling): readonly string[] {
  const { power, level, reckoned } = node;
  const word = stateWord(node);
  const age = power.belief === "old" && power.t !== undefined && say("old", { ago: ageText(now - power.t) });
  const height = level !== "fine" && say(level);
  return [word && say(word), height, reckoned && say("reckoned"), age].filter(
    (text) => typeof text === "string",
  );
}

/** The amount, with the state of charge before it where there is one. */
export function amountText({ place, power, there, charge }: Node, telling: Telling): string {
  const amount = place !== "battery" && there === false ? "" : powerText(power, telling);
  if (charge === undefined || charge.belief === "none") return amount;
  return `${telling.share(charge.value)} · ${amount}`;
}

export const supplyText = ({ on }: Asset, { say }: Telling): string => {
  if (on === undefined) return "";
  return say(on ? "on" : "off");
};

/** When its oldest value was measured. */
export const newsText = ({ t }: Measure, { say, now }: Telling): string =>
  t === undefined ? "" : say("ago", { ago: ageText(now - t) });

/** How many of those that are switched have supply. */
export function countText(assets: readonly Asset[], { say }: Telling): string {
  const switched = assets.filter(({ on }) => on !== undefined);
  const on = switched.filter((asset) => asset.on).length;
  return switched.length === 0 ? "" : say("onOf", { on: String(on), all: String(switched.length) });
}
