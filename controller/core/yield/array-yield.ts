// What an array loses, and to what: a string that went, dirt, shade, its inverter's limit, sun that nobody took. Each in Wh a day
// and with what to do; nothing is said on too few clear days. Pure.
import type { ArrayYield, LossKind, YieldLoss } from "@gridwright/contract/array-yield.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import { PER_DAY } from "../plan/site/known.ts";
import { reason } from "../tick.ts";
import {
  type ArrayPast,
  clearHours,
  dailyLevels,
  evenProfile,
  levelOf,
  medianOf,
  shareAt,
} from "./clear-hours.ts";
import { fallOf } from "./fall.ts";
import { plateauOf } from "./plateau.ts";

export interface Judged {
  readonly asset: string;
  readonly past: ArrayPast;
  /** The day's date, YYYY-MM-DD, by its number since the beginning. */
  readonly dateOf: (day: number) => string;
}

/** With fewer clear days than this nothing is said. */
const CLEAR_DAYS_MIN = 4;
/** An hour of the day that gives so much less than the better ones is shaded. */
const SHADED = 0.12;
/** Less than this of what rating and plane promise, for as long as is known, is a mistake somewhere. */
const LOW = 0.7;
/** Less than this a day is not worth a walk to the roof, as a share of what it gives. */
const WORTH = 0.005;

interface Known {
  readonly past: ArrayPast;
  readonly profile: readonly (number | undefined)[];
  readonly level: number;
  /** What the sky let through of a clear one, mean of all hours that were not held. */
  readonly sky: number;
  readonly days: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Mean Wh a day of what is promised in these hours of the day, as the skies were. */
function promised({ past, sky, days }: Known, slots: (slot: number) => boolean): number {
  const watts = past.clear.filter((_, at) => slots(at % PER_DAY));
  return (sky * sum(watts)) / days;
}

const loss = (kind: LossKind, whPerDay: number, why: Reason): YieldLoss => ({ kind, whPerDay, why });
const hour = (slot: number): string => `${String(slot).padStart(2, "0")}:00`;

function fallen(known: Known, judged: Judged, levels: ReturnType<typeof dailyLevels>): readonly YieldLoss[] {
  const fall = fallOf(levels);
  if (fall === undefined) return [];
  const whPerDay = fall.lossRatio * known.level * promised(known, () => true);
  const params = { asset: judged.asset, lossRatio: fall.lossRatio, perDayWh: whPerDay };
  return fall.at === undefined
    ? [loss("soiling", whPerDay, reason("yield-soiling", params))]
    : [loss("string", whPerDay, reason("yield-string", { ...params, day: judged.dateOf(fall.at) }))];
}

/** Stretches of hours of the day that give less than the better ones. */
function shaded(known: Known, asset: string): readonly YieldLoss[] {
  const { profile, level } = known;
  const isShaded = (slot: number): boolean => {
    const share = profile[slot];
    return share !== undefined && share < (1 - SHADED) * level;
  };
  const begins = profile.flatMap((_, slot) => (isShaded(slot) && !isShaded(slot - 1) ? [slot] : []));
  return begins.map((from) => {
    let to = from;
    while (isShaded(to)) to += 1;
    const shares = profile.slice(from, to).map((share) => share ?? level);
    const lossRatio = 1 - sum(shares) / shares.length / level;
    const whPerDay = lossRatio * level * promised(known, (slot) => slot >= from && slot < to);
    const params = { asset, from: hour(from), to: hour(to), lossRatio, perDayWh: whPerDay };
    return loss("shading", whPerDay, reason("yield-shading", params));
  });
}

/** Sun that was there while something held the array back, by the sky of the same day where it showed. */
function heldBack({ past, profile, level, sky, days }: Known): number {
  const skyOf = (day: number): number => {
    const shares = Array.from({ length: PER_DAY }, (_, slot) => shareAt(past, day * PER_DAY + slot)).filter(
      (share) => share !== undefined,
    );
    return shares.length < 2 ? sky : Math.min(1, (medianOf(shares) ?? 0) / level);
  };
  const skies = Array.from({ length: Math.ceil(past.watts.length / PER_DAY) }, (_, day) => skyOf(day));
  const lost = past.held.flatMap((isHeld, at) => {
    const given = past.watts[at];
    if (!isHeld || given === undefined) return [];
    const most =
      (past.clear[at] ?? 0) * (profile[at % PER_DAY] ?? level) * (skies[Math.floor(at / PER_DAY)] ?? sky);
    return [Math.max(0, most - given)];
  });
  return sum(lost) / days;
}

function others(known: Known, asset: string, plateau: ReturnType<typeof plateauOf>): readonly YieldLoss[] {
  const curtailed = heldBack(known);
  const found: YieldLoss[] = [
    loss("curtailed", curtailed, reason("yield-curtailed", { asset, perDayWh: curtailed })),
  ];
  if (plateau !== undefined) {
    const whPerDay = plateau.lostWh / known.days;
    const params = { asset, topW: plateau.topW, perDayWh: whPerDay };
    found.push(loss("clipping", whPerDay, reason("yield-clipping", params)));
  }
  if (known.level < LOW) {
    const whPerDay = (1 - known.level) * promised(known, () => true);
    found.push(
      loss("low", whPerDay, reason("yield-low", { asset, levelRatio: known.level, perDayWh: whPerDay })),
    );
  }
  return found;
}

/** What the sky let through: all that was given and not held, against what a clear sky gives by this array's own profile. */
function skyOver(past: ArrayPast, profile: readonly (number | undefined)[], level: number): number {
  let [given, most] = [0, 0];
  for (const [at, watts] of past.watts.entries()) {
    if (watts === undefined || past.held[at] === true) continue;
    given += watts;
    most += (past.clear[at] ?? 0) * (profile[at % PER_DAY] ?? level);
  }
  return most > 0 ? Math.min(1, given / most) : 0;
}

/** Hours in which its inverter's limit, not sun or panel, told what it gave, count as held. */
const unclipped = (past: ArrayPast, topW: number | undefined): ArrayPast =>
  topW === undefined
    ? past
    : { ...past, held: past.held.map((isHeld, at) => isHeld || (past.watts[at] ?? 0) >= topW) };

/** Mean Wh a day of the hours that are known; null: not even a day of them. */
function meanDay({ watts }: ArrayPast): number | null {
  const known = watts.filter((one) => one !== undefined);
  return known.length < PER_DAY ? null : (PER_DAY * sum(known)) / known.length;
}

/** Judges one array by its hours; the dearest loss first. */
export function judgeArray(judged: Judged): ArrayYield {
  const { asset, past } = judged;
  const days = Math.max(1, past.watts.length / PER_DAY);
  const plateau = plateauOf(past);
  const free = unclipped(past, plateau?.fromW);
  const hours = clearHours(free);
  const profile = evenProfile(hours);
  const levels = dailyLevels(hours, profile);
  const level = levelOf(profile);
  const told = { asset, clearDays: levels.length, whPerDay: meanDay(past) };
  if (level === undefined || levels.length < CLEAR_DAYS_MIN) return { ...told, level: null, losses: [] };
  const known: Known = { past, profile, level, days, sky: skyOver(free, profile, level) };
  const losses = [
    ...fallen(known, judged, levels),
    ...shaded(known, asset),
    ...others(known, asset, plateau),
  ];
  const least = WORTH * (told.whPerDay ?? 0);
  return {
    ...{ ...told, level },
    losses: losses.filter(({ whPerDay }) => whPerDay > least).sort((a, b) => b.whPerDay - a.whPerDay),
  };
}
