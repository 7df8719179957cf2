// Two days of plant time through brain, hands and links, in this process: after the first, in which all that is kept for a day fills,
// what is in use after a collection grows no more. tests/long watches whole processes for a day at sixty times its speed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { allProfiles } from "@gridwright/cli/load-site.ts";
import { drawnDay } from "@gridwright/twin/simulate/drawn/drawn-day.ts";
import { beginDay } from "@gridwright/twin/simulate/simulate.ts";
import { figure } from "../tools/figure.ts";

const HOUR_MS = 3_600_000;
const SEED = 3;
const HOURS = 48;
const FILLED = 24;
/** What compiled code and V8's own tables may still take. */
const GROWS_MB_MAX = 1;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test(`${HOURS} hours of ticks leave the heap as it was after ${FILLED}`, () => {
  const { model, day } = drawnDay({
    seed: SEED,
    hours: HOURS,
    faults: false,
    profiles: allProfiles().profiles,
  });
  const running = beginDay({ model, day, watch: () => undefined });
  const heapAt = (hour: number): number => {
    while (running.world.m < hour * HOUR_MS) running.step();
    collect();
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const before = heapAt(FILLED);
  const grows = heapAt(HOURS) - before;
  const { ticks } = running.result();
  assert.ok(ticks > 10_000);
  assert.ok(grows <= GROWS_MB_MAX, `${grows.toFixed(2)} MB more`);
  figure("soak", { ticks, tickMb: Math.max(0, Math.round(grows * 100) / 100) });
});
