import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deed } from "@gridwright/contract/deeds.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { CODES } from "../protocol/codes.ts";
import { type LogBook, type LogEntry, opened, read, stated, wanted } from "./log-book.ts";

const WALL = epoch(1_798_800_000_000);
const hello = (uptime_ms: number, log_next: number) =>
  ({
    kind: "hello",
    nonce: 7,
    session: 0x0003_0002,
    schema: 5,
    firmware: 20,
    reset: "power_on",
    channels: 4,
    uptime_ms,
    log_next,
  }) as const;
const cause = (word: (typeof CODES)["cause"][number]): number => CODES.cause.indexOf(word);

type Event = (typeof CODES)["event"][number];
type Place = readonly [index: number, at_ms: number];
const entry = ([index, at_ms]: Place, event: Event, of: Partial<LogEntry> = {}): LogEntry => ({
  ...{ kind: "event", index, at_ms, event, channel: 255, value: 0 },
  ...of,
});

/** The deeds of a whole log, read 5 s after the box said that it had been up for 100 s. */
function deedsOf(entries: readonly LogEntry[]): readonly Deed[] {
  let book: LogBook = opened(undefined, hello(100_000, entries.length), mono(40_000));
  const deeds: Deed[] = [];
  for (const one of entries) {
    const told = read(book, one, { device: "shed", wall: WALL, now: mono(45_000) });
    book = told.book;
    deeds.push(...told.deeds);
  }
  assert.equal(wanted(book), undefined, "all is read");
  return deeds;
}

const off = (place: Place, channel: number, why: Parameters<typeof cause>[0]): LogEntry =>
  entry(place, "output_off", { channel, value: cause(why) });
const textOf = (deed: Deed): string => {
  const figures = Object.entries(deed.reason.params).map(([key, value]) => ` ${key} ${value}`);
  const what = deed.kind === "met" ? `${deed.event} ${deed.id}` : `${deed.point} ${JSON.stringify(deed.set)}`;
  return `${(deed.at - WALL) / 1_000} s: ${what} ${deed.reason.code}${figures.join("")}`;
};
const OFF = '{"kind":"switch","on":false}';
const ON = '{"kind":"switch","on":true}';

//  case                                              the log                                            what is told
const TOLD: readonly (readonly [string, readonly LogEntry[], readonly string[]])[] = [
  [
    "a saw that lost its host finishes its cut",
    [entry([0, 61_000], "host_silent", { channel: 0, value: 1 }), off([1, 92_500], 0, "finishing")],
    [`-12.5 s: relay_1 ${OFF} box-finished forMs 31500`],
  ],
  [
    "what was commanded is no news",
    [off([0, 61_000], 2, "lease"), entry([1, 64_000], "output_on", { channel: 2, value: cause("lease") })],
    [],
  ],
  [
    "an overload, and what each channel did for it",
    [
      entry([0, 70_000], "shed_overload", { value: 412 }),
      off([1, 70_001], 2, "shed"),
      entry([2, 88_000], "shed_over", { value: 23_100 }),
      entry([3, 103_000], "output_on", { channel: 2, value: cause("rest") }),
    ],
    [
      "-35 s: raised box-shed/shed alarm-box-overload device shed loadA 41.2",
      `-34.999 s: relay_3 ${OFF} box-shed-overload loadA 41.2`,
      "-17 s: cleared box-shed/shed box-shed-line",
      `-2 s: relay_3 ${ON} box-restored`,
    ],
  ],
  [
    "a sag, told by its volts",
    [entry([0, 70_000], "shed_sag", { value: 18_350 }), off([1, 70_000], 1, "shed")],
    [
      "-35 s: raised box-shed/shed alarm-box-sag device shed voltageV 183.5",
      `-35 s: relay_2 ${OFF} box-shed-sag voltageV 183.5`,
    ],
  ],
  [
    "the shed line is another box's affair: no alarm of this one",
    [entry([0, 70_000], "shed_line", { value: 22_900 }), off([1, 70_000], 3, "shed")],
    [`-35 s: relay_4 ${OFF} box-shed-line`],
  ],
  [
    "a box that starts has nothing of what it met before, and meets it anew",
    [entry([0, 100], "started"), entry([1, 60_000], "shed_sag", { value: 18_350 })],
    [
      "-104.9 s: cleared box-shed/shed box-shed-line",
      "-104.9 s: cleared box-blind/shed alarm-box-blind device shed",
      "-45 s: raised box-shed/shed alarm-box-sag device shed voltageV 183.5",
    ],
  ],
  [
    "a converter that stands still",
    [entry([0, 50_000], "measurement_lost"), entry([1, 53_000], "measurement_back")],
    [
      "-55 s: raised box-blind/shed alarm-box-blind device shed",
      "-52 s: cleared box-blind/shed alarm-box-blind device shed",
    ],
  ],
];

for (const [name, entries, then] of TOLD)
  test(name, () => assert.deepEqual(deedsOf(entries).map(textOf), then));

const book = opened(undefined, hello(100_000, 9), mono(40_000));

test("entries are taken in their order; a newer one that comes between waits to be read", () => {
  const after = read(book, off([4, 70_000], 1, "silence"), { device: "shed", wall: WALL, now: mono(45_000) });
  assert.deepEqual(after.deeds, []);
  assert.equal(wanted(after.book), 0);
});

test("what newer entries drove out is passed over, also where the count runs over", () => {
  const causes = { cause_0: "rest", cause_1: "rest", cause_2: "rest", cause_3: "rest" } as const;
  const rest = { uptime_ms: 130_000, outputs: 5, leases: 1, flags: 0, ...causes };
  const state = { ...rest, kind: "state", machine: "idle" } as const;
  assert.equal(wanted(stated(book, { ...state, log_next: 130 }, mono(70_000))), 82);
  const old = { ...book, next: 65_500 };
  assert.equal(wanted(stated(old, { ...state, log_next: 20 }, mono(70_000))), 65_508);
  assert.equal(wanted(stated(old, { ...state, log_next: 3 }, mono(70_000))), 65_500);
});

//  what happened                                          uptime  at      next
const OPENED: readonly (readonly [string, number, number, number])[] = [
  ["the same box after a minute without a line", 160_300, 100_000, 6],
  ["a crystal that is slow over a day", 85_200_000, 86_440_000, 6],
  ["a box that was reset meanwhile", 21_000, 100_000, 0],
  ["a box that was reset, and up for a while", 100_000, 160_000, 0],
];

for (const [name, uptime, at, next] of OPENED)
  test(`${name} is read on from entry ${next}`, () => {
    const before = { ...book, next: 6 };
    assert.equal(opened(before, hello(uptime, 11), mono(at)).next, next);
  });

test("an uptime that ran over after 50 days is the same box", () => {
  const before = { ...opened(undefined, hello(2 ** 32 - 4_000, 6), mono(40_000)), next: 6 };
  assert.equal(opened(before, hello(6_000, 8), mono(50_000)).next, 6);
});
