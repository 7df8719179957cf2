// The nodes of limits and of batteries: what a message means as a limit, what is asked for it and how that is shown.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Config } from "../red.ts";
import battery from "./battery.ts";
import limit from "./limit.ts";
import { benchOf, settled } from "./node-fixture.ts";

const CAR: Config = { id: "n4", site: "s2", asset: "car", ttl: "12", reason: "the kitchen cooks" };

describe("the battery node", () => {
  const BANK: Config = { ...CAR, asset: "bank", reason: "cheap night" };
  for (const [payload, expected] of [
    [-60, "setpoint -0.6 bank 12 min: cheap night"],
    ["25", "setpoint 0.25 bank 12 min: cheap night"],
    [-100.5, null],
    [undefined, null],
  ] as const)
    it(`${payload} asks for ${expected}`, async () => {
      const bench = benchOf(battery, BANK);
      await bench.tell(payload);
      assert.deepEqual(bench.asked, expected === null ? [] : [expected]);
    });
});

describe("the limit node", () => {
  //  what the message says, and what is asked; null: it is no limit
  const table: readonly (readonly [string, unknown, string | null])[] = [
    ["per cent of the rating", 40, "limit 0.4 car 12 min: the kitchen cooks"],
    ["as text", "62.5", "limit 0.625 car 12 min: the kitchen cooks"],
    [
      "nothing at all is asked too: the controller says what it makes of it",
      0,
      "limit 0 car 12 min: the kitchen cooks",
    ],
    ["more than there is", 101, null],
    ["less than nothing", -3, null],
    ["no number", Number.NaN, null],
    ["a yes", true, null],
    ["an empty text", "", null],
  ];
  for (const [sentence, payload, expected] of table)
    it(sentence, async () => {
      const bench = benchOf(limit, CAR);
      const mistake = await bench.tell(payload);
      assert.deepEqual(bench.asked, expected === null ? [] : [expected]);
      assert.equal(mistake === undefined, expected !== null);
    });

  it("shows the answer, and takes back what was granted when it ends", async () => {
    const bench = benchOf(limit, CAR);
    await bench.tell(40);
    await bench.answer("clipped");
    assert.deepEqual(bench.statuses, [{ fill: "yellow", shape: "dot", text: "clipped: it is held off" }]);
    assert.equal(bench.sent[0]?.payload, "clipped");
    const closing = bench.close();
    await settled();
    await bench.answer();
    await closing;
    assert.deepEqual(bench.asked.slice(1), ["withdraw car 12 min: the kitchen cooks"]);
  });
});
