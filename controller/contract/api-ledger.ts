// What /api/v1/ledger is asked and answers: schemas that check, and describe in docs/openapi.json. Energy in Wh, money in the
// site's own; a month is one of the site's local time.
import { z } from "zod";
import { Problem } from "./api-answers.ts";

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "month must be such as 2026-11")
  .optional()
  .describe("a local month, 2026-11; the newest when it is not given");
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const energy = (what: string) => z.number().describe(`Wh ${what}`);

/** A photo of some 600 kB. */
const PICTURE_CHARS_MAX = 850_000;

export const LedgerAsked = z.strictObject({ month });
export const StatementAsked = z.strictObject({ month, language: z.enum(["en", "es"]).default("en") });
export const OfMember = z.strictObject({ member: slug });

export const ReadingAsked = z.strictObject({
  meter: slug.describe("the asset whose meter was read"),
  at: z.number().int().min(0).max(1e14).describe("when, ms since 1970 UTC"),
  wh: z.number().int().min(0).max(1e13).describe("what its display said, in Wh"),
  photo: z
    .string()
    .regex(/^[\w./:-]{1,200}$/)
    .optional()
    .describe("where the community keeps a picture of it"),
  picture: z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)
    .max(PICTURE_CHARS_MAX)
    .optional()
    .describe(
      "a photo to keep beside the ledger, JPEG as base64; what the camera wrote beside the picture is left out",
    ),
});
export const OfPhoto = z.strictObject({
  hash: z
    .string()
    .length(64)
    .regex(/^[0-9a-f]+$/),
});

/** Why a reading by hand is refused. */
export const READING_REFUSALS = [
  "backwards",
  "too-much",
  "less-than-counted",
  "no-gap",
  "unknown-meter",
  "not-settled",
  "ahead",
] as const;

export const ReadingRefused = Problem.extend({
  why: z.enum(READING_REFUSALS).optional(),
  perhapsWh: z.number().optional().describe("with one digit changed it would fit, Wh"),
  settledTo: z.number().optional().describe("where its time is not settled yet: until when it is, ms"),
}).meta({ id: "ReadingRefused" });
export type ReadingRefused = z.output<typeof ReadingRefused>;

export const ReadingTaken = z
  .strictObject({
    filledWh: energy("that nobody had counted and is booked now"),
    quarters: z.number().describe("quarters of an hour that it fills"),
    from: z.number().nullable().describe("begin of the first of them, ms since 1970 UTC; null: none"),
    to: z.number().nullable().describe("end of the last of them"),
  })
  .meta({ id: "ReadingTaken" });
export type ReadingTaken = z.output<typeof ReadingTaken>;

const photo = z.string().nullable().describe("its hash: /api/v1/ledger/photos/{hash}; null: none is kept");

const LedgerMeterRead = z.strictObject({
  meter: z.string().describe("the asset"),
  lastAt: z.number().nullable().describe("when its display was last known, ms; null: never, or too long ago"),
  lastWh: z.number().nullable().describe("what it said"),
  gaps: z.number().describe("quarters of an hour of the last 40 days that told nothing or a part"),
  photo: photo.describe("of its newest reading by hand"),
});
export type LedgerMeterRead = z.output<typeof LedgerMeterRead>;

const Off = z.strictObject({
  asset: z.string(),
  rule: z.string().describe("by which it was switched off"),
  ms: z.number().describe("how long in the month"),
  times: z.number(),
});

export const Statement = z
  .strictObject({
    member: z.string(),
    name: z.string(),
    month: z.string(),
    localWh: energy("used of the community's own energy"),
    boughtWh: energy("used that was bought or made with fuel"),
    givenWh: energy("that its own roof gave to the others"),
    jobsWh: energy("of its jobs on shared machines; not in what it used"),
    due: z
      .number()
      .nullable()
      .describe("to pay, in the site's money; below 0: to be paid out; null: no prices"),
    gaps: z.number().describe("quarters of an hour of which its meter told nothing or a part"),
    corrected: z.number().describe("corrections that concern it"),
    allowance: z
      .strictObject({
        days: z.number().describe("of which it is known"),
        grantedWh: energy("that its days allowed"),
        countedWh: energy("used of it, as it counts: less in surplus, more in scarcity"),
        exceeded: z.number().describe("days on which it was used up"),
      })
      .nullable()
      .describe("null: its days are not limited, or nothing is known of them"),
    offs: z.array(Off).describe("its loads that were off for want of supply, or for its own day or limit"),
    handRead: z
      .strictObject({ at: z.number(), wh: z.number(), photo })
      .nullable()
      .describe("its meter as it was last read by hand; null: it was not"),
    offsSince: z.number().nullable().describe("since when that is kept, ms; null: it is not"),
  })
  .meta({ id: "Statement" });
export type Statement = z.output<typeof Statement>;

export const LedgerToday = z
  .strictObject({
    from: z.number().nullable().describe("local midnight, ms since 1970 UTC; null: nothing is settled yet"),
    settledTo: z.number().nullable().describe("up to when it is settled"),
    localWh: energy("used of the community's own energy since midnight"),
    boughtWh: energy("used that was bought or made with fuel"),
  })
  .meta({ id: "LedgerToday" });
export type LedgerToday = z.output<typeof LedgerToday>;

const Feeder = z.strictObject({
  feeder: z.string(),
  throughWh: energy("that its meter saw"),
  missingWh: energy("that the meters below it did not see"),
  explainedWh: energy("of it that wires and loads without a meter usually take"),
  verdict: z.enum(["fits", "doubtful", "unexplained", "excess"]),
  leftOut: z.number().describe("quarters of an hour without all its meters"),
});

export const LedgerAnswer = z.strictObject({
  month: z.string().nullable().describe("null: nothing is settled yet"),
  months: z.array(z.string()).describe("that have something settled, newest first"),
  settledTo: z
    .number()
    .nullable()
    .describe("end of the newest settled quarter of an hour, ms since 1970 UTC"),
  currency: z.string().nullable(),
  key: z.string().nullable().describe("by which the community's own energy is shared now"),
  publicKey: z.string().describe("that checks the ledger's signatures, PEM"),
  trouble: z.string().nullable().describe("why nothing is settled now"),
  damage: z.string().nullable().describe("where the ledger was changed since it was written"),
  totals: z
    .strictObject({
      sunWh: energy("of the community's sun"),
      importWh: energy("taken from the line, less what was given to it"),
      fuelWh: energy("made with fuel"),
      sharedWh: energy("of its own energy that members and shared machines used"),
      commonWh: energy("used by what belongs to all"),
      lossesWh: energy("that no meter below its feeder saw"),
    })
    .nullable()
    .describe("null: with fewer than three homes they would show another home's use"),
  members: z.array(Statement),
  feeders: z
    .array(Feeder)
    .describe("of the last 30 days: what feeders' meters saw and those below them did not"),
  notes: z
    .array(z.strictObject({ at: z.number(), text: z.string() }))
    .describe("what was written beside the accounts this month; of old months none"),
  meters: z.array(LedgerMeterRead).describe("that can be read by hand; none for who may not"),
});
export type LedgerAnswer = z.output<typeof LedgerAnswer>;
