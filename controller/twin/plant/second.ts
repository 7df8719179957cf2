// What changes slowly, once per plant second: events, local time, weather and sun, what each load wants, and one
// value of the trace's fingerprint.
import { type Moment, wantedPower } from "./demand.ts";
import { episodesOf } from "./diary.ts";
import { shine } from "./photovoltaics.ts";
import { mix, smoothNoise } from "./random.ts";
import { playEvents } from "./schedule.ts";
import { instant, sunOf } from "./sunshine.ts";
import { localDay, localHour, type PlantWorld } from "./world.ts";

/** Below this height of the sun (radians) lights are on. */
const DUSK = -0.03;

/** Local time minus UTC at an instant, in ms, by the site's time zone; UTC when the platform does not know it. */
export function zoneOffset(timezone: string, at: number): number {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      timeZoneName: "longOffset",
    }).formatToParts(at);
    const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
    return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch (cause) {
    if (cause instanceof RangeError) return 0;
    throw cause;
  }
}

function turnDay(world: PlantWorld): void {
  world.zoneMs = zoneOffset(world.model.site.site.timezone, instant(world));
  const day = localDay(world);
  for (const load of world.loads) {
    load.lastNight = episodesOf(load.habit, load.seed, day - 1).filter(({ to }) => to > 24);
    load.episodes = episodesOf(load.habit, load.seed, day);
  }
}

/** Clouds: banks of hours and single clouds of minutes over the scenario's cloudiness. */
function cloudShare(seed: number, second: number, cloudiness: number): number {
  const bank = smoothNoise(mix(seed, 11), second / 7_200);
  const cloud = smoothNoise(mix(seed, 12), second / 240);
  const cover = Math.max(0, Math.min(1, (cloudiness * 1.9 - 1 + 0.75 * bank + 0.5 * cloud - 0.05) * 2.2));
  return 0.82 * cover;
}

function weather(world: PlantWorld): boolean {
  const { cloudiness, temperature, swing } = world.scenario.weather;
  const clouds = cloudShare(world.seed, world.m / 1_000, cloudiness);
  world.transmission = (1 - clouds) * world.eventClear;
  world.airCelsius = temperature - swing * Math.cos(((localHour(world) - 3) / 24) * 2 * Math.PI);
  const sun = sunOf(world);
  shine(world.arrays, sun, world.transmission);
  return sun.elevation < DUSK;
}

function record(world: PlantWorld): void {
  const [soc, heat] = [
    world.battery.soc * 1e8,
    world.phases.reduce((sum, { heat: used }) => sum + used, 0) * 1e6,
  ];
  const powers = world.battery.powerW * 16 + world.inverter.trips;
  for (const value of [soc, heat, powers]) world.trace = mix(world.trace, Math.round(value) | 0);
}

/** Everything that is renewed once per plant second; `first` also opens the day's diaries. */
export function eachSecond(world: PlantWorld): void {
  if (world.m === 0) turnDay(world);
  else if (world.m % 60_000 === 0 && localHour(world) < 1 / 60) turnDay(world);
  playEvents(world);
  const dark = weather(world);
  const moment: Moment = {
    second: world.m / 1_000,
    hour: localHour(world),
    dark,
    celsius: world.airCelsius,
    elapsedS: (world.m - world.renewedAt) / 1_000,
    runs: (id) => {
      const load = world.loadById.get(id);
      return load !== undefined && load.powerW > 0.2 * load.rating;
    },
  };
  for (const load of world.loads) load.wantedW = wantedPower(load, moment);
  record(world);
}
