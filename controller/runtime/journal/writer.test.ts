// The writer on a card that loses power or refuses: what was acknowledged stays, and the order of things holds.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figure } from "../../../tests/tools/figure.ts";
import { FakeDisk } from "./fake-disk.ts";
import { blocksIn, encodeFileHeader, FILE_HEADER_BYTES, segmentName, segmentOf } from "./format.ts";
import type { Entry } from "./thin.ts";
import { SegmentWriter } from "./writer.ts";

const LOSSES = 1_000;
const LIMITS = { segmentBytesMax: 3_000, queueBytesMax: 4_000 };
/** mulberry32: the same numbers on each run. */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
const snapshot = (n: number): Entry => ({
  k: "snapshot",
  line: JSON.stringify({ k: "snapshot", n }),
  opens: true,
});
const tick = (n: number): Entry => ({
  k: "tick",
  line: JSON.stringify({ k: "tick", t: n, m: n, c: { 3: n } }),
});
const decision = (n: number): Entry => ({ k: "decision", line: JSON.stringify({ k: "decision", n }) });

function contents(disk: FakeDisk): { lines: string[]; firsts: string[]; seqs: number[] } {
  const found = { lines: [] as string[], firsts: [] as string[], seqs: [] as number[] };
  for (const name of disk
    .list()
    .map((file) => file.name)
    .filter((name) => segmentOf(name) !== undefined)
    .sort()) {
    let opening = true;
    for (const block of blocksIn(disk.read(name), FILE_HEADER_BYTES)) {
      const lines = block.lines();
      if (opening) found.firsts.push(String(lines[0]));
      opening = false;
      found.lines.push(...lines);
      found.seqs.push(...lines.map((_, index) => block.firstSeq + index));
    }
  }
  return found;
}

/** Power fails between a write and its sync: any part of the block may have reached the card. True where it was in the midst. */
function dieWriting(disk: FakeDisk, writer: SegmentWriter, entry: Entry): boolean {
  disk.refuse("EIO", "syncs");
  writer.accept([entry]);
  return writer.state.failure !== null;
}

test("power is lost 1,000 times: no acknowledged record is missing, sequence numbers rise", () => {
  const random = seeded(20);
  const disk = new FakeDisk();
  const acknowledged: string[] = [];
  let n = 0;
  let inFlight = 0;
  for (let round = 0; round < LOSSES; round += 1) {
    const writer = new SegmentWriter(disk, LIMITS);
    n += 1;
    let waiting: string[] = [];
    const give = (entry: Entry): void => {
      writer.accept([entry]);
      waiting.push(entry.line);
      if (entry.k !== "decision") return;
      acknowledged.push(...waiting);
      waiting = [];
    };
    give(snapshot(n));
    for (let step = random() * 12; step > 0; step -= 1) {
      n += 1;
      const what = random();
      if (what < 0.2) give(decision(n));
      else if (writer.state.full) give(snapshot(n));
      else give(tick(n));
      if (random() < 0.1 && writer.attempt() === null) acknowledged.push(...waiting.splice(0));
    }
    n += 1;
    inFlight += Number(random() < 0.5 && dieWriting(disk, writer, decision(n)));
    disk.crash(random);
    disk.refuse(undefined);
  }
  new SegmentWriter(disk, LIMITS);
  let found: ReturnType<typeof contents> | undefined;
  assert.doesNotThrow(() => {
    found = contents(disk);
  }, "a block that is only half there counts as one");
  const { lines, firsts, seqs } = found ?? assert.fail();
  const there = new Set(lines);
  assert.deepEqual(
    acknowledged.filter((line) => !there.has(line)),
    [],
  );
  assert.ok(acknowledged.length > 500, `${acknowledged.length} acknowledged`);
  assert.ok(inFlight > LOSSES / 3, `${inFlight} cuts in the midst of a write`);
  assert.ok(firsts.every((line) => line.includes("snapshot")));
  assert.ok(seqs.every((seq, index) => index === 0 || seq > Number(seqs[index - 1])));
  figure("power-loss", { journalCuts: LOSSES, journal: acknowledged.length });
});

