// The planner beside a running site: every quarter of an hour, or when reality leaves the plan, it gathers what is known,
// has a plan made in a process of its own, keeps the last good one, and asks the brain for what the present hour needs.
// A plan that is too old asks for nothing: the rules carry on alone. It never touches a device.

import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { PlanReport, PlanWish, SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { Bus, History } from "@gridwright/contract/ports.ts";
import { REQUEST_TTL_MAX_MS } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, millis, minutes, seconds } from "@gridwright/contract/units.ts";
import { modelWithTiers } from "@gridwright/core/agreements/model-under.ts";
import { beginOf, type KnownJob, type KnownSite, STEPS } from "@gridwright/core/plan/site/known.ts";
import {
  leftWhy,
  type Measured,
  outsideNow,
  unwatched,
  type Watch,
  watchAfter,
} from "@gridwright/core/plan/site/reality.ts";
import { isStore } from "@gridwright/core/plan/site/stores.ts";
import { reason } from "@gridwright/core/tick.ts";
import type { Requester } from "../bus/requester.ts";
import { lookAgain } from "../clock/look-again.ts";
import { quietView } from "../live/listen.ts";
import { controlOf, type View } from "../live/view.ts";
import type { Weather } from "../weather/weather.ts";
import type { AskedProcess } from "./asked-process.ts";
import { createGatherer, type Gatherer } from "./gather.ts";
import { judgePast, type KeptPlan, keepPlan, readKept, writeKept } from "./kept-plan.ts";
import { heldNow, measuredNow, presentNow, runningNow } from "./measured.ts";
import type { PlanQuestion } from "./planner-child.ts";

/** A plan is followed for so long (plant time), and made anew after so long; sooner when reality has left it (core). */
const FOLLOWED_FOR = minutes(120);
const RENEWED_AFTER = minutes(15);
/** Never more often than this (real time): the machine has other work. */
const REST = seconds(20);
const LOOK = seconds(3);
/** A wish is asked for again after so long (plant time); it ends by itself soon after the plan drops it. */
const ASKED_EVERY = minutes(5);
/** A person wished otherwise: that is left alone for so long (plant time). */
const YIELDS_FOR = minutes(180);
const SEARCH = { gap: 0.01, timeMs: 20_000 } as const;

export interface PlannerOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly history: History;
  readonly requester: Requester;
  readonly child: AskedProcess<PlanQuestion, SitePlan>;
  readonly weather: Weather;
  /** Jobs of the workshop that are not over. */
  readonly jobs: () => readonly KnownJob[];
  readonly dataDir: string;
  readonly io: Clock;
  readonly log: Log;
}

export interface Planner {
  report(): PlanReport;
  close(): Promise<void>;
}

interface State {
  kept: KeptPlan;
  triedAt: number | undefined;
  tookMs: number | undefined;
  trouble: string | undefined;
  /** Who came before whom when the last plan was made. */
  tiers: string | undefined;
  watch: Watch;
  /** What was last asked of each asset. */
  readonly asked: Map<string, LastAsked>;
}

interface LastAsked {
  /** Plant time. */
  readonly at: Epoch;
  readonly on: boolean;
  /** A person wished otherwise. */
  readonly yields: boolean;
}

interface Parts extends PlannerOptions {
  readonly view: View;
  readonly gatherer: Gatherer;
  readonly file: string;
  readonly state: State;
}

const isFresh = (plan: SitePlan | undefined, now: Epoch | null): plan is SitePlan =>
  plan !== undefined && now !== null && now >= plan.madeAt && now - plan.madeAt < FOLLOWED_FOR;

/** What is needed how much now, as control tells it: by the site file, or agreed. */
const agreedModel = ({ model, view }: Parts): SiteModel =>
  modelWithTiers(
    model,
    Object.fromEntries(
      [...view.assets].flatMap(([id, { tier }]) => (tier === undefined ? [] : [[id, tier] as const])),
    ),
  );
const tiersNow = (parts: Parts): string =>
  JSON.stringify(
    Object.values(agreedModel(parts).assets).map(({ spec }) => ("tier" in spec ? spec.tier : null)),
  );

const idsOf = (jobs: readonly { readonly id: string }[]): string =>
  jobs
    .map(({ id }) => id)
    .sort()
    .join();
const hasOtherJobs = ({ jobs }: Parts, plan: SitePlan): boolean => idsOf(jobs()) !== idsOf(plan.jobs);

/** Why a plan is due; undefined: it is not, or the machine still rests from the last one. */
function dueWhy(parts: Parts, measured: Measured, now: Epoch): Reason | undefined {
  const { io, state } = parts;
  if (state.triedAt !== undefined && io.now() - state.triedAt < REST) return undefined;
  const { plan } = state.kept;
  if (!isFresh(plan, now)) return reason("plan-none");
  const why = leftWhy(state.watch, measured, { plan, now });
  if (why !== undefined) return why;
  if (hasOtherJobs(parts, plan)) return reason("plan-jobs");
  if (state.tiers !== undefined && state.tiers !== tiersNow(parts)) return reason("plan-agreed");
  return now - plan.madeAt >= RENEWED_AFTER ? reason("plan-regular") : undefined;
}

