// What may be asked of /api/v1, as schemas: they check each request and are its description in docs/openapi.json.
// A query is text; numbers in it are whole. What only a running site knows (is that a channel?) is checked there.
import { z } from "zod";
import { ACTS } from "./acts.ts";

export const HISTORY_ROWS_MAX = 5_000;
const HISTORY_SPAN_MAX_MS = 400 * 86_400_000;
/** Raw points have no bucket to bound them, so their span is. */
const HISTORY_RAW_SPAN_MAX_MS = 6 * 3_600_000;
const DECISIONS_ASKED_MAX = 200;
const EPOCH_MAX = 1e14;
const BUCKET_DEFAULT = "60000";

const whole = (min: number, max: number, what: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, what)
    .transform(Number)
    .pipe(z.number().min(min, what).max(max, what));

const TIMES = "from and to must be ms since 1970 UTC, from before to";

const Span = z.strictObject({
  channel: z.string().max(200).describe("asset/point, as /api/v1/site lists them: battery/soc"),
  from: whole(0, EPOCH_MAX, TIMES).describe("ms since 1970 UTC"),
  to: whole(0, EPOCH_MAX, TIMES).describe("ms since 1970 UTC, not included"),
  bucketMs: whole(0, HISTORY_SPAN_MAX_MS, "bucketMs must be a whole number of ms; 0 gives raw points")
    .default(Number(BUCKET_DEFAULT))
    .describe(`width of a bucket in ms; 0: raw points; ${BUCKET_DEFAULT} when it is not given`),
});

/** Why so much history is not given at once; undefined: it is. */
function tooMuch({ from, to, bucketMs }: z.output<typeof Span>): string | undefined {
  const span = to - from;
  if (span <= 0) return TIMES;
  if (span > HISTORY_SPAN_MAX_MS) return `at most ${HISTORY_SPAN_MAX_MS} ms at once`;
  if (bucketMs === 0)
    return span > HISTORY_RAW_SPAN_MAX_MS
      ? `raw points: at most ${HISTORY_RAW_SPAN_MAX_MS} ms at once; or give bucketMs`
      : undefined;
  return span / bucketMs > HISTORY_ROWS_MAX
    ? `at most ${HISTORY_ROWS_MAX} buckets at once: give bucketMs of at least ${Math.ceil(span / HISTORY_ROWS_MAX)}`
    : undefined;
}

/** GET /history. */
export const HistoryAsked = Span.superRefine((asked, context) => {
  const message = tooMuch(asked);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
export type HistoryAsked = z.output<typeof HistoryAsked>;

const PERIODS_SPAN_MAX_MS = 40 * 366 * 86_400_000;

/** GET /history/periods. */
export const PeriodsAsked = z
  .strictObject({
    channel: z.string().max(200).describe("asset/point, as /api/v1/site lists them: house-4/energy_import"),
    from: whole(0, EPOCH_MAX, TIMES).describe("ms since 1970 UTC"),
    to: whole(0, EPOCH_MAX, TIMES).describe("ms since 1970 UTC, not included"),
    unit: z
      .enum(["day", "month", "year"])
      .default("day")
      .describe("days of the site's local time, or sums of them"),
  })
  .refine(({ from, to }) => from < to, { error: TIMES })
  .refine(({ from, to }) => to - from <= PERIODS_SPAN_MAX_MS, { error: "at most 40 years at once" });
export type PeriodsAsked = z.output<typeof PeriodsAsked>;

/** GET /decisions. */
export const DecisionsAsked = z.strictObject({
  limit: whole(1, DECISIONS_ASKED_MAX, `limit must be 1 to ${DECISIONS_ASKED_MAX}`)
    .default(50)
    .describe(`newest so many, 1 to ${DECISIONS_ASKED_MAX}; 50 when it is not given`),
  asset: z.string().max(63).optional().describe("of this asset alone"),
});

/** GET /history/decisions. */
export const PastDecisionsAsked = z
  .strictObject({
    from: whole(0, EPOCH_MAX, TIMES).default(0).describe("ms since 1970 UTC; the journal's beginning"),
    before: whole(0, EPOCH_MAX, TIMES)
      .default(EPOCH_MAX)
      .describe("ms since 1970 UTC, not included; now when it is not given"),
    limit: whole(1, DECISIONS_ASKED_MAX, `limit must be 1 to ${DECISIONS_ASKED_MAX}`)
      .default(50)
      .describe(`newest so many, 1 to ${DECISIONS_ASKED_MAX}; 50 when it is not given`),
    asset: z.string().max(63).optional().describe("of this asset alone"),
    member: z.string().max(63).optional().describe("of what belongs to this house alone"),
    act: z
      .enum(ACTS)
      .optional()
      .describe(
        "taken: supply or a part of it; given: back or more; asked: by a person; steered: a battery or set",
      ),
  })
  .refine(({ from, before }) => from < before, { error: TIMES });
export type PastDecisionsAsked = z.output<typeof PastDecisionsAsked>;

const JOURNAL_ASKED_MAX = 200;

/** GET /journal. */
export const JournalAsked = z.strictObject({
  limit: whole(1, JOURNAL_ASKED_MAX, `limit must be 1 to ${JOURNAL_ASKED_MAX}`)
    .default(50)
    .describe(`newest so many, 1 to ${JOURNAL_ASKED_MAX}; 50 when it is not given`),
});

/** GET /events. */
export const EventsAsked = z.strictObject({
  after: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .describe("id of the last event that was heard; the header Last-Event-ID says the same"),
});
