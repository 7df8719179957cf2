// What the recorder makes of the journal: channels of assets, gaps, supply instead of coil, one value per time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AlarmRecord, JournalRecord, Seen, SnapshotRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { channelName, Decoder } from "./decode.ts";
import { gardenModel } from "./garden.ts";

const T0 = 1_700_000_000_000;
const snapshot = (
  at: number,
  seen: readonly Seen[],
  cause: SnapshotRecord["cause"] = "start",
): SnapshotRecord => ({
  k: "snapshot",
  t: epoch(T0 + at),
  m: mono(50 + at),
  cause,
  bootId: "boot-5",
  siteHash: "5eed",
  groups: ["meter:fast"],
  points: ["meter/power", "relays/relay_2", "meter/voltage_l2", "gone/power"].slice(0, seen.length),
  ages: [35],
  seen,
  memory: {},
  leases: {},
  alarms: [],
});
const tick = (at: number, c: Record<string, Seen>): JournalRecord => ({
  k: "tick",
  t: epoch(T0 + at),
  m: mono(50 + at),
  c,
});

const decoded = (records: readonly JournalRecord[]): string =>
  new Decoder(gardenModel())
    .decode(records)
    .samples.map(({ channel, t, value }) => `${channelName(channel)}@${t - T0}=${value}`)
    .join(" ");

describe("the decoder", () => {
  //  case, given, then
  const CASES: [string, JournalRecord[], string][] = [
    ["feeds every channel that a source has", [snapshot(5, [231])], "house/power@5=231 feeder/power@5=231"],
    [
      "turns a coil into supply",
      [snapshot(5, [["s"], true]), tick(17, { 1: false })],
      "pump/switch@5=0 pump/switch@17=1",
    ],
    [
      "marks a gap once",
      [snapshot(5, [["s"], ["s"], 229.5]), tick(17, { 2: ["s"] }), tick(23, { 2: ["a", "device-lost"] })],
      "house/voltage_l2@5=229.5 house/voltage_l2@17=null",
    ],
    [
      "skips sources that the site no longer has",
      [snapshot(5, [["s"], ["s"], ["s"], 12]), tick(17, { 3: 13, 9: 14 })],
      "",
    ],
    [
      "tells of a new segment only what is new",
      [
        snapshot(5, [["s"], true, 229.5]),
        tick(17, { 2: 230.5 }),
        snapshot(17, [["s"], false, 230.5], "segment"),
      ],
      "pump/switch@5=0 house/voltage_l2@5=229.5 house/voltage_l2@17=230.5 pump/switch@17=1",
    ],
    [
      "leaves a gap for the time that control was away",
      [snapshot(5, [["s"], true]), tick(17, {}), snapshot(900, [["s"], true])],
      "pump/switch@5=0 pump/switch@18=null pump/switch@900=0",
    ],
    [
      "never gives one channel two values at one time",
      [snapshot(5, [["s"], true]), snapshot(5, [["s"], false], "config")],
      "pump/switch@5=0 pump/switch@6=1",
    ],
    ["knows nothing before the first snapshot", [tick(17, { 1: true })], ""],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(decoded(given), then));
});

