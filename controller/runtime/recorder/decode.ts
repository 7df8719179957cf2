// From the journal's records to what people ask for: values of `asset/point` channels, each at its time. Pure. One
// source may feed several channels; a switch is turned from coil to supply; anything but a fresh value is a gap.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { JournalRecord, Seen, SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import type { Channel, SiteModel } from "@gridwright/contract/site/model.ts";

/** A channel's value at plant wall time `t` (ms); true is 1, false 0; null: from here on nothing is known. */
export interface ChannelSample {
  readonly channel: Channel;
  readonly t: number;
  readonly value: number | null;
}

export interface Decoded {
  readonly samples: readonly ChannelSample[];
  readonly decisions: readonly { readonly t: number; readonly decision: Decision }[];
  /** Time of the newest record, ms; undefined before the first. */
  readonly until: number | undefined;
}

export const channelName = ({ asset, point }: Channel): string => `${asset}/${point}`;

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
  #until: number | undefined;

  constructor(model: SiteModel) {
    this.#routes = routesOf(model);
  }

  decode(records: readonly JournalRecord[]): Decoded {
    const samples: ChannelSample[] = [];
    const decisions: { t: number; decision: Decision }[] = [];
    for (const record of records) {
      if (record.k === "tick") samples.push(...this.#tick(record));
      else if (record.k === "snapshot") samples.push(...this.#snapshot(record));
      else if (record.k === "decision") decisions.push({ t: record.t, decision: record.decision });
      this.#until = record.t;
    }
    return { samples, decisions, until: this.#until };
  }

  #tick({ t, c = {} }: TickRecord): ChannelSample[] {
    return Object.entries(c).flatMap(([index, seen]) => {
      const source = this.#points[Number(index)];
      return source === undefined ? [] : this.#news(source, seen, t);
    });
  }

  /** A snapshot tells only what differs from what is known; after a restart everything, behind a gap. */
  #snapshot({ t, cause, points, seen }: SnapshotRecord): ChannelSample[] {
    this.#points = points;
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
    return (this.#routes.get(source) ?? []).map(({ channel, inverted }) => {
      if (!isFresh(seen)) return { channel, t, value: null };
      return { channel, t, value: inverted ? 1 - Number(seen) : Number(seen) };
    });
  }
}
