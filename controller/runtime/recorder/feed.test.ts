// A reader that comes back: it is told nothing twice, and still knows what stood in the segment before its cursor.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { encodeBlock, encodeFileHeader, segmentName } from "../journal/format.ts";
import { channelName } from "./decode.ts";
import { openFeed } from "./feed.ts";
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
