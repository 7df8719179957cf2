import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sample, Sampling } from "@gridwright/contract/ports.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { decide } from "./decide.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { CALM, plantState, SETTLED, settledMemory } from "./fixtures/scene.ts";
import { initialObservation, observe } from "./observe.ts";
import type { Observation } from "./state.ts";

const MODEL = hamlet();

interface Said {
  readonly at: number;
  readonly device?: string;
  readonly values: Readonly<Record<string, number>>;
}

/** What is known of `source` after all that was said. */
function known(source: string, said: readonly Said[]): string {
  let after: Observation = initialObservation(MODEL);
  for (const { at, device = "main", values } of said) {
    const samples = Object.entries(values).map(([point, value]): Sample => ({ point, value }));
    const samplings: Sampling[] = [{ device, at: mono(at), samples }];
    ({ after } = observe({ model: MODEL, before: after, samplings, now: mono(at), wall: epoch(at) }));
  }
  const reading = after.points.get(source);
  if (reading === undefined) return "unknown";
  if (reading.quality === "fresh") return `${reading.value}`;
  return reading.quality === "bad" ? `bad ${reading.reason} ${reading.raw}` : reading.quality;
}

const meter = (at: number, l1: number, volts = 231.2): Said => ({
  at,
  values: { voltage_l1: volts, current_l1: l1 / 231, power_l1: l1 },
});
const soc = (at: number, value: number): Said => ({ at, device: "battery", values: { soc: value } });
/** The same charge each two seconds. */
const socs = (from: number, until: number, value: number): Said[] =>
  Array.from({ length: Math.floor((until - from) / 2_000) + 1 }, (_, n) => soc(from + 2_000 * n, value));

const TABLE: readonly (readonly [sentence: string, source: string, said: readonly Said[], then: string])[] = [
  [
    "10^9 W cannot be",
    "sun/power",
    [{ at: 300, device: "sun", values: { power: 1e9 } }],
    "bad out-of-range 1000000000",
  ],
  [
    "nor four times what an array gives",
    "sun/power",
    [{ at: 300, device: "sun", values: { power: 61_000 } }],
    "bad out-of-range 61000",
  ],
  ["nor an amount of charge below nothing", "battery/soc", [soc(300, -0.04)], "bad out-of-range -0.04"],
  ["a heavy overload can be", "main/power_l1", [meter(300, 23_000)], "23000"],
  [
    "who shows ten times the voltage is not believed in W",
    "main/power_l1",
    [meter(300, 640, 2_312)],
    "bad contradicted 640",
  ],
  [
    "and not yet 9 s later",
    "main/power_l1",
    [meter(300, 640, 2_312), meter(9_300, 655)],
    "bad contradicted 640",
  ],
  ["but 10 s later", "main/power_l1", [meter(300, 640, 2_312), meter(10_300, 655)], "655"],
  ["a dead bus is no lie", "main/power_l1", [meter(300, 7, 3)], "7"],
  ["a charge does not leap", "battery/soc", [soc(300, 0.77), soc(2_300, 0.31)], "bad too-quick 0.31"],
  ["but moves a little", "battery/soc", [soc(300, 0.77), soc(2_300, 0.72)], "0.72"],
  [
    "a leap back ends it at once",
    "battery/soc",
    [soc(300, 0.77), soc(2_300, 0.31), soc(4_300, 0.76)],
    "0.76",
  ],
  [
    "a leap that lasts for a minute is believed",
    "battery/soc",
    [soc(300, 0.77), ...socs(2_300, 62_300, 0.31)],
    "0.31",
  ],
  ["and not before", "battery/soc", [soc(300, 0.77), ...socs(2_300, 60_300, 0.31)], "bad too-quick 0.31"],
  [
    "leaps here and there never are",
    "battery/soc",
    [soc(300, 0.77), ...socs(2_300, 40_300, 0.31), ...socs(42_300, 80_300, 0.05)],
    "bad too-quick 0.31",
  ],
  [
    "after an hour of silence a charge may be another",
    "battery/soc",
    [soc(300, 0.77), soc(3_600_300, 0.31)],
    "0.31",
  ],
];

describe("an answer is believed, or not and why", () => {
  for (const [sentence, source, said, then] of TABLE)
    it(sentence, () => assert.equal(known(source, said), then));

  const lively = Array.from({ length: 14 }, (_, n) => meter(200 + 200 * n, 640 + 3 * n));
  const still = (until: number) => Array.from({ length: until / 200 }, (_, n) => meter(3_000 + 200 * n, 655));
  it("a meter that stands still to the last digit is stuck", () =>
    assert.equal(known("main/power_l1", [...lively, ...still(70_000)]), "bad stuck 655"));
  it("a full battery that rests at next to nothing is not", () => {
    const says = (n: number, watts: number) => ({
      at: 3_000 + 1_000 * n,
      device: "battery",
      values: { soc: 0.9997, battery_voltage: 54.19, battery_current: watts / 54, battery_power: watts },
    });
    const lives = Array.from({ length: 20 }, (_, n) => says(n, 300 + n));
    const stands = (watts: number) => Array.from({ length: 300 }, (_, n) => says(20 + n, watts));
    assert.equal(known("battery/battery_voltage", [...lives, ...stands(-1.8e-7)]), "54.19");
    assert.equal(known("battery/battery_voltage", [...lives, ...stands(300)]), "bad stuck 54.19");
  });
  it("one of a load that is off is not", () => {
    const off = Array.from({ length: 400 }, (_, n) => meter(3_000 + 200 * n, 0, 231));
    assert.equal(known("main/power_l1", [...lively, ...off]), "0");
  });
  it("and believed when it moves", () =>
    assert.equal(known("main/power_l1", [...lively, ...still(70_000), meter(80_000, 658)]), "658"));
});

const given = Object.keys(CALM).filter((name) => typeof CALM[name] === "number");
const reasons = fc.constantFrom(
  "stuck" as const,
  "out-of-range" as const,
  "contradicted" as const,
  "too-quick" as const,
  "frozen-clock" as const,
);

describe("a bad reading decides what an absent one decides", () => {
  it("for any of them, whatever it says", () => {
    const memory = settledMemory(MODEL);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...given), { minLength: 1, maxLength: 9 }),
        reasons,
        fc.oneof(fc.double({ noNaN: true, min: -1e10, max: 1e10 }), fc.constant("NaN")),
        (names, reason, raw) => {
          const at = mono(SETTLED);
          const with_ = (reading: object) =>
            plantState(MODEL, SETTLED, {
              ...CALM,
              ...Object.fromEntries(names.map((name) => [name, reading as never])),
            });
          const said = (reading: object) => {
            const step = decide({ model: MODEL, state: with_(reading), memory, requests: [] });
            return [step.desired, step.decisions.map(({ inputs: _, ...rest }) => rest), step.mode];
          };
          assert.deepEqual(
            said({ quality: "bad", raw, reason, at }),
            said({ quality: "absent", reason: "not-available", at }),
          );
        },
      ),
      { numRuns: 120, seed: 4_711 },
    );
  });
});
