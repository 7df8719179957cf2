// What a message means as a wish for a load, and how often it may be asked: pure. A flow that fires a thousand times a
// second asks once a second, with the newest wish; what it asked already and still stands it need not ask again.

export type Wish = "on" | "off" | "withdraw" | `${number} %` | `tier ${number}` | `give ${number} %`;
const ALL_PERCENT = 100;

const WORDS: Readonly<Record<string, Wish>> = {
  true: "on",
  on: "on",
  "1": "on",
  false: "off",
  off: "off",
  "0": "off",
  null: "withdraw",
  withdraw: "withdraw",
};

/** Undefined: it is no wish, NaN and objects included. */
export const wishOf = (payload: unknown): Wish | undefined =>
  payload === undefined || (typeof payload === "object" && payload !== null)
    ? undefined
    : WORDS[String(payload).toLowerCase()];

/** Per cent from `least` to 100; undefined: it is no number, or beyond. */
function percentOf(payload: unknown, least: number): number | undefined {
  const isText = typeof payload === "string" && payload.trim() !== "";
  if (typeof payload !== "number" && !isText) return undefined;
  const percent = Number(payload);
  return percent >= least && percent <= ALL_PERCENT ? percent : undefined;
}

/** At most so much of a rating, or nothing asked any more; undefined: it is neither. */
export function limitOf(payload: unknown): Wish | undefined {
  const percent = percentOf(payload, 0);
  if (payload === null) return "withdraw";
  return percent === undefined ? undefined : `${percent} %`;
}

/** What a battery gives, negative: takes; or nothing asked any more; undefined: it is neither. */
export function setpointOf(payload: unknown): Wish | undefined {
  const percent = percentOf(payload, -ALL_PERCENT);
  if (payload === null) return "withdraw";
  return percent === undefined ? undefined : `give ${percent} %`;
}

export const shareOf = (limit: string): number => Number.parseFloat(limit) / ALL_PERCENT;

export const ASK_EVERY_MS = 1_000;
/** Of its ttl; after so much a wish that is repeated is asked again. */
const RENEW_AFTER = 1 / 3;

export interface Asked {
  readonly wish: Wish;
  readonly at: number;
  readonly granted: boolean;
}

export type Turn =
  | { readonly do: "ask" }
  | { readonly do: "keep" }
  | { readonly do: "wait"; readonly ms: number };

/** What becomes of `wish` at `now`, in real ms. `ttlMs` as it passes in real time. */
export function turnOf(
  wish: Wish,
  last: Asked | undefined,
  { now, ttlMs }: { readonly now: number; readonly ttlMs: number },
): Turn {
  if (last === undefined) return { do: "ask" };
  const ago = now - last.at;
  if (last.wish === wish && last.granted && ago < ttlMs * RENEW_AFTER) return { do: "keep" };
  return ago < ASK_EVERY_MS ? { do: "wait", ms: ASK_EVERY_MS - ago } : { do: "ask" };
}
