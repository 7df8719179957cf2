// Mistakes of vehicles and tanks that only show between two keys: departures that contradict each other, a need for which
// there is no room or no time, a tank that loses all it has. What passes here never divides by nothing in a plan.
import type { AssetOf } from "./assets.ts";
import type { Mistake } from "./model.ts";
import type { Site } from "./site.ts";
import { CHARGING_EFFICIENCY, type Departure, type Tank } from "./stores.ts";
import { WEEKDAYS } from "./workshop.ts";

type Vehicle = AssetOf<"ev">;
type Told = readonly [key: (string | number)[], message: string];

const DAY_MIN = 1_440;
const WEEK_MIN = 7 * DAY_MIN;

const kWh = (wattHours: number): string => `${Number((wattHours / 1_000).toFixed(1))} kWh`;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

interface Away {
  readonly index: number;
  readonly departure: Departure;
  readonly day: string;
  /** Minutes of the week. */
  readonly leaves: number;
  readonly returns: number;
}

/** All times of a week in which it is away, the earliest first. */
function weekOf({ departs }: Vehicle): Away[] {
  return departs
    .flatMap((departure, index) =>
      departure.days.map((day): Away => {
        const leaves = WEEKDAYS.indexOf(day) * DAY_MIN + minuteOf(departure.at);
        const lasts = (minuteOf(departure.back) - minuteOf(departure.at) + DAY_MIN) % DAY_MIN;
        return { index, departure, day, leaves, returns: leaves + lasts };
      }),
    )
    .toSorted((a, b) => a.leaves - b.leaves);
}

/** Of two that follow each other: the later leaves while the earlier is away, or what it needs does not fit between. */
function betweenMistake(before: Away, { index, departure, leaves, day }: Away, rating: number): Told[] {
  const stands = (((leaves - before.returns) % WEEK_MIN) + WEEK_MIN) % WEEK_MIN;
  const sinceLeft = (((leaves - before.leaves) % WEEK_MIN) + WEEK_MIN) % WEEK_MIN || WEEK_MIN;
  const { at, needs } = departure;
  if (sinceLeft < before.returns - before.leaves)
    return [
      [
        ["departs", index, "at"],
        `on ${day} at ${at} it is still away: it left at ${before.departure.at} (departs.${before.index}) and is back at ${before.departure.back}`,
      ],
    ];
  const most = rating * CHARGING_EFFICIENCY * (stands / 60);
  if (needs <= most) return [];
  return [
    [
      ["departs", index, "needs"],
      `is ${kWh(needs)}, but between ${before.departure.back} and ${at} (${day}) at most ${kWh(most)} can be charged: lower it, or correct rating or the times`,
    ],
  ];
}

/** Each mistake once, though it comes on every day of the week. */
const once = (all: readonly Told[]): Told[] => [
  ...new Map(all.toReversed().map((told) => [told[0].join(), told])).values(),
];

function timeMistakes(spec: Vehicle): Told[] {
  const week = weekOf(spec);
  return once(
    week.flatMap((away, at) => betweenMistake(week.at(at - 1) ?? away, away, spec.rating)),
  ).toReversed();
}

function needMistakes({ battery, departs }: Vehicle): Told[] {
  return departs.flatMap(({ at, back, needs }, index): Told[] => {
    if (at === back) return [[["departs", index, "back"], "is when it leaves; say when it is back"]];
    if (needs <= 0)
      return [[["departs", index, "needs"], "must be above 0; leave the line away if it needs nothing"]];
    return battery === undefined || needs <= battery
      ? []
      : [
          [
            ["departs", index, "needs"],
            `is ${kWh(needs)} and battery holds ${kWh(battery)}: lower it, or correct battery`,
          ],
        ];
  });
}

function vehicleMistakes(spec: Vehicle): Told[] {
  const { battery, departs, points } = spec;
  if (battery !== undefined && battery <= 0)
    return [[["battery"], "must be above 0: say how much it holds, such as 40 kWh"]];
  if (battery === undefined && points.soc !== undefined && departs.length > 0)
    return [[["battery"], "is needed beside points.soc: say how much it holds, such as 40 kWh"]];
  const needs = needMistakes(spec);
  return needs.length > 0 ? needs : timeMistakes(spec);
}

/** Heat that its own losses take in a day when it is half full. */
const lostInADay = ({ capacity, losses }: Tank): number => 12 * losses * capacity;

function heatMistakes({ coldest, hottest }: Tank, isMeasured: boolean): Told[] {
  if (coldest === undefined && hottest === undefined) return [];
  if (coldest === undefined || hottest === undefined)
    return [
      [
        ["store", coldest === undefined ? "coldest" : "hottest"],
        "is needed too: its heat is reckoned between coldest and hottest",
      ],
    ];
  if (hottest <= coldest) return [[["store", "hottest"], `must be above coldest (${coldest} °C)`]];
  return isMeasured
    ? []
    : [
        [
          ["points", "temperature"],
          "is needed beside coldest and hottest: name the tank's sensor, or leave both away",
        ],
      ];
}

function tankMistakes({ store, rating, points, measure }: AssetOf<"load">): Told[] {
  if (store === undefined) return [];
  const { capacity, daily, losses } = store;
  if (capacity <= 0)
    return [[["store", "capacity"], "must be above 0: a litre holds 1.16 Wh for each degree"]];
  if (losses < 0 || losses >= 0.5)
    return [
      [["store", "losses"], "are those of an hour, from 0 % to below 50 %: a good tank loses about 1 %"],
    ];
  const heat = heatMistakes(store, points.temperature !== undefined || measure !== undefined);
  if (daily === undefined) return heat;
  if (daily <= 0)
    return [...heat, [["store", "daily"], "must be above 0; leave it away where it is not known"]];
  const most = rating * 24 - lostInADay(store);
  if (daily > most)
    return [
      ...heat,
      [
        ["store", "daily"],
        `is ${kWh(daily)}, but it heats at most ${kWh(most)} in a day: lower it, or correct rating`,
      ],
    ];
  return heat;
}

export function storeMistakes({ assets }: Site): Mistake[] {
  return Object.entries(assets).flatMap(([id, spec]): Mistake[] => {
    const told = spec.kind === "ev" ? vehicleMistakes(spec) : spec.kind === "load" ? tankMistakes(spec) : [];
    return told.map(([key, message]) => ({ path: ["assets", id, ...key], message }));
  });
}
