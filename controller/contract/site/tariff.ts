// What a kWh of the grid costs, as the contract says it: one price, or lines for hours and weekdays of which the first that
// holds counts. Any money: the plan weighs prices against each other only.
import { z } from "zod";
import { quantity } from "./fields.ts";
import { timeOfDay } from "./sources.ts";
import { daysOfWeek, WEEKDAYS } from "./workshop.ts";

const price = quantity<"/kWh">(
  "/kWh",
  "price of a kWh in the site's money; below 0 where one is paid for taking it",
);
const midnight = "00:00";

const Line = z.strictObject({
  price,
  days: daysOfWeek,
  from: timeOfDay.default(midnight).describe("local time"),
  to: timeOfDay
    .default(midnight)
    .describe("local time; the same as from: the whole day; earlier: over midnight"),
});
export type PriceLine = z.output<typeof Line>;

const Prices = z.union([price, z.array(Line).min(1).max(48)]);
export type Prices = z.output<typeof Prices>;

export const Tariff = z
  .strictObject({
    import: Prices.describe("of what is taken"),
    export: Prices.optional().describe("of what is given; none: a fifth of what is taken on the mean"),
  })
  .describe("what energy of the grid costs, for the plan; none: the same at any time");

/** A minute of the local week: its weekday as an index of WEEKDAYS, its time as HH:MM. */
export interface WeekMinute {
  readonly day: number;
  readonly time: string;
}

function holds({ days, from, to }: PriceLine, { day, time }: WeekMinute): boolean {
  const isOn = (at: number): boolean => days.includes(WEEKDAYS[(at + 7) % 7] ?? "sun");
  if (from === to) return isOn(day);
  if (from < to) return isOn(day) && time >= from && time < to;
  return (isOn(day) && time >= from) || (isOn(day - 1) && time < to);
}

/** Index of the line that counts at a minute of the week; -1: none does. */
export const lineAt = (lines: readonly PriceLine[], at: WeekMinute): number =>
  lines.findIndex((line) => holds(line, at));

/** The price at a minute of the week; undefined where no line holds, which is a mistake of the site. */
export const priceAt = (prices: Prices, at: WeekMinute): number | undefined =>
  typeof prices === "number" ? prices : prices[lineAt(prices, at)]?.price;
