// An instant as people write it: a time of day, a date, a full ISO time, or how long ago. Local times are the site's;
// what is relative counts from the journal's newest record, so that a stopped site and the demo answer alike.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { parseQuantity } from "@gridwright/contract/quantity-text.ts";

export interface Reference {
  /** Plant wall time of the newest record, ms since 1970. */
  readonly now: number;
  /** IANA name. */
  readonly timezone: string;
}

/** All ms that the text may mean: `10:42` is a whole minute. */
export interface Instant {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
const FIELDS = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

/** The site's local time at `at`, as if it were UTC. */
function localMs(at: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat("sv", { ...FIELDS, ...CLOCK, timeZone }).format(at);
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

/** ms since 1970 of a local time; where the clock is put back the later, where it is put forward the hour after. */
function fromLocal(local: number, timezone: string): number {
  const first = local - (localMs(local, timezone) - local);
  return first - (localMs(first, timezone) - local);
}

const WRITTEN = /^(?:(\d{4}-\d{2}-\d{2})(?:[T ](?=\d)|$))?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

function ofLocal(day: string, clock: readonly (string | undefined)[], timezone: string): Instant {
  const [hour, minute, second] = clock;
  const two = (digits = "0"): string => digits.padStart(2, "0");
  const local = Date.parse(`${day}T${two(hour)}:${two(minute)}:${two(second)}Z`);
  if (Number.isNaN(local)) throw new GridwrightError("usage", `${day} ${hour}:${minute} is no time.`);
  const from = fromLocal(local, timezone);
  const widthMs = hour === undefined ? DAY_MS : second === undefined ? 60_000 : 1_000;
  return { from, to: from + widthMs - 1 };
}

/** `-2h`, `-90 s`, `-10m`: a moment ago is never so many metres ago. */
function ago(text: string, now: number): Instant | undefined {
  const span = text.slice(1).replace(/(?<=\d) ?m$/, "min");
  const parsed = text.startsWith("-") ? parseQuantity(span, "ms") : undefined;
  return parsed?.ok ? { from: now - parsed.value, to: now - parsed.value } : undefined;
}

/** Parses `10:42`, `10:42:07`, `2026-11-27`, `2026-11-27 10:42`, `2026-11-27T09:42:07Z`, `-2h`, `now`. Throws `usage`. */
export function parseMoment(text: string, { now, timezone }: Reference): Instant {
  const written = text.trim();
  if (written === "now") return { from: now, to: now };
  const relative = ago(written, now);
  if (relative !== undefined) return relative;
  const [, day, ...clock] = WRITTEN.exec(written) ?? [];
  if (day !== undefined) return ofLocal(day, clock, timezone);
  if (clock[0] !== undefined) {
    const dayOf = (at: number): string => new Date(localMs(at, timezone)).toISOString().slice(0, 10);
    const today = ofLocal(dayOf(now), clock, timezone);
    return today.from <= now ? today : ofLocal(dayOf(now - DAY_MS), clock, timezone);
  }
  const iso = /\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(written) ? Date.parse(written) : Number.NaN;
  if (!Number.isNaN(iso)) return { from: iso, to: iso };
  throw new GridwrightError(
    "usage",
    `"${text}" is no time. Write 10:42, 2026-11-27 10:42, 2026-11-27T09:42:07Z, or how long ago: -2h.`,
  );
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `+6h`, `+90 min`. */
function fromNow(text: string, now: number): number | undefined {
  const parsed = text.startsWith("+") ? parseQuantity(text.slice(1), "ms") : undefined;
  return parsed?.ok ? now + parsed.value : undefined;
}

/** A time to come, ms since 1970: `18:30`, `fri 12:00`, `+6h`, or a date with its time. Throws `usage`. */
export function parseAhead(text: string, reference: Reference): number {
  const { now, timezone } = reference;
  const [, word, clock = ""] = /^([a-z]{3})[a-z]* +(\d{1,2}:\d{2})$/i.exec(text.trim()) ?? [];
  const weekday = WEEKDAYS.indexOf(word?.toLowerCase() ?? "");
  if (weekday < 0) {
    const ahead = fromNow(text.trim(), now);
    if (ahead !== undefined) return ahead;
    const { from } = parseMoment(text, reference);
    const isClock = /^\d{1,2}:\d{2}$/.test(text.trim());
    return isClock && from <= now ? from + DAY_MS : from;
  }
  const dayOf = (at: number): string => new Date(localMs(at, timezone)).toISOString().slice(0, 10);
  const days = Array.from({ length: 8 }, (_, ahead) => dayOf(now + ahead * DAY_MS));
  const times = days
    .filter((day) => new Date(`${day}T12:00:00Z`).getUTCDay() === weekday)
    .map((day) => parseMoment(`${day} ${clock}`, reference).from);
  return times.find((at) => at > now) ?? now;
}
