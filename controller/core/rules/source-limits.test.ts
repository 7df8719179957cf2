import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { type Row, s, T } from "../fixtures/moments.ts";
import { CALM, type Given, type Moment, run, story } from "../fixtures/scene.ts";

const MODEL = hamlet((site) => {
  const assets = site.assets as Record<string, Record<string, unknown>>;
  const points = { running: "genset-box/running", frequency: "genset-box/frequency" };
  assets.genset = { ...assets.genset, points };
  Object.assign(site.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
  return site;
});
const hertz = (value: number): Given => ({ "genset-box/frequency": value });
const volts = (l1: number): Given => ({ "inverter/voltage_l1": l1 });
const diesel: Given = { ...CALM, "genset-box/running": true, ...hertz(49.6) };

const TABLE: Readonly<Record<string, { given: Given; rows: readonly Row[] }>> = {
  "on a generator": {
    given: diesel,
    rows: [
      [
        "a load step that dips by 9 % and is back within 5 s trips nothing",
        [
          { at: T, given: hertz(45.6) },
          { at: s(4.8), given: hertz(46.9) },
          { at: s(5.2), given: hertz(48.3) },
        ],
        "",
      ],
      [
        "below 47 Hz for 5 s a quarter of the load goes, the least needed",
        [{ at: T, given: hertz(46.4) }, { at: s(4.9) }, { at: s(5.1) }],
        "heater-b off (frequency-low), heater-a off (frequency-low), heater-c off (frequency-low)",
      ],
      [
        "below 45 Hz half of it goes at once",
        [{ at: T, given: hertz(44.2) }, { at: s(0.4) }, { at: s(0.6) }],
        "heater-b off (frequency-low), heater-a off (frequency-low), heater-c off (frequency-low), " +
          "lathe off (frequency-low)",
      ],
      [
        "and the next stage when that did not help",
        [{ at: T, given: hertz(46.4) }, { at: s(5.1) }, { at: s(9.9) }, { at: s(10.2) }],
        "heater-b off (frequency-low), heater-a off (frequency-low), heater-c off (frequency-low), " +
          "lathe off (frequency-low)",
      ],
      [
        "one reading that cannot be read again proves no lasting sag",
        [
          { at: T, given: hertz(44.2) },
          { at: s(2), given: { "genset-box/frequency": stale(44.2, mono(T)) } },
        ],
        "",
      ],
      ["an engine that stands is no sag", [{ at: T, given: hertz(3) }, { at: s(9) }], ""],
    ],
  },
  "on an inverter": {
    given: CALM,
    rows: [
      ["its frequency says nothing", [{ at: T, given: hertz(44.2) }, { at: s(9) }], ""],
      [
        "a motor's start may sag for two seconds",
        [{ at: T, given: volts(183) }, { at: s(1.9) }, { at: s(2.1), given: volts(222) }],
        "",
      ],
      [
        "a voltage that stays low sheds on its own phase",
        [{ at: T, given: volts(183) }, { at: s(2.1) }],
        "heater-b off (voltage-low)",
      ],
      [
        "no voltage at one phase's meter is another matter",
        [{ at: T, given: volts(40) }, { at: s(2.1) }],
        "",
      ],
    ],
  },
  "on the public grid": {
    given: { ...diesel, "grid/grid_present": true },
    rows: [
      [
        "frequency and voltage are the utility's",
        [{ at: T, given: { ...hertz(44.2), ...volts(183) } }, { at: s(9) }],
        "",
      ],
    ],
  },
};

describe("a source that sags", () => {
  for (const [place, { given, rows }] of Object.entries(TABLE))
    for (const [sentence, moments, then] of rows)
      it(`${place}: ${sentence}`, () =>
        assert.equal(story(run(MODEL, moments, { given: { ...given } }).decisions), then));

  it("lets nothing come back", () => {
    const moments: readonly Moment[] = [
      { at: T, given: hertz(46.4) },
      { at: s(5.1), given: hertz(46.2) },
      { at: s(5.4), given: hertz(47.2) },
    ];
    const { memory } = run(MODEL, moments.slice(0, 2), { given: { ...diesel } }).last;
    assert.equal(Object.keys(memory.sags).length, 1);
    assert.equal(Object.keys(run(MODEL, moments, { given: { ...diesel } }).last.memory.sags).length, 0);
  });
});
