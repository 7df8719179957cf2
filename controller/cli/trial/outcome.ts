// What one run of a trial's day came to: energy, switchings, what flows asked and were answered, limits that were touched,
// alarms, and curves. Counted from the plant and from what was said, never from what flows believe.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { TRIAL_SERIES_MS, type TrialRun } from "@gridwright/contract/api-trials.ts";
import type { Decision, Reason, RuleName } from "@gridwright/contract/decision.ts";
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import { render } from "@gridwright/contract/render.ts";
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { FlowNode } from "@gridwright/flows/runtime/gate/flow-node.ts";
import type { PlantWorld } from "@gridwright/twin/plant/world.ts";
import { counter, type Figures } from "@gridwright/twin/simulate/figures.ts";
import type { Tick } from "@gridwright/twin/simulate/tick.ts";

const HOUR_MS = 3_600_000;
const LINES_MAX = 200;
/** The controller finds its feet: what is missing so soon after its start is no alarm of the day. */
export const SETTLED_MS = 120_000;
/** Rules that protect devices, sources and what was agreed; the others wish, bring back or warn. */
const LIMITS: ReadonlySet<RuleName> = new Set([
  ...(["device-limits", "battery-limits", "overload", "source-limits", "load-rejection"] as const),
  ...(["export-limit", "import-limit", "ladder", "allowance"] as const),
]);

type Line<K extends "requests" | "limits" | "alarms"> = TrialRun[K][number];

/** Counts what is alike as one line; beyond the most lines nothing new is taken. */
function tally<L extends { n: number }>() {
  const lines = new Map<string, L>();
  return {
    count(key: string, line: () => L): void {
      const known = lines.get(key);
      if (known !== undefined) known.n += 1;
      else if (lines.size < LINES_MAX) lines.set(key, line());
    },
    all: (): L[] => [...lines.values()].sort((left, right) => right.n - left.n),
  };
}

const trimmed = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** The node that asks for this asset with these words; empty: none is known. */
export const askingNode = (flows: readonly FlowNode[], asset: string, why: string): string => {
  const node = flows.find((one) => trimmed(one.asset) === asset && trimmed(one.reason) === why);
  return node === undefined ? "" : trimmed(node.name) || node.id;
};

interface Curves extends Record<keyof TrialRun["series"], number[]> {}

function curves() {
  const series: Curves = { sunW: [], loadW: [], importW: [], soc: [] };
  let from = { m: 0, pv: 0, load: 0, gridImport: 0 };
  return {
    series,
    watch({ m, totals, battery }: PlantWorld): void {
      if (m - from.m < TRIAL_SERIES_MS) return;
      const hours = (m - from.m) / HOUR_MS;
      const { pv, load, gridImport } = totals;
      series.sunW.push(Math.round((pv - from.pv) / hours));
      series.loadW.push(Math.round((load - from.load) / hours));
      series.importW.push(Math.round((gridImport - from.gridImport) / hours));
      series.soc.push(Math.round(battery.soc * 1_000) / 1_000);
      from = { m, pv, load, gridImport };
    },
  };
}

export interface OutcomeOptions {
  readonly model: SiteModel;
  readonly flows: readonly FlowNode[];
  /** Of the flows; null: there are none. */
  readonly hash: string | null;
}

export interface Outcome {
  watch(tick: Tick, alarms: readonly AlarmMessage[]): void;
  close(world: PlantWorld, process: TrialRun["process"]): TrialRun;
}

export const QUIET_PROCESS: TrialRun["process"] = { ended: [], said: [], stalledMs: 0 };

/** What flows asked, what was touched and what was raised, alike as one. */
function createTallies({ model, flows }: OutcomeOptions) {
  const asked = tally<Line<"requests">>();
  const limits = tally<Line<"limits">>();
  const raised = tally<Line<"alarms">>();
  const names = assetNames(model);
  const inWords = (reason: Reason) => ({
    en: render(reason, { language: "en", names }),
    es: render(reason, { language: "es", names }),
  });
  return {
    answered({ outcome, reason }: Answer, { body }: Request): void {
      if (body.kind === "withdraw" || !("asset" in body)) return;
      const { asset } = body;
      const why = "why" in body ? body.why : "";
      asked.count([asset, why, outcome, reason.code].join("\n"), () => ({
        ...{ asset, outcome, n: 1, said: inWords(reason), node: askingNode(flows, asset, why) },
      }));
    },
    decided({ rule, asset }: Decision): void {
      // What a box did by itself is told by it, not by a rule.
      if (rule !== "box" && LIMITS.has(rule))
        limits.count(`${rule}\n${asset}`, () => ({ rule, asset, n: 1 }));
    },
    alarmed: ({ id, severity, reason }: Alarm): void =>
      raised.count(id, () => ({ id, severity, said: inWords(reason), n: 1 })),
    all: () => ({ requests: asked.all(), limits: limits.all(), alarms: raised.all() }),
  };
}

const switchingsOf = ({ loads }: PlantWorld): TrialRun["switchings"] =>
  Object.fromEntries(loads.flatMap(({ id, coil }) => (coil === undefined ? [] : [[id, coil.changes]])));

const tiersOf = (byTier: Figures["byTier"]): TrialRun["tiers"] =>
  Object.entries(byTier)
    .map(([tier, energy]) => ({ tier: Number(tier), ...energy }))
    .sort((left, right) => left.tier - right.tier);

export function createOutcome(options: OutcomeOptions): Outcome {
  const count = counter(options.model);
  const curve = curves();
  const tallies = createTallies(options);
  return {
    watch(tick, alarms) {
      const { world, requests, step } = tick;
      count.watch(tick);
      curve.watch(world);
      const byId = new Map(requests.map((request) => [request.id, request]));
      for (const answer of step.answers) {
        const request = byId.get(answer.id);
        if (request?.role === "flow") tallies.answered(answer, request);
      }
      for (const decision of step.decisions) tallies.decided(decision);
      if (world.m <= SETTLED_MS) return;
      for (const { event, alarm } of alarms) if (event === "raised") tallies.alarmed(alarm);
    },
    close(world, process) {
      const { byTier, ...figures } = count.close(world);
      const { generatorHours, gridImportWh, gridExportWh, batteryThroughputWh, pvWh, curtailedWh } = figures;
      return {
        ...{ flows: options.hash, tiers: tiersOf(byTier), switchings: switchingsOf(world), ...tallies.all() },
        ...{ generatorHours, gridImportWh, gridExportWh, batteryThroughputWh, pvWh, curtailedWh },
        ...{ series: curve.series, process },
      };
    },
  };
}
