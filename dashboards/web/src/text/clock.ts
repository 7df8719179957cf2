// Times of day in the site's own time zone, wherever the reader's phone thinks it is.
import { dateLocale } from "@gridwright/contract/date-locale.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import type { Say } from "../words/words.ts";

export interface ClockText {
  /** `14:05`. */
  time(at: number): string;
  /** `14:05` on the day of `now`, else `yesterday 14:05`, else `21 Nov, 14:05`. */
  when(at: number, now: number): string;
  /** `21 Nov 2026`, for what lies far ahead. */
  date(at: number): string;
  /** The day alone, to compare. */
  day(at: number): string;
}

const DAY_MS = 86_400_000;

/** What a card needs to speak of times: `now` in ms since 1970. */
export interface Telling {
  readonly say: Say;
  readonly language: Language;
  readonly clock: ClockText;
  readonly now: number;
}

/** The local day of `at` beside that of `now`. */
export function dayOf(
  at: number,
  { clock, now }: Pick<Telling, "clock" | "now">,
): "today" | "tomorrow" | "later" {
  if (clock.day(at) === clock.day(now)) return "today";
  return clock.day(at) === clock.day(now + DAY_MS) ? "tomorrow" : "later";
}

/** `14:00`, `tomorrow 14:00`, `23 Nov, 14:00`, of what is to come; with its end `14:00–14:40` in the same way. */
export function aheadText(
  at: number,
  { say, clock, now }: Pick<Telling, "say" | "clock" | "now">,
  endsAt?: number,
): string {
  const end = endsAt === undefined ? "" : `–${clock.time(endsAt)}`;
  const day = dayOf(at, { clock, now });
  if (day === "later") return `${clock.when(at, now)}${end}`;
  const span = `${clock.time(at)}${end}`;
  return day === "today" ? span : say("tomorrow-at", { span });
}

/** Formats ms since 1970 UTC; falls back to UTC where the browser does not know the zone. */
export function clockIn(timeZone: string, language: Language, say: Say): ClockText {
  const format = (options: Intl.DateTimeFormatOptions) => formatIn(timeZone, language, options);
  const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ year: "numeric", month: "2-digit", day: "2-digit" });
  const date = format({ day: "numeric", month: "short" });
  let far: Intl.DateTimeFormat | undefined;
  return {
    time: (at) => time.format(at),
    day: (at) => day.format(at),
    date: (at) => {
      far ??= format({ day: "numeric", month: "short", year: "numeric" });
      return far.format(at);
    },
    when: (at, now) => {
      if (day.format(at) === day.format(now)) return time.format(at);
      if (day.format(at) === day.format(now - DAY_MS)) return `${say("yesterday")} ${time.format(at)}`;
      return `${date.format(at)}, ${time.format(at)}`;
    },
  };
}

function formatIn(
  timeZone: string,
  language: Language,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(dateLocale(language), { ...options, timeZone });
  } catch (error) {
    if (error instanceof RangeError)
      return new Intl.DateTimeFormat(dateLocale(language), { ...options, timeZone: "UTC" });
    throw error;
  }
}
