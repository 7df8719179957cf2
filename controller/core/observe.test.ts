import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { SnapshotRecord, TickRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { hamlet } from "./fixtures/hamlet.ts";
import { initialObservation, observe } from "./observe.ts";
import { namesOf, replayTick, restoreSnapshot, snapshotOf, tickNews } from "./recorded.ts";
import type { Observation } from "./state.ts";

const MODEL = hamlet();
const WALL = epoch(1_755_000_000_000);

interface Reads {
  readonly at: number;
  readonly samples: readonly Sample[];
  readonly answered?: false;
}
/** Observes each batch of the main meter's samples at its own instant; the last reading of `point` as text. */
function seen(point: string, reads: readonly Reads[], until?: number): string {
  let after: Observation = initialObservation(MODEL);
  for (const { at, ...said } of reads) after = look(after, at, [{ device: "main", at: mono(at), ...said }]);
  const now = until ?? reads.at(-1)?.at ?? 5;
  if (until !== undefined) after = look(after, until, []);
  const reading = after.points.get(`main/${point}`);
  if (reading === undefined) return "unknown";
  const { at, quality, ...rest } = reading;
  return `${quality} ${Object.values(rest).join(" ")}, ${now - at} ms`;
}
const look = (before: Observation, now: number, samplings: readonly Sampling[]): Observation =>
  observe({ model: MODEL, before, samplings, now: mono(now), wall: WALL }).after;

const volts = (at: number, value: number): Reads => ({ at, samples: [{ point: "voltage_l1", value }] });

describe("observe", () => {
  const table: readonly (readonly [sentence: string, then: string, is: () => string])[] = [
    ["a value is fresh and rounded", "fresh 230.4, 0 ms", () => seen("voltage_l1", [volts(900, 230.4371)])],
    [
      "a change within the dead-band is no news, but renews",
      "fresh 230.4, 0 ms",
      () => seen("voltage_l1", [volts(900, 230.4), volts(1_100, 230.8)]),
    ],
    [
      "many small changes add up to news",
      "fresh 231, 0 ms",
      () => seen("voltage_l1", [volts(900, 230.4), volts(1_100, 230.8), volts(1_300, 231)]),
    ],
    [
      "what the catalogue excludes is bad",
      "bad 1743 out-of-range, 0 ms",
      () => seen("voltage_l1", [volts(900, 1_743)]),
    ],
    ["NaN is bad", "bad NaN not-a-number, 0 ms", () => seen("voltage_l1", [volts(900, Number.NaN)])],
    ["endless is bad", "bad Infinity not-a-number, 0 ms", () => seen("voltage_l1", [volts(900, Infinity)])],
    [
      "a value without an answer for two periods and the age limit is stale",
      "stale 230.4, 5401 ms",
      () => seen("voltage_l1", [volts(900, 230.4)], 6_301),
    ],
    ["and until then fresh", "fresh 230.4, 5400 ms", () => seen("voltage_l1", [volts(900, 230.4)], 6_300)],
    [
      "an answer of its group keeps a point young that said nothing",
      "fresh 230.4, 300 ms",
      () =>
        seen(
          "voltage_l1",
          [volts(900, 230.4), { at: 5_900, samples: [{ point: "voltage_l2", value: 229 }] }],
          6_200,
        ),
    ],
    [
      "a stale value that comes again is fresh",
      "fresh 230.4, 0 ms",
      () => seen("voltage_l1", [volts(900, 230.4), volts(9_000, 230.5)]),
    ],
    ["what was never read is absent", "absent never-read, 700 ms", () => seen("voltage_l1", [], 700)],
    [
      "a device may say that it does not know",
      "absent not-available, 0 ms",
      () => seen("voltage_l1", [{ at: 900, samples: [{ point: "voltage_l1", absent: "not-available" }] }]),
    ],
    [
      "what is said of a device, not by it, makes it no younger",
      "absent device-lost, 800 ms",
      () => {
        const samples = [{ point: "voltage_l1", absent: "device-lost" } as const];
        return seen("voltage_l1", [volts(900, 230.4), { at: 1_700, samples, answered: false }]);
      },
    ],
    [
      "an older answer never replaces a newer one",
      "fresh 236.1, 0 ms",
      () => {
        const first = look(initialObservation(MODEL), 900, [
          { device: "main", ...volts(900, 236.1), at: mono(900) },
        ]);
        const late = look(first, 900, [{ device: "main", ...volts(700, 231), at: mono(700) }]);
        const reading = late.points.get("main/voltage_l1");
        return reading?.quality === "fresh" ? `fresh ${reading.value}, ${900 - reading.at} ms` : "lost";
      },
    ],
    [
      "an answer from the future is not believed",
      "bad 233 from-the-future",
      () => {
        const { points } = look(initialObservation(MODEL), 900, [
          { device: "main", at: mono(950), samples: volts(1, 233).samples },
        ]);
        const reading = points.get("main/voltage_l1");
        return reading?.quality === "bad" ? `bad ${reading.raw} ${reading.reason}` : "believed";
      },
    ],
  ];
  for (const [sentence, then, is] of table) it(sentence, () => assert.equal(is(), then));
});

const sources = [...MODEL.sources.values()];
const sample = fc.oneof(
  fc.double({ noNaN: false }).map((value) => ({ value })),
  fc.double({ min: -300, max: 300, noNaN: true }).map((value) => ({ value })),
  fc.boolean().map((value) => ({ value })),
  fc.constant({ absent: "device-lost" as const }),
  fc.constant({ bad: "sentinel" as const, raw: 65_535 }),
);
const tick = fc.record({
  after: fc.double({ min: 3, max: 9_000, noNaN: true }),
  reads: fc.array(
    fc.record({
      source: fc.nat(sources.length - 1),
      sample,
      hearsay: fc.boolean(),
      age: fc.double({ min: -40, max: 12_000, noNaN: true }),
    }),
    { maxLength: 9 },
  ),
});

describe("what the journal keeps of an observation", () => {
  it("gives it back to the bit, from any snapshot on", () => {
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 8 }), fc.nat(7), (ticks, cut) => {
        const names = namesOf(MODEL);
        let now = 20_000.125;
        let live = initialObservation(MODEL);
        let replayed: Observation | undefined;
        for (const [index, { after, reads }] of ticks.entries()) {
          if (index === Math.min(cut, ticks.length - 1)) replayed = throughText(live, now);
          now += after;
          const samplings = reads.map(({ source, sample: value, hearsay, age }) => ({
            device: sources[source]?.device ?? "",
            at: mono(now - age),
            samples: [{ point: sources[source]?.point ?? "", ...value } as Sample],
            ...(hearsay && { answered: false as const }),
          }));
          const { after: next, news } = observe({
            model: MODEL,
            before: live,
            samplings,
            now: mono(now),
            wall: WALL,
          });
          const record: TickRecord = { k: "tick", m: mono(now), t: WALL, ...tickNews(news, names) };
          if (replayed !== undefined)
            replayed = replayTick({
              model: MODEL,
              before: replayed,
              record: JSON.parse(JSON.stringify(record)),
              names,
            });
          live = next;
        }
        assert.deepEqual(seenIn(replayed), seenIn(live));
      }),
      { numRuns: 150, seed: 20_251 },
    );
  });
});

/** Without what the observer keeps for itself. */
const seenIn = (observation: Observation | undefined) =>
  observation && { points: observation.points, answeredAt: observation.answeredAt };

function throughText(observation: Observation, now: number): Observation {
  const record = { ...snapshotOf(MODEL, observation, mono(now)), m: mono(now) };
  return restoreSnapshot(MODEL, JSON.parse(JSON.stringify(record)) as SnapshotRecord);
}
