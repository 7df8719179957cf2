// What the recorder makes of the journal: channels of assets, gaps, supply instead of coil, one value per time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JournalRecord, Seen, SnapshotRecord } from "@gridwright/contract/records.ts";
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
