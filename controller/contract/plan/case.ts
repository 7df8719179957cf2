// A planning case: everything a planner is told about the hours ahead, as one JSON document that anybody can write or
// hand to another planner. Powers in W on the AC side, energies in Wh, prices per kWh; arrays hold one value a step.
// A part that is missing or null means none; an unknown key is a mistake.
import { z } from "zod";
import { PlanHeater, PlanVehicle } from "./stores.ts";

export const STEPS_MAX = 10_000;

const watt = z.number().min(0).max(1e9);
const watts = z.array(watt).max(STEPS_MAX);
const prices = z.array(z.number().min(-1e6).max(1e6)).max(STEPS_MAX);
const flags = z.array(z.union([z.literal(0), z.literal(1)])).max(STEPS_MAX);
const id = z.string().min(1).max(60);
const share = z.number().min(0).max(1);
const step = z.int().min(0).max(STEPS_MAX);
const efficiency = z.number().gt(0).max(1);
const cost = z.number().min(0).max(1e6);

export const PlanBattery = z.strictObject({
  id,
  capacityWh: z.number().gt(0).max(1e10),
  chargeMaxW: watt,
  dischargeMaxW: watt,
  efficiencyCharge: efficiency.default(1).describe("energy stored per energy taken on the AC side"),
  efficiencyDischarge: efficiency.default(1).describe("energy given on the AC side per energy taken out"),
  socInitial: share,
  socMin: share.default(0),
  socMax: share.default(1),
  socFinalMin: share.nullable().default(null).describe("charge that must be there after the last step"),
  wearCostPerKWh: cost.default(0).describe("per kWh discharged, AC side"),
  endValuePerKWh: cost.default(0).describe("worth of a stored kWh after the last step; no part of the score"),
});

export const PlanGenerator = z.strictObject({
  id,
  powerMinW: watt.default(0).describe("least power while it runs"),
  powerMaxW: watt,
  costPerKWh: cost.default(0),
  startCost: cost.default(0).describe("per start; one that runs in step 0 started there"),
  minRunSteps: step.default(0).describe("a run lasts so many steps, or to the end of the horizon"),
});

export const PlanLoad = z.strictObject({
  id,
  member: id.nullable().default(null),
  tier: z.int().min(0).max(4).default(2),
  powerW: watts,
  valuePerKWh: cost.default(0).describe("cost of a kWh that is not served"),
  curtailable: z.enum(["no", "continuous", "onoff"]).default("no"),
});

export const PlanJob = z.strictObject({
  id,
  machine: id,
  powerW: watts.min(1).describe("one value per step of its run"),
  earliestStep: step.default(0),
  latestEndStep: step.optional().describe("it has ended when this step begins; missing: the end of the case"),
  interruptible: z.boolean().default(false),
  required: z.boolean().default(true).describe("false: it runs only where that costs nothing"),
});

export const PlanCase = z.strictObject({
  version: z.literal(1),
  stepMinutes: z.number().gt(0).max(1_440),
  steps: z.int().min(1).max(STEPS_MAX),
  mode: z.enum(["whole", "rolling"]).default("whole"),
  horizonSteps: z
    .int()
    .min(1)
    .max(STEPS_MAX)
    .optional()
    .describe("rolling: how far each plan looks; 48 h unless told"),
  forecast: z
    .enum(["perfect", "previous-day", "own"])
    .default("perfect")
    .describe("rolling: what each plan believes of the steps after its own"),
  scoreSteps: z.tuple([step, step]).optional().describe("[from, to): the steps that the answer's sums count"),
  mipGap: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("relative gap; 1e-4 whole and 0.01 rolling unless told"),
  grid: z
    .strictObject({
      importMaxW: watts.optional(),
      exportMaxW: watts.optional(),
      available: flags.optional().describe("1: the grid is there"),
      priceImport: prices.optional(),
      priceExport: prices.optional(),
    })
    .optional(),
  pv: z.array(z.strictObject({ id, powerW: watts })).default([]),
  batteries: z.array(PlanBattery).default([]),
  generators: z.array(PlanGenerator).default([]),
  loads: z.array(PlanLoad).default([]),
  vehicles: z.array(PlanVehicle).default([]),
  heaters: z.array(PlanHeater).default([]),
  jobs: z.array(PlanJob).default([]),
  machines: z.array(z.strictObject({ id, open: flags })).optional(),
  siteMaxW: z
    .union([watt, watts])
    .nullable()
    .default(null)
    .describe("cap on loads, jobs, vehicles and heaters together, one value or one a step"),
  fairness: z
    .strictObject({
      maxExtraUnserved: z.number().min(0).max(1).describe("share by which weighted unserved energy may grow"),
    })
    .optional(),
});

export type PlanCase = z.infer<typeof PlanCase>;
/** A case as it is written: what has a default may be missing. */
export type PlanCaseText = z.input<typeof PlanCase>;
export type PlanBattery = z.infer<typeof PlanBattery>;
export type PlanGenerator = z.infer<typeof PlanGenerator>;
export type PlanLoad = z.infer<typeof PlanLoad>;
export type PlanJob = z.infer<typeof PlanJob>;
