// What a metrics database's answer to POST /write means. Pure. Anything unknown is tried again: a proxy in between
// must never make us throw points away.

export type Answer =
  | { readonly kind: "done" }
  /** Try the same again later. `lost`: nobody answered at all. */
  | { readonly kind: "again"; readonly why: string; readonly lost: boolean }
  | { readonly kind: "no-database"; readonly why: string }
  | { readonly kind: "denied"; readonly why: string }
  /** Some line of the batch is wrong; the others may have been stored. */
  | { readonly kind: "bad-lines"; readonly why: string }
  | { readonly kind: "too-large"; readonly why: string }
  /** So many lines are older than the database keeps, by its clock; the others are stored. */
  | {
      readonly kind: "expired";
      readonly why: string;
      readonly lines: number;
      /** Its clock, ms since 1970; undefined: it did not say. */
      readonly clock: number | undefined;
    };

/** InfluxDB 1.x, 2.x and 3.x name a wrong line in one of these ways. */
const BAD_LINES =
  /unable to parse|partial write|field type conflict|invalid field|line protocol|schema conflict/i;
const EXPIRED = /points beyond retention policy dropped=(\d+)/i;
const WHY_MAX = 300;

/** `date`: what the answer's header says of the database's clock. */
export function answerOf(status: number, body: string, date: string | null = null): Answer {
  const why = `${status} ${body.trim()}`.slice(0, WHY_MAX);
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 401 || status === 403) return { kind: "denied", why };
  if (status === 404) return { kind: "no-database", why };
  if (status === 413) return { kind: "too-large", why };
  const [, expired] = EXPIRED.exec(body) ?? [];
  if ((status === 400 || status === 422) && expired !== undefined)
    return {
      kind: "expired",
      why,
      lines: Number(expired),
      clock: date === null ? undefined : Date.parse(date),
    };
  if ((status === 400 || status === 422) && BAD_LINES.test(body)) return { kind: "bad-lines", why };
  return { kind: "again", why, lost: false };
}