async function makePlan(parts: Parts, now: Epoch, why: Reason): Promise<void> {
  const { view, io, child, gatherer, file, state, weather } = parts;
  const model = agreedModel(parts);
  const began = io.now();
  state.triedAt = began;
  state.tiers = tiersNow(parts);
  const past = await gatherer.gather(now);
  const site: KnownSite = {
    ...{ model, ...past, mode: view.head.mode, ...heldNow(parts), running: runningNow(parts) },
    sky: weather.sky(epoch(beginOf(past)), STEPS),
    jobs: parts.jobs(),
    ...{ present: presentNow(parts), outside: outsideNow(state.watch), why },
  };
  const told = await child.ask({ site, limits: SEARCH }, millis(SEARCH.timeMs));
  // It is needed for a second each quarter of an hour, and holds 160 MB.
  child.close();
  state.tookMs = io.now() - began;
  state.trouble = told.ok ? undefined : told.why;
  if (!told.ok) return;
  state.kept = keepPlan(judgePast(state.kept, model, past), told.answer);
  writeKept(file, state.kept);
}

/** The plan's wish in words for people who look at why a load is off. */
function whyOf({ model }: Parts, { asset, on }: PlanWish): string {
  const spec = model.assets[asset]?.spec;
  if (spec !== undefined && isStore(spec))
    return on
      ? "the plan: now is its best time to take energy"
      : "the plan: it takes energy at a better time";
  return on ? "the plan: needed before there is sun" : "the plan: kept for what is needed more";
}

async function askFor(parts: Parts, wish: PlanWish, now: Epoch): Promise<void> {
  const { requester, state, log } = parts;
  const { asset, on, until } = wish;
  const last = state.asked.get(asset);
  const isSame = last !== undefined && (last.on === on || last.yields) && now >= last.at;
  if (isSame && now - last.at < (last.yields ? YIELDS_FOR : ASKED_EVERY)) return;
  const leftMs = until === undefined ? REQUEST_TTL_MAX_MS : until - now;
  if (leftMs <= 0) return;
  const body = { kind: "switch", asset, on, why: whyOf(parts, wish) } as const;
  const ttlMs = millis(Math.min(REQUEST_TTL_MAX_MS, Math.ceil(leftMs)));
  state.asked.set(asset, { at: now, on, yields: false });
  const { outcome, reason: why } = await requester.send({ role: "planner", body, ttlMs });
  if (outcome !== "refused") return;
  if (why.code === "answer-person") state.asked.set(asset, { at: now, on, yields: true });
  log.info("a wish of the plan was refused", { asset, reason: why.code });
}

async function look(parts: Parts): Promise<void> {
  const { view, state } = parts;
  const { t } = view.head;
  if (t === null || controlOf(view).state !== "live") return;
  const measured = measuredNow(parts);
  state.watch = watchAfter(state.watch, measured, { plan: state.kept.plan, now: t });
  const why = dueWhy(parts, measured, t);
  if (why !== undefined) await makePlan(parts, t, why);
  const { plan } = state.kept;
  if (!isFresh(plan, t)) return;
  for (const wish of plan.wishes) await askFor(parts, wish, t);
}

function reportOf({ view, state, weather }: Parts): PlanReport {
  const { kept, tookMs, trouble } = state;
  const sky = weather.report();
  return {
    ...(kept.plan && { plan: kept.plan }),
    state: kept.plan === undefined ? "waiting" : isFresh(kept.plan, view.head.t) ? "fresh" : "expired",
    ...(tookMs !== undefined && { tookMs }),
    ...(trouble !== undefined && { trouble }),
    errors: kept.errors,
    ...(sky && { weather: sky }),
  };
}

export function startPlanner(options: PlannerOptions): Planner {
  const { model, bus, history, io, log, dataDir, child } = options;
  const view = quietView({ model, io, bus, log });
  const file = join(dataDir, "plan.json");
  const state: State = {
    ...{ kept: readKept(file), triedAt: undefined, tookMs: undefined, trouble: undefined },
    tiers: undefined,
    ...{ watch: unwatched, asked: new Map() },
  };
  const parts: Parts = { ...options, view, gatherer: createGatherer(model, history), file, state };
  const looking = lookAgain(io, LOOK, {
    look: () => look(parts),
    onError: (error) => {
      state.trouble = messageOf(error);
    },
  });
  return {
    report: () => reportOf(parts),
    async close() {
      const closed = looking.close();
      child.close();
      await closed;
    },
  };
}
