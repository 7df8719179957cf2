// A window of the day by the site's own clock, as «22:00» to «06:00». Pure. Hours of the wall clock: on the days on which it is
// changed a window is an hour longer or shorter, as people mean it.

export interface DayWindow {
  /** Minutes since midnight; `to` is no longer within. Where it is the smaller, the window goes over midnight. */
  readonly from: number;
  readonly to: number;
}

const HOUR_MIN = 60;

function minutesOf(text: string | undefined): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text?.trim() ?? "") ?? [];
  return hours === undefined ? undefined : Number(hours) * HOUR_MIN + Number(minutes);
}

/** Undefined: one of them is no time of day, or they are the same. */
export function windowOf(from: string | undefined, to: string | undefined): DayWindow | undefined {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return begin === undefined || end === undefined || begin === end ? undefined : { from: begin, to: end };
}

/** `at`: ms since 1970; `timezone`: IANA name. */
export function isWithin({ from, to }: DayWindow, at: number, timezone: string): boolean {
  const parts = new Intl.DateTimeFormat("en", {
    ...{ timeZone: timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  }).format(at);
  const now = minutesOf(parts) ?? 0;
  return from < to ? from <= now && now < to : from <= now || now < to;
}
