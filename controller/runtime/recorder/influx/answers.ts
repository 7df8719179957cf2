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
  | { readonly kind: "too-large"; readonly why: string };

/** InfluxDB 1.x, 2.x and 3.x name a wrong line in one of these ways. */
const BAD_LINES =
  /unable to parse|partial write|field type conflict|invalid field|line protocol|points beyond retention|schema conflict/i;
const WHY_MAX = 300;

export function answerOf(status: number, body: string): Answer {
  const why = `${status} ${body.trim()}`.slice(0, WHY_MAX);
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 401 || status === 403) return { kind: "denied", why };
  if (status === 404) return { kind: "no-database", why };
  if (status === 413) return { kind: "too-large", why };
  if ((status === 400 || status === 422) && BAD_LINES.test(body)) return { kind: "bad-lines", why };
  return { kind: "again", why, lost: false };
}
