// How the community accounts for its energy: the key by which it shares its own, prices where it wants them, and who left.
// Everything has a first day; what was settled before it stays as it was.
import { z } from "zod";
import { KEY_KINDS } from "../ledger.ts";
import { quantity, share, slug } from "./fields.ts";

const isDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: "must be a day such as 2026-12-01" })
  .refine(isDay, { error: "is no day of the calendar" });
const price = (description: string) => quantity<"/kWh">("/kWh", description);

const Key = z.strictObject({
  from: day.optional().describe("the first local day on which it holds; only the first key has none"),
  key: z
    .enum(KEY_KINDS)
    .describe(
      "static: by shares, what one leaves goes to the others; hybrid: by shares, the rest by use; pro-rata: by use; need: by each member's need; priority: in the order given",
    ),
  shares: z
    .record(slug, share("part of the community's own energy"))
    .optional()
    .describe("static and hybrid: each member's part, 100 % in all"),
  order: z
    .array(z.array(slug).min(1))
    .optional()
    .describe("priority: who is served first; those of one row alike, by use"),
});

const Prices = z.strictObject({
  from: day.optional().describe("the first local day on which they hold; only the first line has none"),
  local: price("a kWh of the community's own energy"),
  bought: price("a kWh that was bought or made with fuel"),
  given: price("a kWh that a member's own roof gave to the others"),
});

export const LedgerSpec = z.strictObject({
  keys: z.array(Key).min(1).describe("how the community's own energy is shared, by date"),
  prices: z.array(Prices).default([]).describe("what it costs, by date; none: energy alone is accounted for"),
  currency: z.string().min(1).max(8).default("€").describe("what prices are in"),
  left: z
    .record(slug, day)
    .default({})
    .describe("members who left: the first day on which their meter is not theirs any more"),
  sums: z
    .literal("agreed")
    .optional()
    .describe(
      "with fewer than three homes the community's sums show each the other's use: its members see them only where all agreed",
    ),
  losses: share("what wires and meters may lose before a feeder's mismatch is told").prefault("3 %"),
});
export type LedgerSpec = z.output<typeof LedgerSpec>;
export type LedgerKey = z.output<typeof Key>;

/** The last of `lines` that holds on a local day (2026-12-01); undefined: none does yet. */
export const heldOn = <T extends { readonly from?: string | undefined }>(
  lines: readonly T[],
  on: string,
): T | undefined => lines.findLast(({ from }) => from === undefined || from <= on);
