// The day of a trial: begin and charge as the site is now, habits of its scenario file (else the twin's own guess), weather
// and fault as they were chosen. Pure: the same order gives the same day.
import type { TrialDay } from "@gridwright/contract/api-trials.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { LastDay } from "@gridwright/runtime/flows/trial-order.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { Day } from "@gridwright/twin/simulate/day.ts";
import type { Befalling, Trouble } from "@gridwright/twin/simulate/trouble.ts";
import { asLastDay } from "./last-day.ts";

const SEED = 20;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NOON = 12;
const EVENING = 19;
const CLOUDINESS = { sunny: 0.05, mixed: 0.4, dull: 0.9, yesterday: 0 } as const;
/** All loads want so much of their rating at once. */
const CROWD = 1;

export interface DayParts {
  readonly model: SiteModel;
  readonly day: TrialDay;
  readonly lastDay: LastDay;
  /** None: habits are guessed. */
  readonly scenario?: Scenario;
}

function localHour(at: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone: timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") + part("minute") / 60;
}

/** The first time that the site's clock says `hour`, where what happens then is over within the day; else its middle. ms. */
function timeOf(hour: number, forMs: number, { day, model }: DayParts): number {
  const now = localHour(day.start, model.site.site.timezone);
  const at = Math.round(((hour - now + 24) % 24) * 60) * MINUTE_MS;
  const end = day.hours * HOUR_MS;
  return at + forMs < end ? at : Math.round(end / 2 / MINUTE_MS) * MINUTE_MS;
}

/** The meter of the grid, else of whatever is measured first: the one that control misses most. */
function mainMeter({ assets, devices }: SiteModel): string | undefined {
  const measured = Object.values(assets).filter(
    ({ spec }) => spec.measure !== undefined && devices[spec.measure] !== undefined,
  );
  return (measured.find(({ spec }) => spec.kind === "grid") ?? measured[0])?.spec.measure;
}

function faultOf(parts: DayParts): readonly Trouble[] {
  const { model, day } = parts;
  const during = (hour: number, forMs: number, what: Befalling): Trouble => {
    const short = Math.min(forMs, (day.hours * HOUR_MS) / 4);
    return { ...what, at: timeOf(hour, short, parts), forMs: short };
  };
  switch (day.fault) {
    case "none":
      return [];
    case "grid-lost":
      return [during(NOON, 2 * HOUR_MS, { kind: "plant", fault: { kind: "grid-lost" } })];
    case "overload": {
      const loads = Object.values(model.assets).flatMap(({ id, spec }) => (isConsumer(spec) ? [id] : []));
      return [during(EVENING, 10 * MINUTE_MS, { kind: "demand", loads, share: CROWD })];
    }
    case "meter-silent": {
      const device = mainMeter(model);
      return device === undefined ? [] : [during(NOON, HOUR_MS, { kind: "device", device, mode: "off" })];
    }
    default:
      return day.fault satisfies never;
  }
}

/** Mean of the air by the season of the north, as the simulated days have it, °C. */
function celsiusOf({ start }: TrialDay): number {
  const month = new Date(start).getUTCMonth();
  return Math.round(14 - 10 * Math.cos(((month + 0.5) / 12) * 2 * Math.PI));
}

export function dayOf(parts: DayParts): Day {
  const { model, day, lastDay, scenario = Scenario.parse({ scenario: "guessed" }) } = parts;
  const faults = faultOf(parts);
  const weather =
    day.weather === "yesterday" ? asLastDay({ model, day, lastDay, scenario, left: faults.length }) : [];
  // Where nothing was measured the sky is a mixed one, and the trial says so.
  const sky = day.weather === "yesterday" && !day.measured ? "mixed" : day.weather;
  return {
    ...{ seed: SEED, start: day.start, hours: day.hours, soc: day.soc },
    cloudiness: CLOUDINESS[sky],
    ...{ celsius: celsiusOf(day), swing: scenario.weather.swing },
    habits: scenario.habits,
    supply: { grid: scenario.grid, generator: scenario.generator },
    troubles: [...weather, ...faults].sort((left, right) => left.at - right.at),
  };
}
