// A worker of `gridwright simulate`: runs the days it is told and sends each result back over its channel. It ends
// with its parent.

import { readFileSync } from "node:fs";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { type Day, drawDay } from "@gridwright/twin/simulate/day.ts";
import { drawnDay } from "@gridwright/twin/simulate/drawn/drawn-day.ts";
import { leaner } from "@gridwright/twin/simulate/drawn/leaner.ts";
import { grainOf } from "@gridwright/twin/simulate/quiet.ts";
import {
  type DayOptions,
  type DayResult,
  runDay,
  shrink,
  storyOf,
  type Violation,
} from "@gridwright/twin/simulate/run-day.ts";
import { allProfiles, loadSite } from "../load-site.ts";
import { CardKeeper } from "./card-keeper.ts";

export interface WorkOrder {
  readonly site: string;
  readonly scenario: string;
  readonly hours: number;
  readonly faults: boolean;
  readonly seed: number;
  /** Each seed has a site of its own, instead of `site` and `scenario`. */
  readonly drawn: boolean;
  /** Quiet steps of up to two minutes on most days; else of 10 s. */
  readonly coarse: boolean;
}

/** `story`: what a broken day was, made short. `crash`: the program itself failed. */
export interface WorkResult extends DayResult {
  readonly story?: string;
  readonly crash?: string;
}

interface Told {
  readonly model: SiteModel;
  readonly day: Day;
  /** The site file of a drawn site. */
  readonly text?: string;
}

let shipped: ReturnType<typeof allProfiles>["profiles"] | undefined;

function dayOf(order: WorkOrder): Told {
  if (order.drawn) {
    shipped ??= allProfiles().profiles;
    return drawnDay({ ...order, profiles: shipped });
  }
  const { model, habits } = siteOf(order);
  return { model, day: drawDay({ ...order, model, habits }) };
}

interface Loaded {
  readonly key: string;
  readonly model: SiteModel;
  readonly habits: Scenario["habits"];
}
let loaded: Loaded | undefined;

function siteOf({ site, scenario }: WorkOrder): Loaded {
  const key = `${site}\n${scenario}`;
  if (loaded?.key !== key) {
    const { habits } = readScenario(readFileSync(scenario, "utf8"), scenario);
    loaded = { key, model: loadSite(site).model, habits };
  }
  return loaded;
}

type OptionsOf = (model: SiteModel, day: Day) => DayOptions;

/** The broken day made short, and, where its site was drawn, the site made small. */
function shortStory({ model, day, text }: Told, violation: Violation, optionsOf: OptionsOf): string {
  const short = shrink(optionsOf(model, day), violation);
  if (text === undefined || shipped === undefined) return storyOf(model, short);
  const least = leaner({ text, model, ...short }, { profiles: shipped, options: optionsOf });
  return [storyOf(least.model, least), "", least.text].join("\n");
}

/** Runs one day; whatever goes wrong is in the result. */
export function workDay(order: WorkOrder): WorkResult {
  const { seed, coarse } = order;
  const optionsOf: OptionsOf = (model, day) => ({
    ...{ model, day },
    ...(coarse && grainOf(model, day.seed)),
    keeperOf: (own) => new CardKeeper(model, own),
  });
  try {
    const told = dayOf(order);
    const result = runDay(optionsOf(told.model, told.day));
    if (result.violation === undefined) return result;
    return { ...result, story: shortStory(told, result.violation, optionsOf) };
  } catch (error) {
    return { seed, trace: 0, crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (process.send !== undefined) {
  process.on("message", (order: WorkOrder) => process.send?.(workDay(order)));
  process.on("disconnect", () => process.exit(0));
  // The terminal's Ctrl-C reaches all; the parent says what is known.
  process.on("SIGINT", () => undefined);
}
