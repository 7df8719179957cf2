import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MachineState } from "@gridwright/contract/jobs.ts";
import { reason } from "../tick.ts";
import { careOf, look, type MachineSeen, type Use, unused } from "./machine.ts";
import { machineOf } from "./power.ts";
import { at, HOUR, MINUTE, NOW, yard } from "./workshop-fixture.ts";

const kiln = machineOf(yard(), "kiln");
if (kiln === undefined) throw new Error("the yard has a kiln");
const seen = (powerW: number | null, fields: Partial<MachineSeen> = {}): MachineSeen => ({
  ...{ powerW, counterWh: null, running: null, supply: true, locked: null },
  ...fields,
});
const before = (state: MachineState, fields: Partial<Use> = {}): Use => ({
  ...unused(at(-3)),
  ...{ state, counterWh: 51_000, runMs: 2 * HOUR, starts: 6 },
  ...fields,
});
const after = (use: Use, one: MachineSeen, elapsedMs = 20_000) =>
  look(kiln, use, { seen: one, now: NOW, elapsedMs });

/** Of 2 kVA: it works from 200 W, idles from 60 W, stands by from 4 W. */
const rows: readonly [sentence: string, from: MachineState, seen: MachineSeen, then: MachineState][] = [
  ["power from where it works", "idle", seen(204), "running"],
  ["a little less while it works", "running", seen(166), "running"],
  ["a little less while it idles", "idle", seen(166), "idle"],
  ["clearly less", "running", seen(150), "idle"],
  ["its control alone", "idle", seen(23), "standby"],
  ["nearly nothing", "standby", seen(3), "off"],
  ["its control's last, without supply", "standby", seen(23, { supply: false }), "off"],
  ["more than its rating, not for long yet", "running", seen(2_480), "running"],
  ["nothing that can be read", "running", seen(null), "unknown"],
  [
    "nothing but that it has neither supply nor says to run",
    "running",
    seen(null, { supply: false, running: false }),
    "off",
  ],
  ["its own word that it runs, before its power", "standby", seen(31, { running: true }), "running"],
  ["its own word that it does not, before its power", "running", seen(790, { running: false }), "idle"],
];

describe("how a machine stands", () => {
  for (const [sentence, from, one, then] of rows)
    it(`${sentence} (${from} → ${then})`, () => {
      const { use } = after(before(from), one);
      assert.equal(use.state, then);
      assert.equal(use.since, from === then ? at(-3) : NOW);
    });
  it("an overload lasts longer than an inrush", () => {
    const first = after(before("running"), seen(2_480)).use;
    const overload = look(kiln, first, { seen: seen(2_410), now: at(0, 1), elapsedMs: MINUTE }).use;
    assert.equal(overload.state, "overload");
    assert.equal(
      look(kiln, overload, { seen: seen(2_110), now: at(0, 2), elapsedMs: MINUTE }).use.state,
      "running",
    );
  });
});

describe("the use of a machine", () => {
  it("counts running time and starts, by what was seen before and after", () => {
    const begun = after(before("idle"), seen(700)).use;
    assert.deepEqual([begun.runMs, begun.starts], [2 * HOUR, 7]);
    const ran = look(kiln, begun, { seen: seen(720), now: at(0, 1), elapsedMs: 45_000 }).use;
    assert.deepEqual([ran.runMs, ran.starts], [2 * HOUR + 45_000, 7]);
  });
  it("counts a gap of hours as minutes, and what was unknown as no start", () => {
    assert.equal(after(before("running"), seen(700), 5 * HOUR).use.runMs, 2 * HOUR + 3 * MINUTE);
    assert.equal(after(before("unknown"), seen(700)).use.starts, 6);
  });
  it("energy is the counter's rise, over a gap too; power where the counter began anew or is none", () => {
    assert.equal(after(before("running"), seen(700, { counterWh: 51_340 }), 5 * HOUR).flowedWh, 340);
    assert.equal(after(before("running"), seen(720, { counterWh: 12 })).flowedWh, 4);
    assert.equal(after(before("running", { counterWh: null }), seen(720)).flowedWh, 4);
    assert.equal(after(before("running"), seen(null)).flowedWh, 0);
  });
  it("says when care is due, from the last care on", () => {
    assert.deepEqual(careOf(kiln, before("off")), [{ name: "coils", leftMs: HOUR, leftStarts: 1 }]);
    const cared = before("off", { starts: 20, cared: { coils: { runMs: 1.5 * HOUR, starts: 11 } } });
    assert.deepEqual(careOf(kiln, cared), [{ name: "coils", leftMs: 2.5 * HOUR, leftStarts: -2 }]);
  });
  it("a locked machine is told so, not judged by it", () =>
    assert.equal(
      after(before("off"), seen(2, { locked: reason("no-permit"), supply: false })).use.state,
      "off",
    ));
});
