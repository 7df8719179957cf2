// Trials of technicians' flows on a twin of the site: what is asked, and what comes of it, before and after. Energies in Wh,
// powers in W, charge 0..1; each of the two runs is the same day from the same begin.
import { z } from "zod";
import { RULE_NAMES } from "./decision.ts";

export const TRIAL_WEATHERS = ["yesterday", "sunny", "mixed", "dull"] as const;
export const TRIAL_FAULTS = ["none", "grid-lost", "overload", "meter-silent"] as const;
export const TRIAL_HOURS = 24;
export const TRIALS_KEPT = 10;
/** A quarter of an hour for each point of the curves. */
export const TRIAL_SERIES_MS = 900_000;
const NODES_MAX = 400;
const LINES_MAX = 200;
const CHARS_MAX = 400;

export const TrialAsk = z.strictObject({
  flows: z
    .array(z.looseObject({ id: z.string().max(64), type: z.string().max(100) }))
    .max(NODES_MAX)
    .describe("all nodes, as Node-RED exports them"),
  weather: z.enum(TRIAL_WEATHERS).default("yesterday"),
  fault: z.enum(TRIAL_FAULTS).default("none"),
  hours: z.int().min(1).max(TRIAL_HOURS).default(TRIAL_HOURS),
});
export type TrialAsk = z.output<typeof TrialAsk>;

const Said = z.strictObject({ en: z.string(), es: z.string() });
const count = z.int().min(0);

/** What came of one run of the day. */
export const TrialRun = z.strictObject({
  flows: z.string().max(64).nullable().describe("sha256 of what ran; null: no flows"),
  tiers: z
    .array(z.strictObject({ tier: z.int(), servedWh: z.number(), notServedWh: z.number() }))
    .describe("energy served, and wanted while there was no supply"),
  switchings: z.record(z.string(), count).describe("of each load's relay"),
  requests: z
    .array(
      z.strictObject({
        asset: z.string(),
        node: z.string().max(CHARS_MAX).describe("the node that asks so, where one does"),
        outcome: z.enum(["accepted", "clipped", "refused"]),
        said: Said,
        n: count,
      }),
    )
    .max(LINES_MAX),
  limits: z
    .array(z.strictObject({ rule: z.enum(RULE_NAMES), asset: z.string(), n: count }))
    .max(LINES_MAX)
    .describe("decisions of rules that protect devices and agreements"),
  alarms: z
    .array(
      z.strictObject({
        id: z.string(),
        severity: z.enum(["info", "warning", "critical"]),
        said: Said,
        n: count,
      }),
    )
    .max(LINES_MAX),
  generatorHours: z.number(),
  gridImportWh: z.number(),
  gridExportWh: z.number(),
  batteryThroughputWh: z.number(),
  pvWh: z.number(),
  curtailedWh: z.number(),
  series: z
    .strictObject({
      sunW: z.array(z.number()),
      loadW: z.array(z.number()),
      importW: z.array(z.number()),
      soc: z.array(z.number()),
    })
    .describe("means of each quarter of an hour; charge at its end"),
  process: z.strictObject({
    ended: z.array(z.string().max(CHARS_MAX)).max(LINES_MAX).describe("how its lives ended, if they did"),
    said: z
      .array(z.strictObject({ text: z.string().max(CHARS_MAX), n: count }))
      .max(LINES_MAX)
      .describe("what Node-RED complained about"),
    stalledMs: count.describe("real time for which the plant waited for flows that did not answer"),
  }),
});
export type TrialRun = z.output<typeof TrialRun>;

/** The day that both runs play. */
export const TrialDay = z.strictObject({
  weather: z.enum(TRIAL_WEATHERS),
  fault: z.enum(TRIAL_FAULTS),
  hours: z.int().min(1).max(TRIAL_HOURS),
  site: z.string().max(64).describe("hash of the site file"),
  start: z.number().describe("wall time, ms"),
  soc: z.number().describe("charge at its begin"),
  habits: z.enum(["scenario", "guessed"]).describe("where what people do comes from"),
  measured: z.boolean().describe("the weather is that of the last day; false where its readings are missing"),
});
export type TrialDay = z.output<typeof TrialDay>;

export const TrialHead = z.strictObject({
  id: z.string().max(40),
  at: z.number().describe("wall time, ms"),
  by: z.string().max(100),
  hash: z.string().max(64).describe("of the flows that were tried"),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  progress: z.number().min(0).max(1),
  why: Said.nullable().describe("where it failed"),
  day: TrialDay.nullable(),
  disabled: z.array(z.string().max(CHARS_MAX)).max(NODES_MAX).describe("nodes that are off in a trial"),
  outcome: z
    .strictObject({
      notServedWh: z.tuple([z.number(), z.number()]).describe("before, after"),
      refused: count,
      ended: count,
    })
    .nullable(),
});
export type TrialHead = z.output<typeof TrialHead>;

export const Trial = TrialHead.extend({
  before: TrialRun.nullable(),
  after: TrialRun.nullable(),
});
export type Trial = z.output<typeof Trial>;

export const TrialsAnswer = z.strictObject({ trials: z.array(TrialHead).describe("newest first") });
export type TrialsAnswer = z.output<typeof TrialsAnswer>;
export const TrialBegun = z.strictObject({ id: z.string() });
export const TrialNamed = z.strictObject({ id: z.string().min(1).max(40) });

/** The gate asks whether these flows were tried to the end. */
export const TriedAsk = z.strictObject({
  hash: z.string().min(1).max(64).describe("sha256 of their canonical text, hex"),
});
export const TriedAnswer = z.strictObject({ tried: z.boolean() });
