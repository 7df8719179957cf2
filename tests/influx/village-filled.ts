// The village's journal brought to a database by the real writer, to its end, and what must be found there.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { START } from "@gridwright/runtime/journal/read.ts";
import { type ChannelSample, channelName } from "@gridwright/runtime/recorder/decode.ts";
import { openFeed } from "@gridwright/runtime/recorder/feed.ts";
import { startInfluxWriter } from "@gridwright/runtime/recorder/influx/influx-writer.ts";
import { hasty, silent } from "./garden-journal.ts";
import { BEGIN, END, VILLAGE, villageJournal } from "./village-journal.ts";

export const DATABASE = "village";
const WRITTEN_MAX_MS = 120_000;

/** Gives what the journal holds. */
export async function fillFromVillage(url: string, dir: string): Promise<readonly ChannelSample[]> {
  const journalDir = join(dir, "journal");
  await villageJournal(journalDir);
  let end = START;
  const feed = openFeed({
    dir: journalDir,
    model: VILLAGE,
    from: START,
    onDamage: ({ ...damage }) => assert.fail(JSON.stringify(damage)),
  });
  const held: ChannelSample[] = [];
  for await (const { next, samples } of feed.more()) {
    end = next;
    held.push(...samples);
  }
  const writer = startInfluxWriter({
    ...{ journalDir, dataDir: join(dir, "data"), model: VILLAGE, io: hasty(20), log: silent },
    target: { url, database: DATABASE },
    onProblem: () => undefined,
    random: () => 0.5,
  });
  const isThere = (): boolean => writer.status().cursor?.offset === end.offset;
  for (const until = performance.now() + WRITTEN_MAX_MS; !isThere() && performance.now() < until; )
    await wait(100);
  await writer.close();
  assert.deepEqual(writer.status().cursor, end);
  assert.equal(writer.status().refused, 0);
  return held;
}

/** Wh that a counter rose from its last value before a time. */
export function risen(held: readonly ChannelSample[], name: string, from: number): number {
  const values = held.filter(({ channel, value }) => channelName(channel) === name && value !== null);
  const first = values.findLast(({ t }) => t < from) ?? values[0];
  return Number(values.at(-1)?.value) - Number(first?.value);
}

const MINUTE_MS = 60_000;
const WORKS_W = 50;

/** A channel's value at the end of each minute from BEGIN to END; undefined before the first. */
function minuteEnds(samples: readonly ChannelSample[]): readonly (number | undefined)[] {
  return Array.from({ length: (END - BEGIN) / MINUTE_MS }, (_, minute) => {
    const end = BEGIN + (minute + 1) * MINUTE_MS;
    return samples.findLast(({ t, value }) => t < end && value !== null)?.value ?? undefined;
  });
}

/** Machine → minutes in which it worked and how often it began to, reckoned from the journal alone. */
export function worked(held: readonly ChannelSample[]): Record<string, { minutes: number; starts: number }> {
  const power = held.filter(
    ({ channel }) => channel.point === "power" && VILLAGE.assets[channel.asset]?.spec.kind === "machine",
  );
  return Object.fromEntries(
    [...Map.groupBy(power, ({ channel }) => channel.asset)].map(([asset, samples]) => {
      const on = minuteEnds(samples).map((watts) => watts !== undefined && watts > WORKS_W);
      const starts = on.filter((works, place) => works && place > 0 && on[place - 1] === false).length;
      return [asset, { minutes: on.filter(Boolean).length, starts }];
    }),
  );
}
