// Stores that serve one purpose in a planning case: a vehicle that wants to be charged when it leaves, and a heater whose tank or
// room keeps heat. What they want and do not get costs its value; a battery gives back, these never do.
import { z } from "zod";

const STEPS_MAX = 10_000;
const watt = z.number().min(0).max(1e9);
const id = z.string().min(1).max(60);
const share = z.number().min(0).max(1);
const step = z.int().min(0).max(STEPS_MAX);
const cost = z.number().min(0).max(1e6);
const capacity = z.number().gt(0).max(1e10);
const efficiency = z.number().gt(0).max(1);

const Trip = z.strictObject({
  leaveStep: step.describe("it is away from the beginning of this step on"),
  returnStep: step.optional().describe("it is back when this step begins; missing: after the case"),
  socLeave: share.describe("charge with which it wants to leave"),
  usesWh: z.number().min(0).max(1e10).default(0).describe("what is gone from its battery when it is back"),
});

export const PlanVehicle = z.strictObject({
  id,
  capacityWh: capacity,
  chargeMaxW: watt,
  efficiencyCharge: efficiency.default(1).describe("energy stored per energy taken on the AC side"),
  socInitial: share,
  trips: z.array(Trip).max(1_000).default([]).describe("in the order of their steps"),
  valuePerKWh: cost
    .default(0)
    .describe("cost of a stored kWh that is missing when it leaves; it is taken elsewhere"),
  endValuePerKWh: cost.default(0).describe("worth of a stored kWh after the last step; no part of the score"),
});

export const PlanHeater = z.strictObject({
  id,
  powerMaxW: watt.describe("electric power, W"),
  heatPerEnergy: z
    .number()
    .gt(0)
    .max(20)
    .default(1)
    .describe("heat per electric energy: 1 for a heating rod, about 3 for a heat pump"),
  capacityWh: capacity.describe("heat between the coldest and the hottest that is allowed"),
  levelInitial: share.describe("how much of that is there at the beginning"),
  lossPerHour: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of the stored heat that is lost in an hour"),
  demandW: z.array(watt).max(STEPS_MAX).describe("heat that is drawn, one value a step"),
  valuePerKWh: cost.default(0).describe("cost of a kWh of heat that is not there when it is drawn"),
  endValuePerKWh: cost.default(0).describe("worth of a stored kWh after the last step; no part of the score"),
});

export type PlanVehicle = z.infer<typeof PlanVehicle>;
export type PlanHeater = z.infer<typeof PlanHeater>;
