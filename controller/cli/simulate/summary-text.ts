// What a run of simulated days came to, in lines for people, and what each figure means. Text only; nothing is reckoned here.
import type { Figures } from "@gridwright/twin/simulate/figures.ts";
import type { Summary } from "./days.ts";

/** How far a run came. */
export interface Extent {
  /** Days that were asked for. */
  readonly asked: number;
  /** A person stopped it. */
  readonly interrupted: boolean;
  /** Of the days that were played, in any order. */
  readonly seeds: readonly number[];
  readonly commit: string;
}

const kwh = (wh: number): string => `${(wh / 1_000).toFixed(1)} kWh`;

/** `1 to 17, 19` */
export function seedsText(seeds: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const seed of seeds.toSorted((left, right) => left - right)) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === seed - 1) range[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`)).join(", ");
}

function figureLines({ figures, fairness }: Summary): readonly string[] {
  if (figures.hours === 0) return ["no figures: no day came to its end"];
  const tiers = Object.entries(figures.byTier)
    .sort(([left], [right]) => left.localeCompare(right))
    .map(
      ([tier, { servedWh, notServedWh }]) =>
        `tier ${tier}: ${kwh(servedWh)} served, ${kwh(notServedWh)} not served`,
    );
  const members =
    fairness.worstMember === ""
      ? "no load belongs to a member, so no shares are compared"
      : `worst served member ${(fairness.worstServedRatio * 100).toFixed(2)} % (${fairness.worstMember}), Jain ${fairness.jain.toFixed(4)}`;
  return [...tiers, members, workLine(figures)];
}

const workLine = (figures: Figures): string =>
  `${figures.switchings} switchings, ${figures.inverterTrips} trips, battery ${kwh(figures.batteryThroughputWh)}, generator ${figures.generatorHours.toFixed(1)} h, curtailed ${kwh(figures.curtailedWh)}`;

/** What a run came to. */
export function summaryLines(summary: Summary, { asked, interrupted, seeds, commit }: Extent): string[] {
  const { days, trace, figures, violations, crashes } = summary;
  if (days === 0) return [`interrupted: none of ${asked} days was played to its end`];
  const were = days === 1 ? "was" : "were";
  const stopped = interrupted ? [`interrupted: ${days} of ${asked} days ${were} played`] : [];
  return [
    ...violations.flatMap(({ story }) => [story, ""]),
    ...crashes.map(({ seed: own, what }) => `seed ${own}: the program failed: ${what}`),
    ...stopped,
    `${seeds.length === 1 ? "seed" : "seeds"} ${seedsText(seeds)}: ${figures.hours.toFixed(0)} h in ${figures.ticks} ticks, commit ${commit}, trace ${trace}`,
    ...figureLines(summary),
    `${violations.length} violations`,
  ];
}

/** What the figures mean, a paragraph each. */
export const LEGEND: readonly string[] = [
  "not served: what loads would have taken while they had no supply. The controller never switches tier 0 off, but by a last resort that the site itself declares: what tier 0 missed is what the plant could not give (inverter tripped, battery empty, device failed).",
  "worst served member: the smallest share of what was wanted; Jain: how even all shares are, 1 is alike.",
  "switchings: relays that moved; trips: the inverter cut out by itself; battery: in and out; curtailed: sun that nobody could take.",
  "trace: fingerprint of the days; the same seeds, options and commit give the same one.",
];
