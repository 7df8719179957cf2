import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { absent, bad, fresh, stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { every, s, T } from "./fixtures/moments.ts";
import { ask, CALM, flow, type Given, run, settledMemory, story } from "./fixtures/scene.ts";

const MODEL = hamlet();
const without = (pattern: RegExp, given: Given = CALM): Given =>
  Object.fromEntries(
    Object.keys(given).flatMap((name) =>
      pattern.test(name) ? [[name, absent("not-available", mono(T))]] : [],
    ),
  );
const noMeters = without(/^(main|inverter)\/(voltage|current|power)/);
const noBattery = without(/^battery\/battery_(current|voltage)/);
const noPlugs = without(/^plug-/);
const pumpOff = {
  at: T,
  requests: [ask({ kind: "switch", asset: "pump", on: false, why: "tank is full" }, { ttlMs: 60_000 })],
};
/** A memory in which phase L1 usually carries so much at every hour. */
const usually = (va: number) => {
  const hours = Array.from({ length: 24 }, () => va);
  return { ...settledMemory(MODEL), usual: { "inverter/0": hours, "inverter/1": hours.map(() => 2_300) } };
};

type Row = readonly [sentence: string, given: Given, then: string, told: string];
const BACK = "pump off (requested-off), pump on (restored)";
const KEPT = "pump off (requested-off)";
const STANDS_IN: readonly Row[] = [
  ["while all meters speak, loads come back", {}, BACK, ""],
  [
    "the branches' meters are as good as the inverter's own",
    without(/^inverter\/(voltage|current|power)/),
    BACK,
    "",
  ],
  ["and it as good as theirs", without(/^main\//), BACK, ""],
  [
    "when both are silent the battery stands in, and nothing comes back",
    noMeters,
    KEPT,
    "measurement-estimated/inverter",
  ],
  [
    "without a battery the loads' own meters do, on the phase where there are any",
    { ...noMeters, ...noBattery },
    KEPT,
    "measurement-lost/inverter,measurement-estimated/inverter",
  ],
  [
    "when nothing is left that is told, and nothing comes back",
    { ...noMeters, ...noBattery, ...noPlugs },
    KEPT,
    "measurement-lost/inverter",
  ],
];

describe("a lost meter", () => {
  for (const [sentence, given, then, told] of STANDS_IN)
    it(sentence, () => {
      const { decisions, last } = run(MODEL, [pumpOff, ...every(5, 400, given)]);
      assert.equal(story(decisions), then);
      const conditions = last.conditions.map(({ id }) => id).filter((id) => id.startsWith("measurement"));
      assert.equal(conditions.join(), told);
    });

  it("is missed by nobody who sheds: the battery's current shows an overload", () => {
    const current = { ...noMeters, "battery/battery_current": 560 };
    const { decisions } = run(MODEL, every(1, 60, current));
    assert.match(story(decisions), /^heater-b off \(overload/);
  });
  it("gives the load that the battery and the sun feed together", () => {
    const sunny = { ...noMeters, "battery/battery_current": -40, "sun/power": 9_400, "battery/soc": 0.64 };
    const { decisions } = run(MODEL, every(1, 60, sunny));
    assert.equal(story(decisions), "");
  });
});

/** Meters speak again, and show that a heater is off; switches stay as they stand. */
const healed = {
  ...Object.fromEntries(Object.entries(CALM).filter(([name]) => !name.startsWith("relays"))),
  ...flow("main", [2_040, 2_300, 2_100]),
  ...flow("inverter", [2_040, 2_300, 2_100]),
};
const dark = { ...noMeters, ...noBattery, ...noPlugs };
const BLIND: readonly (readonly [sentence: string, va: number, given: Given, then: string])[] = [
  ["nothing goes where that hour is usually borne", 5_300, dark, ""],
  ["what is usually too much goes, least needed first", 7_100, dark, "heater-b off (measurement-lost-shed)"],
  [
    "and more of it where it is more",
    8_700,
    dark,
    "heater-b off (measurement-lost-shed), heater-a off (measurement-lost-shed)",
  ],
];

describe("when nothing can be measured any more", () => {
  for (const [sentence, va, given, then] of BLIND)
    it(sentence, () => {
      const { decisions } = run(MODEL, every(1, 120, given), { memory: usually(va) });
      assert.equal(story(decisions), then);
    });
  it("a gateway that starts again within 20 s costs nobody anything", () => {
    const { decisions } = run(MODEL, [...every(1, 19, dark), { at: s(20), given: healed }], {
      memory: usually(8_700),
    });
    assert.equal(story(decisions), "");
  });
  it("what went comes back when meters speak again", () => {
    const { decisions } = run(
      MODEL,
      [...every(1, 60, dark), ...every(20, 400).map(({ at }) => ({ at: at + 60_000, given: healed }))],
      {
        memory: usually(7_100),
      },
    );
    assert.equal(story(decisions), "heater-b off (measurement-lost-shed), heater-b on (restored)");
  });
  it("no more load goes in a step than battery and inverter can take of the sun", () => {
    const sunny = {
      ...dark,
      "sun/power": 14_300,
      "battery/charge_current_limit": absent("not-available", mono(T)),
    };
    const { decisions } = run(MODEL, every(1, 60, sunny), { memory: usually(13_900) });
    assert.equal(story(decisions.filter(({ rule }) => rule === "overload")), "");
  });
});

describe("a battery's limits", () => {
  const CCL = "battery/charge_current_limit";
  const DCL = "battery/discharge_current_limit";
  const zero: Given = { [DCL]: 0, "battery/discharge_allowed": true, "battery/battery_current": 37 };
  const table: readonly (readonly [sentence: string, given: Given, then: string, told: string])[] = [
    [
      "0 while it flows and is allowed is unknown: nothing is shed, nothing comes back",
      zero,
      KEPT,
      "reading-limit/battery",
    ],
    [
      "0 while it is forbidden is real",
      { ...zero, "battery/discharge_allowed": false },
      "pump off (requested-off), heater-b off (battery-forbids-discharge)",
      "",
    ],
    [
      "a charge limit of 0 while it charges and is allowed is told",
      { [CCL]: 0, "battery/battery_current": -22 },
      KEPT,
      "reading-limit/battery",
    ],
    [
      "one of 0 while nothing flows is a full or a cold battery",
      { [CCL]: 0, "battery/battery_current": 0.4 },
      BACK,
      "",
    ],
    [
      "one whose discharge limit fell silent lets nothing come back",
      { [DCL]: bad(7, "stuck", mono(T)) },
      KEPT,
      "",
    ],
    [
      "nor one of more than 5 s ago, though its group is not stale yet",
      { [DCL]: fresh(390, mono(T)) },
      KEPT,
      "",
    ],
    ["nor one that is old", { [DCL]: stale(390, mono(T)) }, KEPT, ""],
  ];
  for (const [sentence, given, then, told] of table)
    it(sentence, () => {
      const { decisions, last } = run(MODEL, [pumpOff, ...every(5, 400, given)]);
      assert.ok(story(decisions).startsWith(then), story(decisions));
      if (then === KEPT || then === BACK) assert.equal(story(decisions), then);
      const limits = last.conditions.map(({ id }) => id).filter((id) => id.startsWith("reading-limit"));
      assert.equal(limits.join(), told);
    });
  it("that are not told any more while charge and voltage are keep nobody waiting for more than a quarter of an hour", () => {
    const gone = { [DCL]: absent("not-available", mono(T)) };
    const after = (seconds: number) => story(run(MODEL, [pumpOff, ...every(5, seconds, gone)]).decisions);
    assert.deepEqual([after(880), after(1_000)], [KEPT, BACK]);
  });
  it("that were 0 from the beginning are not known to this battery: it keeps nobody waiting", () => {
    const given = { ...CALM, ...zero };
    const memory = settledMemory(MODEL, given);
    const { decisions } = run(MODEL, [pumpOff, ...every(5, 400, zero)], { memory, given });
    assert.equal(story(decisions), BACK);
  });
});
