import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GridMode } from "@gridwright/contract/messages.ts";
import { mono } from "@gridwright/contract/units.ts";
import { DEAD_AFTER_MS, type ModeSigns, nextMode } from "./mode.ts";

const MODES: readonly GridMode[] = ["on-grid", "island-inverter", "island-generator", "dead-bus", "unknown"];
const SIGNS = {
  "the grid is there": { grid: true, generator: undefined, alive: true },
  "the grid is gone": { grid: false, generator: false, alive: true },
  "the generator runs": { grid: false, generator: true, alive: true },
  "the grid cannot be read": { grid: undefined, generator: false, alive: true },
  "nothing can be read": { grid: undefined, generator: undefined, alive: undefined },
  "no voltage for a moment": { grid: false, generator: false, alive: false },
  "no voltage for long": { grid: false, generator: false, alive: false },
} as const satisfies Record<string, ModeSigns>;
type Sign = keyof typeof SIGNS;

/** Every state × every event. */
const MATRIX: Readonly<Record<Sign, readonly GridMode[]>> = {
  "the grid is there": ["on-grid", "on-grid", "on-grid", "on-grid", "on-grid"],
  "the grid is gone": [
    "island-inverter",
    "island-inverter",
    "island-inverter",
    "island-inverter",
    "island-inverter",
  ],
  "the generator runs": [
    "island-generator",
    "island-generator",
    "island-generator",
    "island-generator",
    "island-generator",
  ],
  "the grid cannot be read": [
    "on-grid",
    "island-inverter",
    "island-inverter",
    "island-inverter",
    "island-inverter",
  ],
  "nothing can be read": ["on-grid", "island-inverter", "island-generator", "unknown", "unknown"],
  "no voltage for a moment": [...MODES],
  "no voltage for long": ["dead-bus", "dead-bus", "dead-bus", "dead-bus", "dead-bus"],
};

describe("the grid mode", () => {
  for (const [sign, row] of Object.entries(MATRIX) as [Sign, readonly GridMode[]][])
    for (const [index, then] of row.entries()) {
      const mode = MODES[index] ?? "unknown";
      it(`is ${then} when it was ${mode} and ${sign}`, () => {
        const deadSince = sign === "no voltage for long" ? mono(3_000) : null;
        const now = mono(3_000 + DEAD_AFTER_MS);
        assert.equal(
          nextMode({ mode, since: mono(2_000), deadSince, revivedAt: null }, SIGNS[sign], now).mode,
          then,
        );
      });
    }
  it("remembers since when", () => {
    const before = { mode: "on-grid" as const, since: mono(2_000), deadSince: null, revivedAt: null };
    assert.equal(nextMode(before, SIGNS["the grid is there"], mono(7_000)).since, 2_000);
    assert.equal(nextMode(before, SIGNS["the grid is gone"], mono(7_000)).since, 7_000);
  });
  it("remembers when the bus came back from the dead", () => {
    const before = { mode: "dead-bus" as const, since: mono(2_000), deadSince: mono(1_000), revivedAt: null };
    assert.equal(nextMode(before, SIGNS["the grid is gone"], mono(7_000)).revivedAt, 7_000);
    assert.equal(nextMode(before, SIGNS["no voltage for long"], mono(7_000)).revivedAt, null);
  });
});
