// What is forgotten when the plant's clock goes back, and that it does not come again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { applyAlarm, applyDecisions, applySnapshot, applyTick, createView } from "../live/view.ts";
import { decisionOf, gardenModel, PLANT_TIME, snapshotOf, testClock, tickOf } from "./garden-fixture.ts";
import { createRewind, REWIND_MIN_MS } from "./rewind.ts";

const later = epoch(PLANT_TIME + 700_000);
const earlier = epoch(PLANT_TIME - 300_000);

function told() {
  const view = createView(gardenModel(), testClock());
  applySnapshot(view, snapshotOf({ t: later }), false);
  applyDecisions(view, [
    decisionOf({ at: epoch(later - 4_000) }),
    decisionOf({ at: epoch(earlier - 9_000) }),
  ]);
  const alarm = { id: "grid-lost", severity: "warning", raisedAt: epoch(later - 50_000) } as const;
  const reason = { code: "alarm-grid-lost", params: {} } as const;
  applyAlarm(view, { event: "cleared", alarm: { ...alarm, reason, clearedAt: epoch(later - 3_000) } });
  const rewind = createRewind();
  rewind(view);
  return { view, rewind, times: () => view.decisions.map(({ at }) => at) };
}

test("rewind: what has not happened yet is forgotten, the rest stays", () => {
  const { view, rewind, times } = told();
  applyTick(view, tickOf({ t: earlier }), false);
  assert.equal(rewind(view), true);
  assert.deepEqual(times(), [earlier - 9_000]);
  assert.deepEqual(view.cleared, []);
  assert.equal(rewind(view), false, "it is told once");
});

test("rewind: a snapshot that repeats it does not bring it back, even when its time comes", () => {
  const { view, rewind, times } = told();
  applyTick(view, tickOf({ t: earlier }), false);
  rewind(view);
  const repeated = [decisionOf({ at: epoch(later - 4_000) }), decisionOf({ at: epoch(earlier + 2_000) })];
  applySnapshot(view, snapshotOf({ t: epoch(later + 5_000), decisions: repeated }), false);
  assert.equal(rewind(view), false);
  assert.deepEqual(times(), [earlier + 2_000, earlier - 9_000]);
  assert.deepEqual(
    view.dirty.decisions.map(({ at }) => at),
    [earlier - 9_000, earlier + 2_000],
  );
});

test("rewind: a small correction of the clock forgets nothing", () => {
  const { view, rewind, times } = told();
  applyTick(view, tickOf({ t: epoch(later - REWIND_MIN_MS + 2_000) }), false);
  assert.equal(rewind(view), false);
  assert.equal(times().length, 2);
});
