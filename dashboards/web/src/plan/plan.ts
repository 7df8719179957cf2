// What the card of the next two days shows: curves of sun, use and charge in one picture, and the hours with sun to
// spare in words. Pure; W and shares in, text and SVG paths out.
import type { Band, ForecastError } from "@gridwright/contract/forecast.ts";
import type { PlanReport, SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import type { Wording } from "@gridwright/contract/render.ts";
import { aheadText, dayOf, type Telling } from "../text/clock.ts";
import { energyText, powerText, shareText } from "../text/numbers.ts";
import { sentence } from "../text/sentence.ts";

/** The picture's own units; the browser scales it. */
export const SIZE = { width: 960, height: 220 } as const;

const DAY_MS = 86_400_000;
/** An error that lies to one side by this part of its size is told as such. */
const LEANS = 0.4;

export interface Curves {
  /** Areas between the bounds, as SVG paths. */
  readonly sunBand: string;
  readonly loadBand: string;
  readonly sun: string;
  readonly load: string;
  /** On its own scale from empty to full; empty where nothing is known. */
  readonly charge: string;
  /** What jobs of the workshop take, on top of the load; empty where there are none. */
  readonly jobs: string;
  /** What would be left off, from the bottom. */
  readonly off: string;
  /** W at the top of the picture. */
  readonly topW: number;
}

type Value = (step: SitePlanStep) => number;

const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((all, value) => all + value, 0);

/** The next round figure above, so that the scale does not dance. */
function roundUp(watts: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, watts)));
  return [1, 2, 3, 5, 10].map((times) => times * size).find((top) => top >= watts) ?? watts;
}

export function curvesOf({ steps }: SitePlan): Curves {
  const topW = roundUp(
    Math.max(...steps.flatMap(({ sun, load, jobW }) => [sun.high, load.mid * 1.2 + jobW]), 1),
  );
  const x = (at: number): number => Math.round((at * SIZE.width) / Math.max(1, steps.length - 1));
  const y = (share: number): number => Math.round((1 - Math.min(1, Math.max(0, share))) * SIZE.height);
  const points = (value: Value, top: number): string[] =>
    steps.map((step, at) => `${x(at)} ${y(value(step) / top)}`);
  const line = (value: Value, top = topW): string => `M${points(value, top).join("L")}`;
  const area = (band: (step: SitePlanStep) => Band): string =>
    `M${[...points((step) => band(step).low, topW), ...points((step) => band(step).high, topW).reverse()].join("L")}Z`;
  const isCharged = steps.some(({ soc }) => soc !== null);
  return {
    sunBand: area(({ sun }) => sun),
    loadBand: area(({ load }) => load),
    sun: line(({ sun }) => sun.mid),
    load: line(({ load }) => load.mid),
    charge: isCharged ? line(({ soc }) => soc ?? 0, 1) : "",
    jobs: steps.some(({ jobW }) => jobW > 0)
      ? area(({ load: { mid }, jobW }) => ({ low: mid, mid, high: mid + jobW }))
      : "",
    off: area(({ unservedW }) => ({ low: 0, mid: 0, high: sum(unservedW) })),
    topW,
  };
}

/** The hour of the next day in which the sun gives most of what is used; nothing where it gives none. */
function leastBad(steps: readonly SitePlanStep[], words: Telling): string {
  const over = ({ sun, load }: SitePlanStep): number => sun.mid - load.mid;
  const ahead = steps.filter(({ at, sun }) => at > words.now && at < words.now + DAY_MS && sun.mid > 0);
  const [best] = ahead.toSorted((a, b) => over(b) - over(a));
  if (best === undefined) return "";
  return words.say("plan-least-bad", { when: aheadText(best.at, words) });
}

/** The next hours with sun to spare, the best first word: «11:20–15:10, about 3 kW». */
export function windowsText({ windows, steps }: SitePlan, { say, language, clock, now }: Telling): string {
  const open = windows.filter(({ to }) => to > now);
  if (open.length === 0)
    return `${say("plan-no-window")} ${leastBad(steps, { say, language, clock, now })}`.trim();
  const parts = open.map(({ from, to, powerW }) => {
    const times = {
      from: clock.time(Math.max(from, now)),
      to: clock.time(to),
      power: powerText(powerW, language),
    };
    return say(`plan-${dayOf(from, { clock, now })}`, times);
  });
  return say("plan-best", { windows: parts.join("; ") });
}

/** When the plan was made, and why then; nothing where an older program made it. */
export const madeText = ({ madeAt, why }: SitePlan, { say, clock }: Telling, wording: Wording): string =>
  why === undefined ? "" : say("plan-made", { time: clock.time(madeAt), why: sentence(why, wording) });

/** Limits that give because not everything fits, each once; "" where all hold. */
export function givesText({ relaxed }: SitePlan, { say, language }: Telling, { names }: Wording): string {
  if (relaxed.length === 0) return "";
  const what = relaxed.map(({ limit, id, by }) => {
    const word = limit === "soc-min" || limit === "job" ? limit : "other";
    return say(`plan-gives-${word}`, { name: names[id] ?? id, energy: energyText(by, language) });
  });
  return say("plan-gives", { what: [...new Set(what)].join("; ") });
}

/** An error's mean distance and coverage, and to which side it leans where that is a good part of it. */
function errorText(
  what: "sun" | "load",
  error: ForecastError | undefined,
  { say, language }: Telling,
): readonly string[] {
  if (error === undefined) return [];
  const { mae, bias, coverage } = error;
  const told = say(`plan-${what}-error`, {
    power: powerText(mae, language),
    share: shareText(coverage, language),
  });
  if (Math.abs(bias) < LEANS * mae) return [told];
  const leaning = say(`plan-${what}-${bias > 0 ? "more" : "less"}`, {
    power: powerText(Math.abs(bias), language),
  });
  return [told, leaning];
}

/** How it stands with the weather service; "" where the site names none. */
function weatherText({ weather }: PlanReport, { say, clock }: Telling): string {
  if (weather === undefined) return "";
  if (weather.trouble !== undefined) return say("plan-no-weather");
  return weather.at === null ? "" : say("plan-weather", { time: clock.time(weather.at) });
}

/** How far the plan can be trusted: its age, what it has learnt from, how good it has been. */
export function trustText(report: PlanReport, words: Telling): string {
  const { say, language } = words;
  const { plan, state, errors } = report;
  if (plan === undefined) return say("plan-waiting");
  const { sun, load, grid } = errors;
  return [
    state === "expired" ? say("plan-expired") : "",
    plan.historyDays < 3 ? say("plan-young", { days: String(plan.historyDays) }) : "",
    ...errorText("sun", sun, words),
    ...errorText("load", load, words),
    weatherText(report, words),
    grid === undefined ? "" : say("plan-grid-error", { share: shareText(grid.hits, language) }),
  ]
    .filter(Boolean)
    .join(" ");
}
