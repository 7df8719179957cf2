// From the journal's records to what people ask for: values of `asset/point` channels, each at its time. Pure. One
// source may feed several channels; a switch is turned from coil to supply; anything but a fresh value is a gap.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import { REPEAT_MS } from "@gridwright/contract/metrics.ts";
import type {
  AlarmRecord,
  JournalRecord,
  Seen,
  SnapshotRecord,
  TickRecord,
} from "@gridwright/contract/records.ts";
import type { Channel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type WorkshopSample, WorkshopWords } from "./workshop-samples.ts";

/** A channel's value at plant wall time `t` (ms); true is 1, false 0; null: from here on nothing is known. */
export interface ChannelSample {
  readonly channel: Channel;
  readonly t: number;
  readonly value: number | null;
}

export interface Decoded {
  readonly samples: readonly ChannelSample[];
  readonly decisions: readonly { readonly t: number; readonly decision: Decision }[];
  /** Raised (open) and cleared, and those that stand at each full REPEAT_MS. */
  readonly alarms: readonly { readonly t: number; readonly alarm: Alarm; readonly open: boolean }[];
  /** What is known at each full REPEAT_MS and was last told before it; nothing new. */
  readonly repeats: readonly ChannelSample[];
  /** Use of machines and totals of jobs, as the workshop's queue told them. */
  readonly workshop: readonly WorkshopSample[];
  /** Time of the newest record, ms; undefined before the first. */
  readonly until: number | undefined;
}

export const channelName = ({ asset, point }: Channel): string => `${asset}/${point}`;

/** Between records further apart control did not run, and nobody knew that anything stood as it was. */
const AWAY_MS = 60_000;

interface Route {
  readonly channel: Channel;
  readonly inverted: boolean;
}

function routesOf({ channels, assets }: SiteModel): ReadonlyMap<string, readonly Route[]> {
  return Map.groupBy(
    channels.map((channel) => ({
      channel,
      inverted: channel.point === "switch" && assets[channel.asset]?.actuator?.inverted === true,
    })),
    ({ channel }) => channel.source,
  );
}

const isFresh = (seen: Seen | undefined): seen is number | boolean =>
  typeof seen === "number" || typeof seen === "boolean";
const same = (a: Seen | undefined, b: Seen): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Reads records in the journal's order; keeps what the last snapshot said of points and what each was last. */
export class Decoder {
  readonly #routes: ReadonlyMap<string, readonly Route[]>;
  #points: readonly string[] = [];
  readonly #known = new Map<string, { readonly seen: Seen; readonly t: number }>();
  readonly #open = new Map<string, Alarm>();
  readonly #words = new WorkshopWords();
  #until: number | undefined;

  constructor(model: SiteModel) {
    this.#routes = routesOf(model);
  }

  decode(records: readonly JournalRecord[]): Decoded {
    const samples: ChannelSample[] = [];
    const decisions: { t: number; decision: Decision }[] = [];
    const alarms: { t: number; alarm: Alarm; open: boolean }[] = [];
    const repeats: ChannelSample[] = [];
    const workshop: WorkshopSample[] = [];
    for (const record of records) {
      const due = this.#repeatDue(record);
      if (due !== undefined) {
        repeats.push(...this.#standing(due));
        alarms.push(...[...this.#open.values()].map((alarm) => ({ t: due, alarm, open: true })));
      }
      if (record.k === "tick") samples.push(...this.#tick(record));
      else if (record.k === "snapshot") samples.push(...this.#snapshot(record));
      else if (record.k === "decision") decisions.push({ t: record.t, decision: record.decision });
      else if (record.k === "alarm") alarms.push(...this.#alarm(record));
      else if (record.k === "request") this.#words.asked(record);
      else if (record.k === "answer") workshop.push(...this.#words.answered(record));
      this.#until = record.t;
    }
    return { samples, decisions, alarms, repeats, workshop, until: this.#until };
  }

  /** Takes a snapshot as known just before it, and tells nothing of it: for a reader that begins in the middle. */
  learn({ t, points, seen, alarms = [] }: SnapshotRecord): void {
    this.#points = points;
    for (const [index, source] of points.entries()) {
      const known = seen[index];
      if (known !== undefined) this.#known.set(source, { seen: known, t: t - 1 });
    }
    for (const alarm of alarms) this.#open.set(alarm.id, alarm);
    this.#until = t;
  }

  /** The full REPEAT_MS that this record is the first to leave behind. */
  #repeatDue(record: JournalRecord): number | undefined {
    const due = Math.floor((record.t - 1) / REPEAT_MS) * REPEAT_MS;
    const last = this.#until;
    const away = record.k === "snapshot" && record.cause === "start";
    if (last === undefined || last > due || away || record.t - last > AWAY_MS) return undefined;
    return due;
  }

  #standing(due: number): ChannelSample[] {
    const quiet = [...this.#known].filter(([, { t }]) => t < due);
    return quiet.flatMap(([source, { seen }]) => (isFresh(seen) ? this.#samples(source, seen, due) : []));
  }

  #alarm({ t, event, alarm }: AlarmRecord): { t: number; alarm: Alarm; open: boolean }[] {
    if (event === "acknowledged") return [];
    const open = event === "raised";
    if (open) this.#open.set(alarm.id, alarm);
    else this.#open.delete(alarm.id);
    return [{ t, alarm, open }];
  }

  #tick({ t, c = {} }: TickRecord): ChannelSample[] {
    return Object.entries(c).flatMap(([index, seen]) => {
      const source = this.#points[Number(index)];
      return source === undefined ? [] : this.#news(source, seen, t);
    });
  }

  /** A snapshot tells only what differs from what is known; after a restart everything, behind a gap. */
  #snapshot({ t, cause, points, seen, alarms = [] }: SnapshotRecord): ChannelSample[] {
    this.#points = points;
    for (const alarm of alarms) this.#open.set(alarm.id, alarm);
    const samples = cause === "start" ? this.#forget() : [];
    for (const [index, source] of points.entries()) {
      const news = seen[index];
      if (news !== undefined && !same(this.#known.get(source)?.seen, news))
        samples.push(...this.#news(source, news, t));
    }
    return samples;
  }

  /** Control was away after its last record: nothing was known from then on. */
  #forget(): ChannelSample[] {
    const last = this.#until;
    if (last === undefined) return [];
    const fresh = [...this.#known].filter(([, { seen }]) => isFresh(seen));
    return fresh.flatMap(([source]) => this.#news(source, ["a", "never-read"], last + 1));
  }

  /** Two news of a source never share a time: a database would keep only one. */
  #news(source: string, seen: Seen, at: number): ChannelSample[] {
    const before = this.#known.get(source);
    const t = before?.t === at ? at + 1 : at;
    this.#known.set(source, { seen, t });
    if (!isFresh(seen) && !isFresh(before?.seen)) return [];
    return this.#samples(source, seen, t);
  }

  #samples(source: string, seen: Seen, t: number): ChannelSample[] {
    return (this.#routes.get(source) ?? []).map(({ channel, inverted }) => {
      if (!isFresh(seen)) return { channel, t, value: null };
      return { channel, t, value: inverted ? 1 - Number(seen) : Number(seen) };
    });
  }
}
