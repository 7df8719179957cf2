import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.ts";

test("the nearest name is offered only when it is near", () => {
  const rows: readonly [written: string, known: readonly string[], nearest: string | undefined][] = [
    ["prot", ["host", "port", "unit"], "port"],
    ["onSilense", ["onSilence", "onPowerUp"], "onSilence"],
    ["of", ["on", "off", "hold"], "off"],
    ["colour", ["name", "parent", "phases"], undefined],
    ["Tier", ["tier", "title"], "tier"],
    ["x", [], undefined],
  ];
  for (const [written, known, want] of rows) assert.equal(nearest(written, known), want, written);
});
