import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { createPlant, step } from "../plant/plant.ts";
import { village, villageDay } from "../testing/village.ts";
import { obey } from "./commands.ts";

const start = epoch(Date.parse("2026-05-21T10:00:00Z"));
const names = { lights: ["house-*-basics"] };
const plant = () => {
  const world = createPlant({ model: village(), scenario: villageDay(), seed: 20, start });
  step(world, 60_000);
  return world;
};
interface Answer {
  readonly error?: string;
  readonly seen: readonly (string | null)[];
  readonly moves: number;
  readonly trips: number;
}
const said = { mode: "on-grid", alarms: ["main-meter has not answered"], why: { pump: "it is overloaded" } };
const since = { moves: 0, trips: 0 };

describe("the phrases of a scenario file, asked of a running twin", () => {
  test("what happens is so, once all of it is understood", () => {
    const world = plant();
    const asked = obey(world, { happens: ["lights want 30 %", "grid lost"], names }) as Answer;
    assert.equal(asked.error, undefined);
    step(world, 2_000);
    assert.equal(world.loadById.get("house-3-basics")?.forced, 0.3);
    assert.equal(world.grid.present, false);
    const mistaken = obey(world, { happens: ["grid back", "lamps want 30 %"], names }) as Answer;
    assert.match(mistaken.error ?? "", /no load is called «lamps»/);
    step(world, 2_000);
    assert.equal(world.grid.present, false);
  });
  test("what befalls the controller is not the plant's", () => {
    const { error } = obey(plant(), { happens: ["every process stops"] }) as Answer;
    assert.match(error ?? "", /does not befall the plant/);
  });
  test("what is expected is compared with the plant and with what control says", () => {
    const world = plant();
    world.inverter.trips = 3;
    //  expected                                    since                     seen in its stead; null: it is so
    const rows: readonly [string, typeof since, RegExp | null][] = [
      ["mode on the grid", since, null],
      ["alarm «has not answered» within 15 s", since, null],
      ["no alarm", since, /alarms: main-meter has not answered/],
      ["pump on, because overload", since, null],
      ["pump on, because of the weather", since, /says: it is overloaded/],
      ["the inverter does not trip for 5 min", { moves: 0, trips: 3 }, null],
      ["the inverter does not trip for 5 min", { moves: 0, trips: 2 }, /1 trips/],
      ["house-3-sockets off", since, /0 of 1 off/],
    ];
    const expects = rows.map(([text, from]) => ({ text, since: from }));
    const answer = obey(world, { expects, said, names }) as Answer;
    assert.equal(answer.trips, 3);
    for (const [place, [text, , then]] of rows.entries()) {
      const seen = answer.seen[place] ?? null;
      if (then === null) assert.equal(seen, null, text);
      else assert.match(seen ?? "", then, text);
    }
  });
  test("a phrase that nobody knows is told", () => {
    const answer = obey(plant(), { expects: [{ text: "peace on earth", since }], said }) as Answer;
    assert.match(answer.error ?? "", /is no expectation/);
  });
});
