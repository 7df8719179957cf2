// What the event stream does with many clients, slow ones and stuck ones.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { applySnapshot, applyTick, createView } from "../live/view.ts";
import { gardenModel, snapshotOf, type TestClock, testClock, tickOf } from "./garden-fixture.ts";
import { CLIENTS_MAX, PING_EVERY_MS, startStream, WAITING_BYTES_MAX } from "./stream.ts";

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

const asResponse = (reader: Reader): ServerResponse => reader as unknown as ServerResponse;

function begin(context: TestContext) {
  const io: TestClock = testClock();
  const view = createView(gardenModel(), io);
  applySnapshot(view, snapshotOf(), false);
  const stream = startStream(view, ["battery/soc"]);
  context.after(() => stream.close());
  const beat = async (soc: number) => {
    applyTick(view, tickOf({ points: { "bank/soc": soc } }), false);
    await io.move(1_000);
  };
  return { io, stream, beat };
}

const kinds = ({ got }: Reader) =>
  got.flatMap((text) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind));

test("stream: a slow client is skipped, then gets one snapshot; a quick one misses nothing", async (context) => {
  const { stream, beat } = begin(context);
  const [slow, quick] = [new Reader(), new Reader()];
  stream.add(asResponse(slow), {});
  stream.add(asResponse(quick), {});
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

test("stream: a client that takes nothing for a minute is let go", async (context) => {
  const { io, stream, beat } = begin(context);
  const stuck = new Reader();
  stream.add(asResponse(stuck), {});
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
  for (const reader of readers) assert.equal(stream.add(asResponse(reader), {}), true);
  assert.equal(stream.add(asResponse(new Reader()), {}), false);
  await io.move(PING_EVERY_MS + 400);
  assert.match(readers[3]?.got.join("") ?? "", /^event: ping\ndata: .+$/m);
  readers[3]?.destroy();
  assert.equal(stream.add(asResponse(new Reader()), {}), true);
});
