// What a journal holds and what databases hold, as the same kind of map, so that missing, wrong and surplus points can be
// counted by asset. What is only told again as it stands is left out of both.
import { metricOf } from "@gridwright/contract/metrics.ts";
import { START } from "@gridwright/runtime/journal/read.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";

/** `measurement asset phase time` → value. */
export type Points = ReadonlyMap<string, number>;

const ASK_MAX_MS = 30_000;
const keyOf = (parts: readonly (string | number)[]): string => parts.join(" ");

export async function journalPoints(dir: string): Promise<Points> {
  const feed = openFeed({ dir, model: gardenModel(), from: START, onDamage: () => undefined });
  const points = new Map<string, number>();
  for await (const { samples } of feed.more())
    for (const { channel, t, value } of samples) {
      const { name, phase = "" } = metricOf(channel.point);
      if (value !== null) points.set(keyOf([name, channel.asset, phase, t]), value);
    }
  return points;
}

interface Series {
  readonly name: string;
  readonly tags: { readonly asset: string; readonly phase: string };
  readonly values: readonly (readonly [number, number, number | null])[];
}

/** Everything in one database of an InfluxDB. */
export async function influxPoints(url: string, { database = "garden", login = "" } = {}): Promise<Points> {
  const q = "SELECT value, again FROM /^(power|voltage|switch)$/ GROUP BY asset, phase";
  const search = new URLSearchParams({ db: database, epoch: "ms", q });
  const headers = login === "" ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  const answer = await fetch(`${url}/query?${search}`, { headers, signal: AbortSignal.timeout(ASK_MAX_MS) });
  const { results = [] } = (await answer.json()) as { results?: { series?: Series[] }[] };
  const points = new Map<string, number>();
  for (const { name, tags, values } of results[0]?.series ?? [])
    for (const [t, value, again] of values)
      if (again === null) points.set(keyOf([name, tags.asset, tags.phase, t]), value);
  return points;
}

interface Exported {
  readonly metric: { readonly __name__: string; readonly asset?: string; readonly phase?: string };
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

/** Everything in a VictoriaMetrics that bears these labels; the quarter hours' repeats are in it too. */
export async function victoriaPoints(url: string, labels: string): Promise<Points> {
  const signal = AbortSignal.timeout(ASK_MAX_MS);
  await fetch(`${url}/internal/force_flush`, { signal });
  const search = new URLSearchParams({ "match[]": `{__name__!="",${labels}}` });
  const answer = await fetch(`${url}/api/v1/export?${search}`, { signal });
  const points = new Map<string, number>();
  for (const line of (await answer.text()).split("\n")) {
    if (line === "") continue;
    const { metric, values, timestamps } = JSON.parse(line) as Exported;
    const name = metric.__name__.replace(/_value$/, "");
    for (const [place, t] of timestamps.entries())
      points.set(keyOf([name, metric.asset ?? "", metric.phase ?? "", t]), values[place] ?? Number.NaN);
  }
  return points;
}

export interface Difference {
  readonly missing: number;
  readonly wrong: number;
  /** There, but not in the journal: a wrong time, or a point twice. */
  readonly surplus: number;
}

/** Asset → how what is stored differs from what must be there; assets without a difference are left out. */
export function differences(expected: Points, stored: Points): Readonly<Record<string, Difference>> {
  const found: Record<string, Difference> = {};
  const count = (key: string, kind: keyof Difference): void => {
    const asset = key.split(" ")[1] ?? "";
    const before = found[asset] ?? { missing: 0, wrong: 0, surplus: 0 };
    found[asset] = { ...before, [kind]: before[kind] + 1 };
  };
  for (const [key, value] of expected) {
    const there = stored.get(key);
    if (there === undefined) count(key, "missing");
    else if (there !== value) count(key, "wrong");
  }
  for (const key of stored.keys()) if (!expected.has(key)) count(key, "surplus");
  return found;
}
