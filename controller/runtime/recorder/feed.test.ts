// A reader that comes back: it is told nothing twice, and still knows what stood in the segment before its cursor.
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { encodeBlock, encodeFileHeader, segmentName } from "../journal/format.ts";
import { channelName } from "./decode.ts";
import { openFeed, openLiveFeed } from "./feed.ts";
import { gardenModel } from "./garden.ts";

const dir = mkdtempSync(join(tmpdir(), "gridwright-feed-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const snapshot = (t: number, cause: string, seen: readonly unknown[]) => ({
  k: "snapshot",
  t,
  cause,
  points: ["meter/power", "relays/relay_2"],
  seen,
});
const tick = (t: number, c: Record<string, unknown>) => ({ k: "tick", t, c });
const SEGMENTS = [
  [
    [snapshot(5, "start", [480, true]), tick(17, { 0: 490 })],
    [tick(23, { 0: 500 })],
    [tick(31, { 1: false })],
  ],
  [[snapshot(31, "segment", [500, false]), tick(43, { 0: ["s"] })]],
];
for (const [index, blocks] of SEGMENTS.entries())
  writeFileSync(
    join(dir, segmentName(index + 1)),
    Buffer.concat([
      encodeFileHeader(index + 1),
      ...blocks.map((records) =>
        encodeBlock(
          records.map((record) => JSON.stringify(record)),
          7,
        ),
      ),
    ]),
  );

async function told(from: Cursor | undefined): Promise<{ text: string; next: Cursor }[]> {
  const feed = openFeed({
    dir,
    model: gardenModel(),
    from,
    onDamage: () => assert.fail("no damage is here"),
  });
  const batches: { text: string; next: Cursor }[] = [];
  for await (const { samples, next } of feed.more()) {
    const text = samples
      .filter(({ channel }) => channel.asset !== "feeder")
      .map(({ channel, t, value }) => `${channelName(channel)}@${t}=${value}`)
      .join(" ");
    batches.push({ text, next });
  }
  return batches;
}

test("from the beginning everything is told once, a new segment's snapshot included", async () => {
  assert.deepEqual(
    (await told(undefined)).map(({ text }) => text),
    [
      "house/power@5=480 pump/switch@5=0 house/power@17=490",
      "house/power@23=500",
      "pump/switch@31=1",
      "house/power@43=null",
    ],
  );
});

test("from any cursor exactly the rest is told", async () => {
  const all = await told(undefined);
  for (const [index, { next }] of all.entries()) assert.deepEqual(await told(next), all.slice(index + 1));
});

test("a live reader begins behind the first block of the newest segment and knows what stood there", async () => {
  const options = { dir, model: gardenModel(), onDamage: () => assert.fail("no damage is here") };
  const before = { segment: 1, offset: 50 };
  const live = await openLiveFeed(options, before);
  const all = await told(undefined);
  assert.deepEqual(live?.begins, all.at(-1)?.next);
  assert.deepEqual(await Array.fromAsync(live?.more() ?? []), []);
  appendFileSync(
    join(dir, segmentName(2)),
    encodeBlock(
      [tick(43, { 0: 470 }), tick(59, { 1: true })].map((record) => JSON.stringify(record)),
      30,
    ),
  );
  const news = await Array.fromAsync(live?.more() ?? []);
  const text = news
    .flatMap(({ samples }) => samples)
    .filter(({ channel }) => channel.asset !== "feeder")
    .map(({ channel, t, value }) => `${channelName(channel)}@${t}=${value}`)
    .join(" ");
  assert.equal(text, "house/power@44=470 pump/switch@59=0");
  assert.deepEqual(
    (await told(live?.begins)).map((batch) => batch.text),
    [text],
  );
  assert.equal(await openLiveFeed(options, { segment: 2, offset: 7 }), undefined);
});
