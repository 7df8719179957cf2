// What the event stream does with many clients, slow ones and stuck ones.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { applySnapshot, applyTick, createView } from "../live/view.ts";
import { gardenModel, PLANT_TIME, snapshotOf, type TestClock, testClock, tickOf } from "./garden-fixture.ts";
import { CLIENTS_MAX, PING_EVERY_MS, type Stream, startStream, WAITING_BYTES_MAX } from "./stream.ts";

/** A response whose client reads only when `reads`. */
class Reader extends EventEmitter {
  reads = true;
  writableLength = 0;
  destroyed = false;
  readonly got: string[] = [];
  writeHead(): this {
    return this;
  }
  flushHeaders(): this {
    return this;
  }
  write(text: string): boolean {
    if (this.reads) this.got.push(text);
    else this.writableLength += text.length;
    return this.reads;
  }
  end(): void {
    this.destroy();
  }
  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

const join = (stream: Stream, reader: Reader, after?: string): boolean =>
  stream.add({ raw: reader as unknown as ServerResponse, headers: {}, after });

function begin(context: TestContext) {
  const io: TestClock = testClock();
  const view = createView(gardenModel(), io);
  applySnapshot(view, snapshotOf(), false);
  const stream = startStream(view, ["battery/soc"], "run7");
  context.after(() => stream.close());
  const beat = async (soc: number) => {
    applyTick(view, tickOf({ points: { "bank/soc": soc } }), false);
    await io.move(1_000);
  };
  return { io, view, stream, beat };
}

const kinds = ({ got }: Reader) =>
  got.flatMap((text) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind));

test("stream: a slow client is skipped, then gets one snapshot; a quick one misses nothing", async (context) => {
  const { stream, beat } = begin(context);
  const [slow, quick] = [new Reader(), new Reader()];
  join(stream, slow);
  join(stream, quick);
  slow.reads = false;
  slow.writableLength = WAITING_BYTES_MAX + 7;
  for (const soc of [0.31, 0.32, 0.33]) await beat(soc);
  assert.equal(slow.writableLength, WAITING_BYTES_MAX + 7, "nothing more may wait for it");
  slow.reads = true;
  slow.writableLength = 0;
  await beat(0.34);
  await beat(0.35);
  assert.deepEqual(kinds(slow).slice(0, 3), ["snapshot", "snapshot", "delta"]);
  assert.match(slow.got[1] ?? "", /"battery\/soc":\{"q":"fresh","v":0.34\}/);
  for (const soc of [0.31, 0.32, 0.33, 0.34]) assert.match(quick.got.join(), new RegExp(`"v":${soc}\\b`));
});

test("stream: what flows is told as soon as it is heard, but not more often than ten times a second", async (context) => {
  const { io, view, stream } = begin(context);
  const reader = new Reader();
  join(stream, reader);
  await io.move(1_030);
  const hear = async (soc: number, ms: number) => {
    applyTick(view, tickOf({ points: { "bank/soc": soc } }), false);
    stream.heard();
    await io.move(ms);
  };
  await hear(0.51, 3);
  await hear(0.52, 40);
  await hear(0.53, 40);
  const told = () => [...reader.got.join("").matchAll(/"v":(0\.5\d)\b/g)].map(([, soc]) => soc);
  assert.deepEqual(told(), ["0.51"]);
  await io.move(30);
  assert.deepEqual(told(), ["0.51", "0.53"]);
});

test("stream: a client that takes nothing for a minute is let go", async (context) => {
  const { io, stream, beat } = begin(context);
  const stuck = new Reader();
  join(stream, stuck);
  stuck.reads = false;
  stuck.writableLength = WAITING_BYTES_MAX + 7;
  await beat(0.41);
  await io.move(50_000);
  assert.equal(stuck.destroyed, false);
  await beat(0.42);
  await io.move(13_000);
  assert.equal(stuck.destroyed, true);
  assert.equal(stream.count(), 0);
});

test("stream: a quiet plant is still heard of, and there is an end to clients", async (context) => {
  const { io, stream } = begin(context);
  const readers = Array.from({ length: CLIENTS_MAX }, () => new Reader());
  for (const reader of readers) assert.equal(join(stream, reader), true);
  assert.equal(join(stream, new Reader()), false);
  await io.move(PING_EVERY_MS + 400);
  assert.match(readers[3]?.got.join("") ?? "", /^event: ping\ndata: .+$/m);
  readers[3]?.destroy();
  assert.equal(join(stream, new Reader()), true);
});

/** Id of the last event that was heard. */
const lastId = ({ got }: Reader): string =>
  got
    .join("")
    .match(/^id: (.+)$/gm)
    ?.at(-1)
    ?.slice(4) ?? "";
/** What it was told first. */
const opening = (reader: Reader) => kinds(reader)[0];

test("stream: who comes back within half a minute is told what it missed, and nothing twice", async (context) => {
  const { stream, beat } = begin(context);
  const [before, again] = [new Reader(), new Reader()];
  join(stream, before);
  await beat(0.31);
  before.destroy();
  const heard = lastId(before);
  await beat(0.32);
  await beat(0.33);
  join(stream, again, heard);
  await beat(0.34);
  const told = again.got.join("");
  assert.doesNotMatch(told, /event: snapshot/);
  for (const soc of [0.32, 0.33, 0.34]) assert.match(told, new RegExp(`"v":${soc}\\b`));
  assert.doesNotMatch(told, /"v":0\.31\b/);
  const third = new Reader();
  join(stream, third, lastId(again));
  assert.equal(opening(third), "ping", "who missed nothing hears that the line stands");
});

test("stream: who was away too long, is of another start or makes ids up gets a snapshot", async (context) => {
  const { io, stream, beat } = begin(context);
  const first = new Reader();
  join(stream, first);
  await beat(0.31);
  const heard = lastId(first);
  first.destroy();
  await beat(0.32);
  for (const id of [heard.replace("run7", "run6"), "run7-999999", "run7-", "nonsense"]) {
    const reader = new Reader();
    join(stream, reader, id);
    assert.equal(opening(reader), "snapshot", id);
    reader.destroy();
  }
  await io.move(31_000);
  const late = new Reader();
  join(stream, late, heard);
  assert.equal(opening(late), "snapshot");
});

test("stream: nobody resumes over a plant that has begun anew", async (context) => {
  const { stream, view, io } = begin(context);
  const first = new Reader();
  join(stream, first);
  await io.move(1_000);
  const heard = lastId(first);
  applyTick(view, tickOf({ t: epoch(PLANT_TIME - 3_600_000), points: { "bank/soc": 0.37 } }), false);
  await io.move(1_000);
  const again = new Reader();
  join(stream, again, heard);
  assert.equal(opening(again), "snapshot");
});