describe("what stands", () => {
  /** The first full quarter of an hour after T0. */
  const QUARTER = 100_000;
  const lost: Alarm = {
    id: "grid-lost",
    severity: "warning",
    reason: { code: "alarm-grid-lost", params: {} },
    raisedAt: epoch(T0 + 57_000),
  };
  const alarm = (at: number, event: AlarmRecord["event"]): JournalRecord => ({
    ...{ k: "alarm", t: epoch(T0 + at), m: mono(50 + at), event, alarm: lost },
  });
  const told = (records: readonly JournalRecord[]): string => {
    const { repeats, alarms } = new Decoder(gardenModel()).decode(records);
    return [
      ...repeats.map(({ channel, t, value }) => `${channelName(channel)}@${t - T0}=${value}`),
      ...alarms.map(({ t, alarm: { id }, open }) => `${id}@${t - T0}=${open}`),
    ].join(" ");
  };
  const begun = [snapshot(45_000, [["s"], true, 229.5])];
  //  case, given, then
  const CASES: [string, JournalRecord[], string][] = [
    [
      "is told again at the full quarter of an hour",
      [...begun, tick(99_000, {}), tick(QUARTER + 700, { 1: false })],
      `pump/switch@${QUARTER}=0 house/voltage_l2@${QUARTER}=229.5`,
    ],
    [
      "is told once",
      [...begun, tick(99_000, {}), tick(QUARTER + 700, {}), tick(QUARTER + 900, {})],
      `pump/switch@${QUARTER}=0 house/voltage_l2@${QUARTER}=229.5`,
    ],
    [
      "is not told again where it was just told",
      [...begun, tick(QUARTER, { 2: 231.5 }), tick(QUARTER + 700, {})],
      `pump/switch@${QUARTER}=0`,
    ],
    [
      "is not told of a time when control was away",
      [...begun, tick(99_000, {}), snapshot(QUARTER + 9_000, [["s"], true, 229.5])],
      "",
    ],
    ["is not told across a hole in the journal", [...begun, tick(QUARTER + 9_000, {})], ""],
    [
      "is not an alarm that is over",
      [
        snapshot(45_000, [["s"]]),
        alarm(57_000, "raised"),
        alarm(71_000, "cleared"),
        tick(99_000, {}),
        tick(QUARTER + 700, {}),
      ],
      "grid-lost@57000=true grid-lost@71000=false",
    ],
    [
      "includes an alarm from its beginning to its end",
      [
        snapshot(45_000, [["s"]]),
        alarm(57_000, "raised"),
        alarm(71_000, "acknowledged"),
        tick(99_000, {}),
        tick(QUARTER + 700, {}),
        alarm(QUARTER + 800, "cleared"),
      ],
      `grid-lost@57000=true grid-lost@${QUARTER}=true grid-lost@${QUARTER + 800}=false`,
    ],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(told(given), then));
});

describe("what the workshop counted", () => {
  const use = (id: string): JournalRecord => ({
    ...{ k: "request", t: epoch(T0 + 60), m: mono(110) },
    request: {
      ...{ id, issuer: "services", role: "planner", seq: 7, ttlMs: 60_000 },
      body: {
        ...{
          kind: "use",
          machine: "saw",
          runMs: 7_300_000,
          starts: 23,
          care: [{ name: "blade", left: 0.3 }],
        },
        job: {
          ...{ id: "job-4", member: null, outcome: "done", endedAt: T0 - 900, energyWh: 640, sunWh: 410 },
          workedMs: 1_500_000,
        },
      },
    },
  });
  const answered = (id: string, outcome: "accepted" | "refused"): JournalRecord => ({
    ...{ k: "answer", t: epoch(T0 + 61), m: mono(111) },
    answer: { id, issuer: "services", outcome, reason: { code: "answer-accepted", params: {} } },
  });
  const told = (records: readonly JournalRecord[]): string[] =>
    new Decoder(gardenModel())
      .decode(records)
      .workshop.map(
        ({ name, tags, t, value }) => `${name} ${Object.values(tags).join("/")} @${t - T0} ${value}`,
      );
  test("is told once control has taken it: use at its answer, a job's totals at its end", () =>
    assert.deepEqual(
      told([use("word-17-a"), answered("word-17-b", "accepted"), answered("word-17-a", "accepted")]),
      [
        "machine_time saw @61 7300",
        "machine_starts saw @61 23",
        "care_left saw/blade @61 0.3",
        "job_energy saw/done @-900 640",
        "job_sun_energy saw/done @-900 410",
        "job_time saw/done @-900 1500",
      ],
    ));
  test("is not told where control refused it", () =>
    assert.deepEqual(told([use("word-19-a"), answered("word-19-a", "refused")]), []));
});
