// What the community agreed beside the site file: other tiers, allowances or steps of the ladder, from a date to a date. Two
// people stand behind each; an emergency needs one, and ends within 72 h. Times are ms since 1970 UTC of plant time; the
// names of keys matter: core moves what is called `until` or `since` with plant time (shift-times.ts).
import { z } from "zod";

export const AGREEMENTS_MAX = 40;
export const EMERGENCY_MAX_MS = 72 * 3_600_000;
/** Longest that a dated one lasts; one without an end lasts until people end it. */
const SPAN_MAX_MS = 400 * 86_400_000;
const NAMED_MAX = 24;

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const time = z.int().min(0).max(1e14);
const share = z.number().min(0).max(1);
const few = <T>(all: Readonly<Record<string, T>>): boolean => Object.keys(all).length <= NAMED_MAX;
const FEW = `at most ${NAMED_MAX} of each`;

const terms = {
  title: z.string().trim().min(1).max(80).describe("what it is for, as all will read it"),
  begins: time.nullable().default(null).describe("null: at once"),
  ends: time.nullable().default(null).describe("null: when people end it"),
  tiers: z
    .record(slug, z.int().min(0).max(4))
    .default({})
    .refine(few, FEW)
    .describe("load → its tier while this holds"),
  allowancesWh: z
    .record(slug, z.number().min(0).max(1e7))
    .default({})
    .refine(few, FEW)
    .describe("member → energy of a day while this holds"),
  ladder: z
    .record(z.string().min(1).max(60), z.strictObject({ below: share, restore: share }))
    .default({})
    .refine(few, FEW)
    .describe("name of a step by charge → where it begins and ends while this holds"),
};

type Terms = z.output<z.ZodObject<typeof terms>>;
const saysSomething = ({ tiers, allowancesWh, ladder }: Terms): boolean =>
  [tiers, allowancesWh, ladder].some((part) => Object.keys(part).length > 0);
const fitsInTime = ({ begins, ends }: Terms): boolean =>
  ends === null || begins === null || (begins < ends && ends - begins <= SPAN_MAX_MS);

/** What somebody proposes. */
export const Proposal = z
  .strictObject(terms)
  .refine(saysSomething, { error: "say at least one tier, allowance or step of the ladder" })
  .refine(fitsInTime, { error: "it must end after it begins, within 400 days" });
export type Proposal = z.output<typeof Proposal>;

/** As control takes it. */
export const Agreement = z.strictObject({
  id: slug,
  ...terms,
  /** One named role declared it; it ends within 72 h. */
  emergency: z.boolean(),
  /** Accounts that stand behind it: two, or one in an emergency. */
  by: z.array(z.string().min(1).max(63)).min(1).max(2),
});
export type Agreement = z.output<typeof Agreement>;
