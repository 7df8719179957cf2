// When something was, in the site's own time, as people say it: today by the clock alone, else with its date.
import { dateLocale } from "../date-locale.ts";
import type { Language } from "../reasons.ts";
import { phrase } from "./phrases.ts";

export interface SiteClock {
  /** `10:42`. */
  minute(at: number): string;
  /** `10:42:07`. */
  second(at: number): string;
  /** `27 November`, in the order of the language. */
  day(at: number): string;
  /** `2026-11-27`. */
  isoDay(at: number): string;
}

/** Falls back to UTC where the platform does not know the zone. */
function format(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    throw error;
  }
}

const MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** Times are ms since 1970 UTC; `timezone` is an IANA name. */
export function siteClock(timezone: string, language: Language): SiteClock {
  const minute = format(language, timezone, MINUTE);
  const second = format(language, timezone, { ...MINUTE, second: "2-digit" });
  const day = format(dateLocale(language), timezone, { day: "numeric", month: "long" });
  const iso = format("sv", timezone, { year: "numeric", month: "2-digit", day: "2-digit" });
  return {
    minute: (at) => minute.format(at),
    second: (at) => second.format(at),
    day: (at) => day.format(at),
    isoDay: (at) => iso.format(at),
  };
}

export interface Moment {
  readonly at: number;
  readonly to: "minute" | "second";
}
interface Zoned {
  readonly language: Language;
  readonly clock: SiteClock;
  readonly now: number;
}

/** `at 10:42`; of another day than the reader's `at 10:42 on 27 November`. */
export function whenText({ at, to }: Moment, { language, clock, now }: Zoned): string {
  const time = clock[to](at);
  return clock.isoDay(at) === clock.isoDay(now)
    ? phrase(language, "when-today", { time })
    : phrase(language, "when-day", { time, day: clock.day(at) });
}
