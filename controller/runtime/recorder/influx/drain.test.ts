// After an outage: the past goes out oldest first, what is new goes out between, and the cursor never passes what was not sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import type { Batch } from "../feed.ts";
import { gardenModel } from "../garden.ts";
import { catchUp, type Drain } from "./drain.ts";

const [CHANNEL] = gardenModel().channels;
const LINES = 2_500;
const at = (segment: number, offset: number): Cursor => ({ segment, offset });
function batch(t: number, next: Cursor): Batch {
  const samples = CHANNEL === undefined ? [] : [{ channel: CHANNEL, t, value: 480 }];
  return { samples, decisions: [], alarms: [], repeats: [], workshop: [], until: t, next };
}
async function* told(batches: readonly Batch[]): AsyncGenerator<Batch, void, undefined> {
  yield* batches;
}

/** Five old batches, the fourth of which ends where the live ones begin; each look at the clock adds `stepMs`. */
async function played(stepMs: number, refuseAt?: number): Promise<{ did: string[]; outcome: string }> {
  const did: string[] = [];
  let now = 5_000;
  const io: Clock = {
    now: () => {
      now += stepMs;
      return mono(now);
    },
    wall: () => epoch(17),
    sleep: async () => undefined,
  };
  const past = [11, 12, 13, 14, 15].map((t) => batch(t, t < 14 ? at(3, t) : at(4, t * 10)));
  const news = [[batch(901, at(4, 700))], [batch(902, at(5, 90))]];
  let looks = 0;
  const way: Drain = {
    io,
    linesOf: ({ until }) => Array.from({ length: LINES }, () => String(until)),
    taken: async ({ from, to }) => void did.push(`taken ${from}..${to}`),
    sender: {
      send: async (lines) => {
        if (Number(lines[0]) === refuseAt) return "stopped";
        did.push([...new Set(lines)].join("+"));
        return "delivered";
      },
      commit: async (cursor) => void did.push(`cursor ${cursor?.segment}:${cursor?.offset}`),
    },
  };
  const live = {
    begins: at(4, 140),
    more: () => {
      looks += 1;
      return told(news[looks - 1] ?? []);
    },
  };
  const outcome = await catchUp(way, { more: () => told(past) }, live);
  return { did, outcome };
}

//  case, ms that pass at each look at the clock, what is refused, then
const CASES: [string, number, number | undefined, string][] = [
  [
    "news go out between the portions of the past, and the cursor joins them at the end",
    1_300,
    undefined,
    "11+12, taken 11..12, cursor 3:12, 901, taken 901..901, 13+14, taken 13..14, cursor 4:140, 902, taken 902..902, cursor 5:90: delivered",
  ],
  [
    "no more often than each second",
    30,
    undefined,
    "11+12, taken 11..12, cursor 3:12, 901, taken 901..901, 13+14, taken 13..14, cursor 4:140, cursor 4:700: delivered",
  ],
  [
    "what is refused in the past holds the cursor",
    1_300,
    13,
    "11+12, taken 11..12, cursor 3:12, 901, taken 901..901: stopped",
  ],
  [
    "what is refused of the news stops without moving it",
    1_300,
    901,
    "11+12, taken 11..12, cursor 3:12: stopped",
  ],
];
for (const [name, stepMs, refuseAt, then] of CASES)
  test(name, async () => {
    const { did, outcome } = await played(stepMs, refuseAt);
    assert.equal(`${did.join(", ")}: ${outcome}`, then);
  });
