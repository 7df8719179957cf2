// The plant of a scenario file as files that the demo starts from: its site, and a twin scenario without events. The demo
// begins a day before now, so the plant is set down where the sun then stands as the file wants it.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { loadStory } from "@gridwright/cli/load-story.ts";
import { merged, type Story } from "@gridwright/twin/scenario/story.ts";
import { parse, stringify } from "yaml";

const DAY_MS = 86_400_000;
const YEAR_D = 365.24;
const TILT_DEG = 23.44;
/** The solstice of winter is so many days before the first of January. */
const SOLSTICE_D = 10;

type Tree = Readonly<Record<string, unknown>>;

export interface StorySite {
  readonly story: Story;
  readonly site: string;
  readonly scenario: string;
}

/** Declination of the sun, °. */
function declination(at: number): number {
  const day = (at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / DAY_MS;
  return -TILT_DEG * Math.cos((2 * Math.PI * (day + SOLSTICE_D)) / YEAR_D);
}

const dayShare = (at: number): number => (at % DAY_MS) / DAY_MS;
/** −½ … ½ of a turn. */
const turn = (share: number): number => share - Math.round(share);

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where the sun stands from `begins` on as it stands over `place` from `start` on. */
function underSameSun({ latitude, longitude }: Place, start: number, begins: number): Place {
  const east = turn(longitude / 360 + dayShare(start) - dayShare(begins));
  const round = (degrees: number): number => Math.round(degrees * 1_000) / 1_000;
  return {
    latitude: round(latitude - declination(start) + declination(begins)),
    longitude: round(360 * east),
  };
}

/** Hours by which a zone is ahead of UTC at a moment. */
function aheadHours(timezone: string, at: number): number {
  const told = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value;
  return Number(/GMT([+-]\d+)/.exec(told ?? "")?.[1] ?? 0);
}

/** A zone whose clocks then show what the file's own clocks show at its start; names count westward. */
function sameHour(timezone: string, start: number, begins: number): string {
  const ahead = aheadHours(timezone, start) + Math.round(24 * turn(dayShare(start) - dayShare(begins)));
  const hours = ahead > 14 ? ahead - 24 : ahead < -12 ? ahead + 24 : ahead;
  return `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}

/** Writes both files into `folder`; `changes` go over the file's own. */
export function storySite(file: string, folder: string, changes: Tree = {}): StorySite {
  const story = loadStory(file);
  const told = parse(readFileSync(file, "utf8")) as Tree & { readonly site: string; readonly changes?: Tree };
  const base = parse(readFileSync(resolve(dirname(file), told.site), "utf8")) as Tree;
  const begins = Date.now() - DAY_MS;
  const { latitude, longitude, timezone } = story.model.site.site;
  const place = {
    ...underSameSun({ latitude: latitude ?? 0, longitude: longitude ?? 0 }, story.start, begins),
    timezone: sameHour(timezone, story.start, begins),
  };
  const whole = [told.changes ?? {}, changes, { site: place }].reduce(merged, base);
  const paths = { site: join(folder, "site.yaml"), scenario: join(folder, "scenario.yaml") };
  writeFileSync(paths.site, stringify(whole));
  const { seed, weather, battery, grid, generator, habits } = told;
  const scenario = { scenario: "story", seed, weather, battery, grid, generator, habits };
  writeFileSync(paths.scenario, stringify(JSON.parse(JSON.stringify(scenario))));
  return { story, ...paths };
}
