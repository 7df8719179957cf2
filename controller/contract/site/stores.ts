// What a site says of loads that store: a vehicle with its departures, a water heater with its tank. The plan puts their
// energy where there is sun; devices are switched as ever, and nothing here lets anybody command them.
import { z } from "zod";
import { energyAmount, quantity, share } from "./fields.ts";
import { timeOfDay } from "./sources.ts";
import { daysOfWeek } from "./workshop.ts";

/** What of the energy that a vehicle takes arrives in its battery. */
export const CHARGING_EFFICIENCY = 0.9;

const Departure = z.strictObject({
  days: daysOfWeek,
  at: timeOfDay.describe("when it leaves, local time"),
  back: timeOfDay.describe("when it is back, local time; not later than at: on the next day"),
  needs: energyAmount(
    "what its battery must hold when it leaves; it comes back without it, and empty where its charge is not measured",
  ),
});
export type Departure = z.output<typeof Departure>;

export const vehicleKeys = {
  battery: energyAmount("what its battery holds; needed where its points tell its charge (soc)").optional(),
  departs: z
    .array(Departure)
    .max(21)
    .default([])
    .describe("when it leaves and what it needs by then, for the plan; none: it is a load of habits"),
};

const Tank = z.strictObject({
  capacity: energyAmount("heat between the coldest that people bear and the thermostat's end"),
  daily: energyAmount("heat that is drawn in a day, until what it takes has shown it").optional(),
  losses: share("part of the stored heat that is lost in an hour").prefault("1 %"),
  coldest: quantity<"°C">(
    "°C",
    "what people bear; with hottest and points.temperature its heat is measured",
  ).optional(),
  hottest: quantity<"°C">("°C", "where its thermostat ends").optional(),
});
export type Tank = z.output<typeof Tank>;

export const tankKeys = {
  store: Tank.optional().describe("the tank of a water heater, for the plan; none: it is a load of habits"),
};
