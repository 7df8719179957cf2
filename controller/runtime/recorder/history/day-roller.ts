// Sees to it that every local day that is over stands in the store of days, and again when something late came for it; and
// answers for days, months and years, the running day included.
import type { HistoryPeriods, HistoryRow } from "@gridwright/contract/ports.ts";
import { type Bucket, summed } from "./buckets.ts";
import { dayOf, daysIn, type Period, type Zone } from "./calendar.ts";
import type { Day, DayStore } from "./day-store.ts";
import { dayFrom, periodsOf } from "./days.ts";
import { isCounter } from "./energies.ts";
import { MINUTE_MS } from "./rollups.ts";

export interface DayRollerOptions {
  readonly days: DayStore;
  readonly zone: Zone;
  /** Minutes of a channel that begin in a time. */
  readonly minutesOf: (channel: string, span: Period) => readonly Bucket[];
}

const isRicher = (day: Day, kept: Day | undefined): boolean =>
  kept === undefined || day.bucket.heldMs >= kept.bucket.heldMs;

export class DayRoller {
  readonly #options: DayRollerOptions;
  /** Begins of days that have something new. */
  readonly #due = new Set<number>();

  /** `until`: how far the history reached when it was opened; undefined: it is empty. */
  constructor(options: DayRollerOptions, until: number | undefined) {
    this.#options = options;
    // The last run may have ended between a day's minutes and the day.
    if (until !== undefined) this.#due.add(this.#dayBefore(until).from).add(dayOf(options.zone, until).from);
  }

  /** Writes the days that are over at `until` and have something new; `quarters`: begins of quarters that have. */
  roll(channels: Iterable<string>, quarters: Iterable<number>, until: number): void {
    const { days, zone } = this.#options;
    for (const t of quarters) this.#due.add(dayOf(zone, t).from);
    const over = [...this.#due].map((t) => dayOf(zone, t)).filter(({ to }) => to <= until);
    if (over.length === 0) return;
    days.take([...channels].flatMap((name) => over.flatMap((day) => this.#entry(name, day))));
    for (const { from } of over) this.#due.delete(from);
  }

  /** Days, months or years that touch a time, oldest first. */
  periods({ channel, from, to, unit }: HistoryPeriods, until: number | undefined): readonly HistoryRow[] {
    const { days, zone } = this.#options;
    const kept = new Map(days.days(channel, { from, to }).map((day) => [day.from, day]));
    for (const fresh of this.#running(channel, until))
      if (fresh.to > from && fresh.from < to && isRicher(fresh, kept.get(fresh.from)))
        kept.set(fresh.from, fresh);
    return periodsOf(
      [...kept.values()].sort((a, b) => a.from - b.from),
      unit,
      zone,
    );
  }

  /** The last day and the running one, which may not be written yet. */
  #running(channel: string, until: number | undefined): readonly Day[] {
    if (until === undefined) return [];
    const span = { from: this.#dayBefore(until).from, to: until + 1 };
    return daysIn(this.#options.zone, span).flatMap((day) =>
      this.#entry(channel, day).map(([, found]) => found),
    );
  }

  #dayBefore(t: number): Period {
    return dayOf(this.#options.zone, dayOf(this.#options.zone, t).from - 1);
  }

  #entry(channel: string, day: Period): (readonly [string, Day])[] {
    const parts = this.#options.minutesOf(channel, { from: day.from - MINUTE_MS, to: day.to });
    const minutes = [...summed(parts, MINUTE_MS).values()];
    const found = dayFrom(minutes, day, { minuteMs: MINUTE_MS, counter: isCounter(channel) });
    return found === undefined ? [] : [[channel, found]];
  }
}
