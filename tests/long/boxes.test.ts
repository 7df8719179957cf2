// An hour without a controller, in the boxes' own time from the first ms to the last: what the short form cuts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDark, tellSilentHour } from "../firmware/silent-hour.ts";

const HOUR_MS = 3_600_000;

test("an hour without a controller: boxes shed, come back staggered, and their log is read afterwards", async () => {
  const told = await tellSilentHour({ lengthMs: HOUR_MS, quietS: 60, staggerS: 15 });
  const [overload = "", sag = "", dead = ""] = told.after;
  assert.deepEqual([overload, sag], ["1000", "1000"]);
  assert.ok(isDark(dead));
  assert.deepEqual(told.healed.slice(1), ["1110", "1110", "1110"]);
  const back = told.own.filter(({ reason }) => reason.code === "box-restored");
  assert.equal(back.length, 7, "twice two, and three after the dead bus");
  const [fridge = 0, pump = 0] = back.map(({ at }) => at);
  assert.ok(Math.abs(pump - fridge - 30_000) < 50, `two tiers are ${pump - fridge} ms apart`);
  const heater = told.own.find(({ asset }) => asset === "heater");
  assert.ok(
    heater !== undefined && heater.at < told.stoppedAt + HOUR_MS * 0.09,
    "leased on, it went with the overload",
  );
});
