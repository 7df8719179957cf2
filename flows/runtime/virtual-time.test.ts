import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { realTime } from "../src/site/real-time.ts";
import { type Timed, virtualHrtime, virtualTime } from "./virtual-time.ts";

const ORIGIN = Date.UTC(2026, 4, 7, 9, 13);

/** Globals that a test may change, and what real timers were asked for. */
function rig() {
  const asked: number[] = [];
  const of: Timed = {
    ...{ Date, clearTimeout, clearInterval },
    setTimeout: ((_work: () => void, ms: number) => asked.push(ms)) as unknown as typeof setTimeout,
    setInterval: ((_work: () => void, ms: number) => asked.push(-ms)) as unknown as typeof setInterval,
  };
  const time = virtualTime(of, { origin: ORIGIN, pace: 450, soon: (work) => work() });
  return { of, time, asked };
}

/** What happened, each with the minute and second after the origin. */
function diary(of: Timed) {
  const said: string[] = [];
  const say = (what: string) => () => void said.push(`${what} ${(of.Date.now() - ORIGIN) / 1_000}`);
  return { said, say };
}

describe("the time of flows on trial", () => {
  it("stands until the plant is told to be further, whatever the host's clock says", async () => {
    const { of, time } = rig();
    time.begin();
    assert.equal(new of.Date().getTime(), ORIGIN);
    await time.advance(ORIGIN + 7_300);
    assert.equal(of.Date.now(), ORIGIN + 7_300);
    assert.equal(new of.Date(1_234).getTime(), 1_234);
    assert.ok(new of.Date() instanceof Date);
  });

  it("lets what falls due happen at its own moment, in its order", async () => {
    const { of, time } = rig();
    const { said, say } = diary(of);
    time.begin();
    of.setTimeout(say("late"), 9_000);
    of.setTimeout(say("soon"), 2_500);
    of.setTimeout(say("soon too"), 2_500);
    of.setInterval(say("again"), 4_000);
    await time.advance(ORIGIN + 10_000);
    assert.deepEqual(said, ["soon 2.5", "soon too 2.5", "again 4", "again 8", "late 9"]);
  });

  it("sets what a timer sets from that timer's moment on", async () => {
    const { of, time } = rig();
    const { said, say } = diary(of);
    time.begin();
    of.setTimeout(() => of.setTimeout(say("then"), 1_200), 3_000);
    await time.advance(ORIGIN + 60_000);
    assert.deepEqual(said, ["then 4.2"]);
  });

  it("forgets what was cleared, also from within", async () => {
    const { of, time } = rig();
    const { said, say } = diary(of);
    time.begin();
    of.clearTimeout(of.setTimeout(say("never"), 700));
    const beat = of.setInterval(() => {
      say("once")();
      of.clearInterval(beat);
    }, 1_500);
    await time.advance(ORIGIN + 9_000);
    assert.deepEqual(said, ["once 1.5"]);
  });

  it("is real for timers that were set before the flows began", async () => {
    const { of, time, asked } = rig();
    of.setTimeout(() => undefined, 800);
    of.setInterval(() => undefined, 15_000);
    time.begin();
    await time.advance(ORIGIN + 20_000);
    assert.deepEqual(asked, [800, -15_000]);
  });

  it("keeps the real timers for the line to the controller, and nothing but those", () => {
    const { of, time, asked } = rig();
    time.begin();
    const kept = (of as unknown as Record<symbol, ReturnType<typeof realTime>>)[
      Symbol.for("gridwright.real-time")
    ];
    kept?.setTimeout(() => undefined, 620);
    assert.deepEqual([asked, kept?.pace, realTime().pace], [[620], 450, 1]);
  });

  it("counts for delay nodes, too", async () => {
    const { time } = rig();
    const of = { hrtime: process.hrtime };
    virtualHrtime(of, time);
    const from = of.hrtime();
    time.begin();
    await time.advance(ORIGIN + 2_750);
    assert.deepEqual(of.hrtime(from), [2, 750_000_000]);
  });
});
