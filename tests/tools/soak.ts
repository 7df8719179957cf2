// A demo village watched over hours of plant time: what each process holds, how many files it has open, what it wrote, looked at
// once in each plant hour; control's heap through its inspector, after a forced collection.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import { type Inspector, inspect } from "../bench/inspect.ts";
import { mappingsOf, type Usage, usageOf } from "../bench/proc.ts";
import type { Village } from "./village.ts";

export const NAMES = ["control", "services", "broker", "twin"] as const;
export type Name = (typeof NAMES)[number];
export type All = Readonly<Record<Name, Usage>>;

const HOUR_MS = 3_600_000;
const LOOK_MS = 2_000;

export interface Sample {
  /** Plant hours since the first look. */
  readonly hour: number;
  /** Minutes of real time since then. */
  readonly minute: number;
  readonly usage: All;
  /** Open files and sockets. */
  readonly handles: Readonly<Record<Name, number>>;
  /** Control's heap in use after a forced collection, with buffers outside of it, bytes. */
  readonly heap: number;
  /** What control alone holds, by mapping: where it grew. */
  readonly mappings: ReadonlyMap<string, number>;
  /** Bytes of all files in the data folder. */
  readonly disk: number;
}

export const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => {
      // A file may go while it is looked at.
      return sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0);
    }, 0);

const each = <T>(of: (name: Name) => T): Readonly<Record<Name, T>> =>
  Object.fromEntries(NAMES.map((name) => [name, of(name)])) as Record<Name, T>;

async function sample(village: Village, inspector: Inspector): Promise<Omit<Sample, "hour" | "minute">> {
  const processes = village.processes();
  const usage = each((name) => usageOf(processes[name].pid));
  await inspector.collectGarbage();
  const { heapUsed, external } = await inspector.evaluate<NodeJS.MemoryUsage>("process.memoryUsage()");
  return {
    usage,
    handles: each((name) => readdirSync(`/proc/${processes[name].pid}/fd`).length),
    heap: heapUsed + external,
    mappings: mappingsOf(processes.control.pid),
    disk: bytesIn(village.dataDir),
  };
}

const plantTime = async (village: Village): Promise<number> => {
  const { t } = await village.api<ApiState>("/api/v1/state");
  return t ?? Number.NaN;
};

export interface SoakOptions {
  readonly village: Village;
  /** Of control. */
  readonly inspector: Inspector;
  /** Plant time that it lasts. */
  readonly hours: number;
  /** Hears of each look. */
  readonly seen: (sample: Sample) => unknown;
}

/** Control's inspector, opened. */
export const inspectControl = (village: Village): Promise<Inspector> =>
  inspect(village.processes().control.pid, village.terminal);

/** The first look is at its beginning, then one in each plant hour. */
export async function soak({ village, inspector, hours, seen }: SoakOptions): Promise<readonly Sample[]> {
  const [begun, from] = [performance.now(), await plantTime(village)];
  const samples: Sample[] = [];
  while (samples.length <= hours) {
    const hour = ((await plantTime(village)) - from) / HOUR_MS;
    if (hour < samples.length) {
      await wait(LOOK_MS);
      continue;
    }
    const minute = (performance.now() - begun) / 60_000;
    const taken = { hour, minute, ...(await sample(village, inspector)) };
    samples.push(taken);
    seen(taken);
  }
  return samples;
}

/** How much of it is more after an hour: the median of what each two samples say, so that a single high one says nothing. */
export function slope(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const each = samples.flatMap((one, place) =>
    samples.slice(place + 1).map((later) => (of(later) - of(one)) / (later.hour - one.hour)),
  );
  each.sort((left, right) => left - right);
  const [low, high] = [each[(each.length - 1) >> 1], each[each.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** The mappings of control that grew most from one look to another, bytes, most first. */
export const grownMost = (
  first: Sample,
  last: Sample,
  count: number,
): readonly (readonly [string, number])[] =>
  [...last.mappings]
    .map(([mapping, bytes]) => [mapping, bytes - (first.mappings.get(mapping) ?? 0)] as const)
    .sort(([, left], [, right]) => right - left)
    .slice(0, count);
