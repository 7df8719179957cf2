import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GRID_MODES, type GridMode } from "@gridwright/contract/messages.ts";
import { minutes, mono, seconds } from "@gridwright/contract/units.ts";
import {
  DEAD_AFTER_MS,
  type ModeMemory,
  type ModeSigns,
  nextMode,
  RETRY_HOLD,
  SET_AFTER_MS,
  TRIPS_FORGOTTEN,
} from "./mode.ts";

const NOW = mono(900_000);
const AFTER = seconds(60);
const ago = (ms: number) => mono(NOW - ms);

const signs = (grid: boolean | undefined, generator: boolean | undefined, alive: boolean | undefined) => ({
  ...{ grid, generator, alive },
  sound: true,
});

const was = (mode: GridMode, more: Partial<ModeMemory> = {}): ModeMemory => ({
  mode,
  from: "unknown",
  since: ago(70_000),
  deadSince: null,
  gridSince: null,
  setSince: ago(SET_AFTER_MS),
  revivedAt: mode === "retry" ? ago(20_000) : null,
  trips: 2,
  ...more,
});
const after = (before: ModeMemory, seen: ModeSigns): ModeMemory =>
  nextMode(before, { signs: seen, now: NOW, returnAfter: AFTER });

interface Event {
  readonly signs: ModeSigns;
  readonly timers?: Partial<ModeMemory>;
}
const EVENTS = {
  "the grid is there": { signs: signs(true, undefined, true) },
  "the grid has held": { signs: signs(true, false, true), timers: { gridSince: ago(AFTER) } },
  "the grid is there but unsound": { signs: { ...signs(true, false, true), sound: false } },
  "the inverter carries": { signs: signs(false, false, true) },
  "the inverter has held": { signs: signs(false, false, true), timers: { revivedAt: ago(RETRY_HOLD) } },
  "the generator carries": { signs: signs(false, true, true) },
  "the generator has held": { signs: signs(false, true, true), timers: { revivedAt: ago(RETRY_HOLD) } },
  "the grid cannot be read": { signs: signs(undefined, false, true) },
  "nothing can be read": { signs: signs(undefined, undefined, undefined) },
  "no voltage for a moment": { signs: signs(false, false, false) },
  "no voltage for long": { signs: signs(false, false, false), timers: { deadSince: ago(DEAD_AFTER_MS) } },
} as const satisfies Record<string, Event>;
type EventName = keyof typeof EVENTS;

const G = "on-grid";
const R = "returning";
const I = "island-inverter";
const D = "island-generator";
const X = "dead-bus";
const T = "retry";
const U = "unknown";
/** Every state × every event; the columns stand in the order of COLUMNS. */
const COLUMNS: readonly GridMode[] = [U, G, R, I, D, X, T];
const MATRIX: Readonly<Record<EventName, readonly GridMode[]>> = {
  "the grid is there": [G, G, R, R, R, T, T],
  "the grid has held": [G, G, G, G, G, T, G],
  "the grid is there but unsound": [I, G, I, I, I, T, T],
  "the inverter carries": [I, I, I, I, I, T, T],
  "the inverter has held": [I, I, I, I, I, T, I],
  "the generator carries": [D, D, D, D, D, T, T],
  "the generator has held": [D, D, D, D, D, T, D],
  "the grid cannot be read": [I, G, I, I, I, T, T],
  "nothing can be read": [U, G, R, I, D, U, T],
  "no voltage for a moment": COLUMNS,
  "no voltage for long": [X, X, X, X, X, X, X],
};

describe("the grid mode", () => {
  it("is tried from every mode", () => assert.deepEqual([...COLUMNS].sort(), [...GRID_MODES].sort()));
  for (const [name, row] of Object.entries(MATRIX) as [EventName, readonly GridMode[]][])
    for (const [index, then] of row.entries()) {
      const mode = COLUMNS[index] ?? U;
      const event: Event = EVENTS[name];
      it(`is ${then} when it was ${mode} and ${name}`, () =>
        assert.equal(after(was(mode, event.timers), event.signs).mode, then));
    }
});

describe("the grid mode remembers", () => {
  const grid = EVENTS["the grid is there"].signs;
  const inverter = EVENTS["the inverter carries"].signs;
  const dark = EVENTS["no voltage for a moment"].signs;
  const dying = { deadSince: ago(DEAD_AFTER_MS) };
  const table: readonly (readonly [string, ModeMemory, ModeSigns, Partial<ModeMemory>])[] = [
    ["since when, while it stays", was(G), grid, { since: ago(70_000), from: U }],
    ["when it changed and from what", was(G), inverter, { since: NOW, from: G }],
    ["when the grid was first seen", was(I), grid, { gridSince: NOW }],
    ["and how long it holds", was(R, { gridSince: ago(7_000) }), grid, { gridSince: ago(7_000) }],
    [
      "that an unsound grid does not hold",
      was(R, { gridSince: ago(7_000) }),
      { ...grid, sound: false },
      { gridSince: null },
    ],
    [
      "that a grid that cannot be read does not hold",
      was(R, { gridSince: ago(7_000) }),
      signs(undefined, false, true),
      { gridSince: null },
    ],
    ["when the bus came back from the dead", was(X), inverter, { revivedAt: NOW, trips: 2 }],
    ["each death of the bus", was(T, dying), dark, { trips: 3 }],
    ["one death once", was(X, dying), dark, { trips: 2, since: ago(70_000) }],
    ["deaths while it was carried for a short time", was(I), inverter, { trips: 2 }],
    ["none after it was carried for long", was(I, { since: ago(TRIPS_FORGOTTEN) }), inverter, { trips: 0 }],
  ];
  for (const [sentence, before, seen, then] of table)
    it(sentence, () => {
      const next = after(before, seen);
      assert.deepEqual(
        Object.fromEntries(Object.keys(then).map((key) => [key, next[key as keyof ModeMemory]])),
        then,
      );
    });

  /** The mode after so many seconds of an island whose set says what `runs` gives for each. */
  const island = (lasting: number, runs: (second: number) => boolean): GridMode => {
    let memory = was(I, { setSince: null });
    for (let second = 0; second <= lasting; second += 1) {
      const at = mono(NOW + second * 1_000);
      memory = nextMode(memory, { signs: signs(false, runs(second), true), now: at, returnAfter: AFTER });
    }
    return memory.mode;
  };
  it("a set's word that comes and goes by turns changes nothing", () =>
    assert.equal(
      island(120, (second) => second % 3 > 0),
      I,
    ));
  it("a set that runs for ten seconds carries the island", () =>
    assert.deepEqual([island(9, () => true), island(10, () => true)], [I, D]));

  it("a grid that goes and comes again begins its hold anew", () => {
    let memory = was(R, { gridSince: ago(AFTER - 1_000) });
    memory = after(memory, inverter);
    assert.deepEqual([memory.mode, memory.gridSince], [I, null]);
    memory = nextMode(memory, { signs: grid, now: mono(NOW + minutes(1)), returnAfter: AFTER });
    assert.equal(memory.mode, R);
  });
});
