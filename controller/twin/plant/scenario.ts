// A scenario says what happens in a simulated plant: seed, weather, habits, events. Data (YAML), for any site: names
// are patterns over asset ids. The schema validates and defaults; plant/schedule.ts plays the events.
import { current, duration, power, quantity, share } from "@gridwright/contract/site/fields.ts";
import { z } from "zod";
import { Fault } from "./faults.ts";

const pattern = z
  .string()
  .regex(/^[a-z0-9*-]{1,64}$/)
  .describe("an asset id; * stands for any text");

const unitShare = z.number().min(0).max(2);
export const HABITS = [
  "steady",
  "lights",
  "basics",
  "sockets",
  "heater",
  "pump",
  "cold-store",
  "machine",
  "follower",
  "printer",
  "ev",
  "job",
] as const;
export type HabitKind = (typeof HABITS)[number];

export const HabitSpec = z.strictObject({
  habit: z.enum(HABITS),
  share: unitShare.optional().describe("of the rating while it works"),
  busy: unitShare.optional().describe("machines: share of the working hours in use"),
  onTime: duration(
    "machines: mean length of a cut; job: how long somebody works at it once it has supply",
  ).optional(),
  offTime: duration("machines: mean pause between cuts").optional(),
  of: pattern.optional().describe("follower: runs while this asset runs"),
  runOn: duration("follower: and so long after it").optional(),
});
export type HabitSpec = z.infer<typeof HabitSpec>;

const effect = {
  at: duration("after the start").optional(),
  daily: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .optional()
    .describe("each day at this local time, HH:MM"),
  for: duration("how long it lasts").prefault("10 min"),
  story: z.string().max(200).optional().describe("what people see"),
  cloud: z.number().min(0).max(1).optional().describe("share of the sun that is taken away"),
  demand: z
    .strictObject({ loads: z.array(pattern).min(1), share: unitShare })
    .optional()
    .describe("these loads want this share of their rating"),
  drain: z
    .strictObject({ loads: z.array(pattern).min(1), to: z.number().min(0).max(1) })
    .optional()
    .describe("tanks and cold stores of these loads stand at this level when it begins"),
  fault: Fault.optional(),
  reset: z.literal(true).optional().describe("somebody switches a tripped inverter on again by hand"),
};
const Event = z
  .strictObject(effect)
  .refine((event) => (event.at === undefined) !== (event.daily === undefined), {
    error: 'write either at: 12 min (after the start) or daily: "19:30" (local time)',
  });
export type ScenarioEvent = z.infer<typeof Event>;

export const Scenario = z.strictObject({
  scenario: z.string().regex(/^[a-z0-9-]+$/),
  licence: z.literal("CC0-1.0").optional(),
  seed: z.int().nonnegative().default(7),
  weather: z
    .strictObject({
      cloudiness: z.number().min(0).max(1).default(0.35),
      temperature: quantity<"°C">("°C", "mean air temperature").prefault("16 °C"),
      swing: quantity<"°C">("°C", "half the difference between afternoon and dawn").prefault("6 °C"),
    })
    .prefault({}),
  battery: z
    .strictObject({
      soc: share("charge at the start").prefault("70 %"),
      temperature: quantity<"°C">("°C", "temperature of its room").prefault("20 °C"),
    })
    .prefault({}),
  grid: z
    .strictObject({
      inputLimit: current("what the inverter takes from a weak line, per phase").optional(),
      charge: power("charging from grid or generator").optional(),
      exportLimit: power("what the inverters let out, all phases; without it what was agreed").optional(),
    })
    .prefault({}),
  generator: z
    .strictObject({ fuel: share("what its tank holds at the start").prefault("86 %") })
    .prefault({}),
  habits: z.record(pattern, HabitSpec).default({}),
  events: z.array(Event).max(500).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

/** Whether an asset id fits a pattern with `*`. */
export function matches(glob: string, id: string): boolean {
  const parts = glob.split("*");
  const [head = "", ...rest] = parts;
  if (rest.length === 0) return glob === id;
  const tail = rest.pop() ?? "";
  if (!id.startsWith(head) || !id.endsWith(tail) || id.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const found = id.indexOf(part, from);
    if (found < 0 || found + part.length > id.length - tail.length) return false;
    from = found + part.length;
  }
  return true;
}
