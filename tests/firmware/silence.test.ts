// The controller is away for a while, cut short here; an hour of it is in the long suite.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDark, tellSilentHour } from "./silent-hour.ts";

test("boxes shed without a controller, come back staggered, and tell of it afterwards", async () => {
  const told = await tellSilentHour({ lengthMs: 26_000, quietS: 1, staggerS: 1 });
  const [overload = "", sag = "", dead = ""] = told.after;
  assert.equal(overload, "1000", "an overload sheds all but tier 0");
  assert.equal(sag, "1000", "so does a sag");
  assert.ok(isDark(dead), "a dead bus opens everything");
  assert.deepEqual(
    told.healed.slice(1),
    ["1110", "1110", "1110"],
    "what rests on is back each time, the heater waits",
  );

  const text = told.own.map(
    ({ asset, set, reason }) => `${asset} ${JSON.stringify(set).includes("true")} ${reason.code}`,
  );
  const back = (...assets: string[]): string[] => assets.map((asset) => `${asset} true box-restored`);
  const off = (code: string, ...assets: string[]): string[] =>
    assets.map((asset) => `${asset} false ${code}`);
  assert.deepEqual(
    text.filter((line) => !line.startsWith("heater")),
    [
      ...off("box-shed-line", "fridge", "pump"),
      ...back("fridge", "pump"),
      ...off("box-shed-line", "fridge", "pump"),
      ...back("fridge", "pump"),
      ...off("box-dead-bus", "lamps", "fridge", "pump"),
      ...back("lamps", "fridge", "pump"),
    ],
  );
  assert.deepEqual(told.alarms, [
    ...["raised alarm-box-overload", "cleared alarm-box-overload"],
    ...["raised alarm-box-sag", "cleared alarm-box-sag"],
  ]);
  const times = told.own.map(({ at }) => at);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.ok(
    times.every((at) => at > told.stoppedAt && at < told.endedAt),
    "each at its own time",
  );
  const [fridge = 0, pump = 0] = told.own
    .filter(({ reason }) => reason.code === "box-restored")
    .map(({ at }) => at);
  assert.ok(Math.abs(pump - fridge - 2_000) < 20, `two tiers are ${pump - fridge} ms apart`);
});