describe("a card that refuses", () => {
  test("keeps the block in flight as it is and goes on with it", () => {
    const disk = new FakeDisk();
    const writer = new SegmentWriter(disk, LIMITS);
    writer.accept([snapshot(7), decision(8)]);
    disk.refuse("ENOSPC");
    writer.accept([tick(9), decision(10)]);
    assert.match(String(writer.state.failure), /ENOSPC/);
    writer.accept([decision(11)]);
    disk.refuse(undefined);
    assert.equal(writer.attempt(), null);
    assert.deepEqual(
      contents(disk).lines,
      [snapshot(7), decision(8), tick(9), decision(10), decision(11)].map(({ line }) => line),
    );
  });

  test("costs ticks, never decisions, and what is waiting stays bounded", () => {
    const disk = new FakeDisk();
    const writer = new SegmentWriter(disk, LIMITS);
    writer.accept([snapshot(7), decision(8)]);
    disk.refuse("EROFS");
    let taken = 0;
    for (let n = 100; n < 600; n += 1) {
      const entry = n % 50 === 0 ? decision(n) : tick(n);
      taken += entry.line.length + 1;
      writer.accept([entry]);
    }
    const waiting = taken - writer.state.releasedBytes;
    assert.ok(waiting < LIMITS.queueBytesMax, `${waiting} bytes wait`);
    disk.refuse(undefined);
    writer.attempt();
    const { lines } = contents(disk);
    assert.equal(lines.filter((line) => line.includes("decision")).length, 11);
    assert.ok(writer.state.merged > 100, `${writer.state.merged} merged`);
    assert.equal(lines.at(-1), tick(599).line);
  });

  test("a segment that could not be made is made later, with its snapshot first", () => {
    const disk = new FakeDisk();
    disk.refuse("ENOSPC");
    const writer = new SegmentWriter(disk, LIMITS);
    writer.accept([snapshot(7), decision(8)]);
    assert.match(String(writer.state.failure), /ENOSPC/);
    disk.refuse(undefined);
    writer.attempt();
    assert.deepEqual(contents(disk).firsts, [snapshot(7).line]);
  });
});

test("segments that waited for a full card each begin with their snapshot", () => {
  const disk = new FakeDisk();
  const writer = new SegmentWriter(disk, LIMITS);
  disk.refuse("ENOSPC");
  writer.accept([snapshot(7), tick(8), snapshot(9), decision(10)]);
  disk.refuse(undefined);
  writer.attempt();
  assert.deepEqual(contents(disk).firsts, [snapshot(7).line, snapshot(9).line]);
});

test("sequence numbers go on after a segment that holds nothing", () => {
  const disk = new FakeDisk();
  new SegmentWriter(disk, LIMITS).accept([snapshot(7), tick(8), decision(9)]);
  disk.create(segmentName(2), encodeFileHeader(2));
  const { repaired } = new SegmentWriter(disk, LIMITS);
  assert.deepEqual(repaired, { nextSegment: 3, nextSeq: 4 });
});

test("the number of a segment that could not be read is not used again", () => {
  const disk = new FakeDisk();
  disk.create(segmentName(5), Buffer.from("nonsense"));
  const { repaired } = new SegmentWriter(disk, LIMITS);
  assert.deepEqual(repaired, {
    nextSegment: 6,
    nextSeq: 1,
    torn: { file: segmentName(5), bytes: 8, kept: true },
  });
});

describe("retention", () => {
  const DAY = 86_400_000;
  //  case, retention, wall, segments left
  const CASES: [string, { bytes: number; days: number }, number, number[]][] = [
    ["nothing goes while all fits", { bytes: 9_000, days: 30 }, 7 * DAY, [1, 2, 3]],
    ["by size the oldest go first", { bytes: 210, days: 30 }, 7 * DAY, [2, 3]],
    ["by age all go but the current one", { bytes: 9_000, days: 5 }, 7 * DAY, [3]],
  ];
  for (const [name, retention, wall, then] of CASES) {
    test(name, () => {
      const disk = new FakeDisk();
      const writer = new SegmentWriter(disk, LIMITS);
      for (const n of [7, 8, 9]) writer.accept([snapshot(n), decision(n)]);
      writer.prune(retention, wall);
      assert.deepEqual(
        disk.list().map((file) => file.name),
        then.map(segmentName),
      );
    });
  }
});
