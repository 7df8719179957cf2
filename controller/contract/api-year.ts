// What /api/v1/ledger/year is asked and answers: the community as a whole, month by month. Of single homes nothing stands in it.
// Energy in Wh; a year is one of the site's local time.
import { z } from "zod";

export const YearAsked = z.strictObject({
  year: z
    .string()
    .regex(/^\d{4}$/, "year must be such as 2026")
    .optional()
    .describe("a local year, 2026; the newest when it is not given"),
});
export const YearPaperAsked = YearAsked.extend({ language: z.enum(["en", "es"]).default("en") });

const energy = (what: string) => z.number().describe(`Wh ${what}`);

export const YearEnergy = z
  .strictObject({
    sunWh: energy("of the sun: the community's arrays and what members' roofs gave to the others"),
    fuelWh: energy("made with fuel"),
    usedWh: energy("used by homes and by what belongs to all"),
    homesWh: energy("of it used by all homes together"),
    ownWh: energy("of what was used that came from the own sun and battery"),
    boughtWh: energy("taken from the line"),
    soldWh: energy("given to the line"),
    lossesWh: energy("that no meter below its feeder saw"),
    storedWh: energy("that batteries took more than they gave; below 0: they gave more"),
  })
  .meta({ id: "YearEnergy" });
export type YearEnergy = z.output<typeof YearEnergy>;

export const YearMonth = YearEnergy.extend({ month: z.string() }).meta({ id: "YearMonth" });
export type YearMonth = z.output<typeof YearMonth>;

export const YearAnswer = z.strictObject({
  year: z.string().nullable().describe("null: nothing is settled yet"),
  years: z.array(z.string()).describe("that have something settled, newest first"),
  settledTo: z
    .number()
    .nullable()
    .describe("end of the newest settled quarter of an hour, ms since 1970 UTC"),
  months: z.array(YearMonth).describe("those that have something settled, the oldest first"),
  total: YearEnergy,
});
export type YearAnswer = z.output<typeof YearAnswer>;
