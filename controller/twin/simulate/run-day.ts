// Runs a day with every invariant watched and everything counted; and makes a broken one short: entry by entry its
// troubles are left out and its end cut off, as long as the same invariant still breaks.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Broken } from "./broken.ts";
import { watchAll } from "./checks/all-checks.ts";
import { darkAfterSilence } from "./checks/plant-truth.ts";
import type { Day } from "./day.ts";
import { counter, type Figures } from "./figures.ts";
import type { Keeper } from "./keeper.ts";
import { simulate } from "./simulate.ts";
import type { SimulateOptions } from "./stage.ts";
import { troubleText } from "./trouble.ts";

export interface Violation {
  readonly invariant: string;
  /** Plant ms since the day's begin. */
  readonly at: number;
  readonly what: string;
}

export interface DayResult {
  readonly seed: number;
  readonly trace: number;
  readonly figures?: Figures;
  readonly violation?: Violation;
}

export interface DayOptions extends Omit<SimulateOptions, "watch" | "keeper"> {
  /** A new keeper for a run of this day. */
  readonly keeperOf?: (day: Day) => Keeper;
}

/** The day with all checks. What is no broken invariant (a bug of the program) is thrown. */
export function runDay(options: DayOptions): DayResult {
  const { day, model, keeperOf } = options;
  const check = watchAll();
  const count = counter(model);
  let trace = 0;
  try {
    const done = simulate({
      ...options,
      ...(keeperOf && { keeper: keeperOf(day) }),
      watch(tick) {
        trace = tick.state.now;
        count.watch(tick);
        check(tick);
      },
    });
    const figures = count.close(done.world);
    const { m: at } = done.world;
    const dark = darkAfterSilence(done.world);
    if (dark !== undefined)
      throw new Broken("I18 with every process stopped houses stay lit", { now: at, what: dark });
    return { seed: day.seed, trace: done.trace, figures };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const { invariant, at, what } = error;
    return { seed: day.seed, trace, violation: { invariant, at, what } };
  }
}

/** Runs that a shrink may take. */
const RUNS_MAX = 80;

/** The same day with as few troubles as break the same invariant. */
export function shrink(
  options: DayOptions,
  violation: Violation,
): { readonly day: Day; readonly violation: Violation } {
  let { day } = options;
  let found = violation;
  let runs = 0;
  const breaks = (smaller: Day): boolean => {
    runs += 1;
    const broken = runDay({ ...options, day: smaller }).violation;
    if (broken?.invariant !== violation.invariant) return false;
    found = broken;
    day = { ...smaller, hours: (broken.at + 1_000) / 3_600_000 };
    return true;
  };
  breaks({ ...day, troubles: day.troubles.filter(({ at }) => at <= violation.at) });
  for (let size = Math.ceil(day.troubles.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < day.troubles.length && runs < RUNS_MAX; ) {
      const troubles = [...day.troubles.slice(0, from), ...day.troubles.slice(from + size)];
      if (!breaks({ ...day, troubles })) from += size;
    }
  return { day, violation: found };
}

const clock = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  const part = (value: number): string => String(value).padStart(2, "0");
  return `${part(Math.floor(minutes / 60))}:${part(minutes % 60)}:${part(Math.floor(ms / 1_000) % 60)}`;
};

/** What happened, as a person reads it. */
export function storyOf(model: SiteModel, { day, violation }: ReturnType<typeof shrink>): string {
  const start = new Date(day.start).toISOString().slice(0, 16).replace("T", " ");
  return [
    `seed ${day.seed}: ${model.site.site.name}, ${start} UTC, charge ${Math.round(day.soc * 100)} %, clouds ${Math.round(day.cloudiness * 100)} %, ${day.celsius} °C`,
    ...day.troubles.map(
      (trouble) =>
        `  ${clock(trouble.at)}  ${troubleText(trouble)}${trouble.forMs > 0 ? `, for ${Math.round(trouble.forMs / 1_000)} s` : ""}`,
    ),
    `  ${clock(violation.at)}  expected: ${violation.invariant}`,
    `            but: ${violation.what}`,
  ].join("\n");
}
