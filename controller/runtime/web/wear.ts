// How much a process writes to the card in a day, from its counter as it is looked at now and then: over the last day, or over
// what was seen of it. A counter that begins anew (the process restarted) is added to what was. Pure state, no clock.
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So far apart are the looks that are remembered. */
const MARK_EVERY_MS = HOUR_MS / 4;

interface Mark {
  readonly t: number;
  readonly bytes: number;
}

export class Wear {
  #marks: readonly Mark[] = [];
  #last = 0;
  #bytes = 0;

  /** `now`: monotonic, ms; `counter`: bytes since the process started. Bytes a day; undefined before an hour was seen. */
  look(now: number, counter: number): number | undefined {
    this.#bytes += counter < this.#last ? counter : counter - this.#last;
    this.#last = counter;
    const within = this.#marks.filter(({ t }) => now - t <= DAY_MS);
    const newest = within.at(-1);
    const isDue = newest === undefined || now - newest.t >= MARK_EVERY_MS;
    this.#marks = isDue ? [...within, { t: now, bytes: this.#bytes }] : within;
    const [first] = this.#marks;
    if (first === undefined || now - first.t < HOUR_MS) return undefined;
    return ((this.#bytes - first.bytes) * DAY_MS) / (now - first.t);
  }
}

/** What each process writes in a day; looked at whenever control tells how it does. */
export class Wears {
  readonly #of = { control: new Wear(), services: new Wear() };
  #perDay: { readonly control: number | null; readonly services: number | null } = {
    control: null,
    services: null,
  };

  /** `now`: monotonic, ms; counters: bytes since the start of each process. */
  look(now: number, { control, services }: { readonly control: number; readonly services: number }): void {
    this.#perDay = {
      control: this.#of.control.look(now, control) ?? null,
      services: this.#of.services.look(now, services) ?? null,
    };
  }

  /** Bytes; null before an hour was seen. */
  perDay(): Readonly<Record<"control" | "services", number | null>> {
    return this.#perDay;
  }
}
