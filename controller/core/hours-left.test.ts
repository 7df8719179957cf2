import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hours, minutes, mono } from "@gridwright/contract/units.ts";
import type { FlowMemory } from "./flow-memory.ts";
import { drainNow, freedW } from "./hours-left.ts";

/** W that the battery gives, and would without sets, each second for two hours; what is remembered then. */
function after(
  givesW: number,
  aloneW: number | undefined,
  from: FlowMemory["drain"] = null,
): FlowMemory["drain"] {
  let drain = from;
  for (let at = drain?.at ?? 0, end = at + hours(2); at <= end; at += 1_000)
    drain = drainNow(drain, { now: mono(at), givesW, aloneW });
  return drain;
}

describe("what a battery gives on average", () => {
  it("is one figure while no set gives", () => {
    const { watts, alone } = after(1_200, 1_200) ?? {};
    assert.deepEqual([watts, alone], [1_200, undefined]);
  });
  it("is told apart from what it would give without a set", () => {
    const { watts = 0, alone = 0 } = after(-2_000, 1_200, after(1_200, 1_200)) ?? {};
    assert.deepEqual([Math.round(watts / 10), Math.round(alone)], [-200, 1_200]);
  });
  it("and stays as it was while nobody can say that", () => {
    const { watts = 0, alone = 0 } = after(-2_000, undefined, after(1_200, 1_200)) ?? {};
    assert.deepEqual([Math.round(watts / 10), Math.round(alone)], [-200, 1_200]);
  });
  it("what went is forgotten by half in an hour", () =>
    assert.deepEqual(
      [0, 60, 120].map((minute) => freedW({ watts: 1_800, at: mono(0) }, mono(minutes(minute)))),
      [1_800, 900, 450],
    ));
});
