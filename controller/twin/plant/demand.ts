// What each load wants now: episodes of its diary, thermostats over tanks and cold masses (which go on losing heat
// while they are off, so that they all want at once afterwards: cold-load pick-up), lights by the sun. Once per
// plant second; whether it gets it is decided by relays and bus.
import { randomAt, smoothNoise } from "./random.ts";
import type { LoadState } from "./world.ts";

/** What a load's demand depends on. */
export interface Moment {
  /** Plant seconds since the start. */
  readonly second: number;
  /** Local hour, 0..24, and hours since the day's start of the day before for what lasts past midnight. */
  readonly hour: number;
  readonly dark: boolean;
  readonly celsius: number;
  /** Seconds since the moment before. */
  readonly elapsedS: number;
  runs(id: string): boolean;
}

type Wanted = (load: LoadState, moment: Moment) => number;

/** Thermostat over a store that fills while it runs: on below `low`, off above `high`. */
function thermostat(load: LoadState, low: number, high: number): number {
  if (load.store < low) load.calling = true;
  else if (load.store > high) load.calling = false;
  return load.calling ? load.habit.share : 0;
}

/** Draws of hot water and of the village's tank, as a share of the daily mean at this hour. */
function drawAt(hour: number): number {
  const bump = (at: number, width: number): number => Math.exp(-(((hour - at) / width) ** 2));
  return 0.25 + 2.6 * bump(7.5, 1) + 1.2 * bump(13.5, 1.2) + 2.4 * bump(20.5, 1.4);
}

/** Share of the store that one second of full power fills, and that the mean draw takes in one second. */
const STORES = {
  heater: { fill: 1 / (3.2 * 3_600), draw: 1 / (15 * 3_600) },
  pump: { fill: 1 / (2.6 * 3_600), draw: 1 / (13 * 3_600) },
  "cold-store": { fill: 1 / (1.6 * 3_600), draw: 1 / (4 * 3_600) },
  ev: { fill: 1 / (5 * 3_600), draw: 0 },
} as const;

/** Somebody comes so long after a machine got its permit; meanwhile its control takes this share. */
const JOB_BEGINS_S = 75;
const JOB_STANDBY = 0.015;

interface Kept {
  readonly draw: number;
  readonly elapsedS: number;
}

function keepStore(load: LoadState, kind: keyof typeof STORES, { draw, elapsedS }: Kept): void {
  const { fill, draw: mean } = STORES[kind];
  const power = load.rating * load.habit.powerFactor * load.habit.share;
  const filled = power > 0 ? (load.powerW / power) * fill : 0;
  load.store = Math.max(0, Math.min(1, load.store + (filled - mean * draw) * elapsedS));
}

/** Episodes of today; `hour + 24` finds what began yesterday and lasts past midnight. */
function diaryShare(load: LoadState, hour: number): number {
  let share = 0;
  for (const { from, to, share: height } of load.episodes) {
    if (from > hour) break;
    if (hour < to) share = Math.max(share, height);
  }
  for (const { from, to, share: height } of load.lastNight)
    if (hour + 24 >= from && hour + 24 < to) share = Math.max(share, height);
  return share;
}

const wander = (load: LoadState, moment: Moment, periodS: number): number =>
  smoothNoise(load.seed, moment.second / periodS);

const WANTED: Readonly<Record<LoadState["habit"]["kind"], Wanted>> = {
  steady: (load, moment) => load.habit.share * (0.85 + 0.3 * wander(load, moment, 300)),
  lights: (load, moment) => (moment.dark ? load.habit.share : 0),
  basics: (load, moment) => {
    const period = 1_800 + (load.seed % 900);
    const cycle = (moment.second + (load.seed % period)) % period;
    const fridge = cycle < period * 0.38 ? 0.24 : 0;
    const evening = moment.dark && moment.hour > 6 && moment.hour < 23.2 ? load.habit.share : 0;
    return 0.03 + fridge + evening * (0.5 + 0.6 * wander(load, moment, 1_200));
  },
  sockets: (load, moment) =>
    Math.min(load.habit.share, 0.015 + 0.03 * wander(load, moment, 400) + diaryShare(load, moment.hour)),
  heater: (load, moment) => {
    const wash = 0.6 + 0.8 * randomAt(load.seed, Math.floor(moment.second / 900));
    keepStore(load, "heater", { draw: drawAt(moment.hour) * wash, elapsedS: moment.elapsedS });
    return thermostat(load, 0.72, 0.97);
  },
  pump: (load, moment) => {
    keepStore(load, "pump", { draw: drawAt(moment.hour), elapsedS: moment.elapsedS });
    return thermostat(load, 0.45, 0.92);
  },
  "cold-store": (load, moment) => {
    const warmth = Math.max(0.3, 0.4 + (moment.celsius - 4) / 20 + (moment.dark ? 0 : 0.3));
    keepStore(load, "cold-store", { draw: warmth, elapsedS: moment.elapsedS });
    return thermostat(load, 0.8, 0.97);
  },
  machine: (load, moment) => Math.max(0.02, diaryShare(load, moment.hour)),
  follower: (load, moment) => {
    const { of, runOnS, share } = load.habit;
    // Its store is what is left of the time after: 1 is all of it.
    if (of !== undefined && moment.runs(of)) load.store = 1;
    else load.store = runOnS === 0 ? 0 : Math.max(0, load.store - moment.elapsedS / runOnS);
    return load.store > 0 ? share : 0;
  },
  printer: (load, moment) => {
    const share = diaryShare(load, moment.hour);
    const bed = (moment.second + load.seed) % 90 < 35 ? 1.5 : 0.7;
    return share > 0 ? Math.min(load.habit.share, share * bed) : 0.03;
  },
  job: (load, { elapsedS }) => {
    load.store = load.supplied ? load.store + elapsedS : 0;
    const works = load.store > JOB_BEGINS_S && load.store < JOB_BEGINS_S + load.habit.onS;
    return works ? load.habit.share : JOB_STANDBY;
  },
  ev: (load, moment) => {
    keepStore(load, "ev", { draw: 0, elapsedS: moment.elapsedS });
    return load.store < 1 ? diaryShare(load, moment.hour) : 0;
  },
};

/** Active power in W that the load wants at this moment. */
export function wantedPower(load: LoadState, moment: Moment): number {
  const own = WANTED[load.habit.kind](load, moment);
  const share = Number.isNaN(load.forced) ? own : load.forced;
  const wobble = 0.985 + 0.03 * wander(load, moment, 45);
  return Math.max(0, share * load.rating * load.habit.powerFactor * wobble);
}
