// A small community that only its seed knows: how it is fed, who lives there, what is measured and switched, what was
// agreed. Plain data in the words of a site file, so that the very parser and checks of real sites judge it. Pure.
import { mix, randomFrom } from "../../plant/random.ts";
import { drawAgreed } from "./agreed.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { Draft, Entry, Frame, Supply } from "./draft.ts";
import { drawInput } from "./input.ts";
import { drawLoads } from "./loads.ts";
import { drawSupply } from "./supply.ts";

const SALT = 4_099;
const SUPPLIES: readonly [Supply, ...Supply[]] = [
  ...(["island", "island", "island", "island"] as const),
  ...(["backup", "backup", "backup", "backup"] as const),
  ...(["beside", "line"] as const),
];
const RATINGS = { 1: [2_400, 3_000, 5_000, 5_000, 8_000], 3: [9_000, 12_000, 15_000, 24_000] } as const;
/** As `check` asks: what cannot be switched off, and what opted out, as shares of the rating. */
const FIRM_SHARE = 0.65;
const OPT_OUT_SHARE = 0.2;

function frameOf(dice: Dice): Frame {
  const supply = dice.one(SUPPLIES);
  const three = dice.chance(0.35);
  return {
    supply,
    phases: three ? ["L1", "L2", "L3"] : ["L1"],
    ratingVa: three ? dice.one(RATINGS[3]) : dice.one(RATINGS[1]),
    weak: supply !== "line" && supply !== "beside" && dice.chance(0.5),
  };
}

/** Mostly few loads, now and then many. */
const loadsOf = (dice: Dice): number => (dice.chance(0.08) ? dice.whole(10, 18) : dice.whole(2, 7));

export interface DrawnSite {
  /** A site file as data. */
  readonly file: Entry;
  readonly frame: Frame;
}

/** The site of a seed. */
export function drawSite(seed: number): DrawnSite {
  const dice = diceOf(randomFrom(mix(seed, SALT)));
  const frame = frameOf(dice);
  const phaseVa = frame.ratingVa / frame.phases.length;
  const draft: Draft = {
    ...{ dice, frame, links: {}, devices: {}, members: {}, assets: {} },
    ...{ phaseVa, firmVa: frame.ratingVa * FIRM_SHARE, optOutVa: frame.ratingVa * OPT_OUT_SHARE },
  };
  const feeder = drawSupply(draft);
  drawLoads(draft, feeder, loadsOf(dice));
  const agreed = drawAgreed(draft);
  const { links, devices, members, assets } = draft;
  const site = {
    ...{
      id: "drawn",
      name: `Drawn site ${seed}`,
      timezone: dice.one(["UTC", "Europe/Madrid", "America/Bogota"]),
    },
    ...{ latitude: dice.whole(-30, 45), longitude: dice.whole(-70, 20), simulated: true },
  };
  drawInput(draft);
  return { file: { gridwright: 1, site, links, devices, members, assets, ...agreed }, frame };
}
