// What a home's people should hear: their own, never another home's, and never what is no news.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { reason } from "../tick.ts";
import { homeAlarms } from "./home-alarms.ts";

const signal = (n: number, member?: string) => ({
  ...{ kind: "signal", name: `Lamp ${n}`, switch: `relays/relay_${n}` },
  ...(member !== undefined && { member }),
});
const MODEL = hamlet((site) => ({
  ...site,
  assets: { ...site.assets, plaza: signal(13), "elm-lamp": signal(14, "elm") },
}));

const LOW = reason("ladder-soc", { socRatio: 0.41, belowRatio: 0.45, step: "spare heaters" });
const status = (since: number, more: Partial<AssetStatus> = {}): AssetStatus => ({
  ...{ on: false, wanted: false, shed: true, override: false, rule: "ladder" },
  ...{ reason: LOW, until: reason("normal"), since: epoch(1_790_000_000_000 + since) },
  ...more,
});
const lit = status(40, {
  wanted: true,
  on: true,
  shed: false,
  rule: "signals",
  reason: reason("signal-warning", { leftMs: 600_000, step: "spare heaters" }),
});
const alarm = (id: string): Alarm => ({
  ...{ id, severity: "info", raisedAt: epoch(1_790_000_000_200) },
  reason: reason("alarm-allowance", { member: "Ash house", usedWh: 4_300, allowanceWh: 5_000 }),
});

type Row = readonly [
  sentence: string,
  assets: Readonly<Record<string, AssetStatus>>,
  open: readonly string[],
  then: readonly string[],
];
const ROWS: readonly Row[] = [
  ["nothing while all is on", { "heater-a": status(7, { shed: false, on: true }) }, [], []],
  [
    "what is off there, with the cause of the first",
    { sockets: status(90, { reason: reason("overload-instant") }), "heater-a": status(30) },
    [],
    ["ash home-cut/ash The sockets, The heater-a (ladder-soc) 30"],
  ],
  [
    "what was asked off is no news, nor what is on still",
    { sockets: status(30, { shed: false, rule: "requests" }), "heater-a": status(30, { on: true }) },
    [],
    [],
  ],
  [
    "the own day that ends, never the neighbour's",
    {},
    ["allowance/ash", "device-lost/main"],
    ["ash allowance/ash"],
  ],
  [
    "a cut that is near, where a lamp for all is lit",
    { plaza: lit },
    [],
    ["ash home-near/ash", "elm home-near/elm"],
  ],
  ["a lamp of one home is that home's", { "elm-lamp": lit }, [], ["elm home-near/elm"]],
];

describe("a home hears", () => {
  for (const [sentence, assets, open, then] of ROWS)
    it(sentence, () => {
      const told = homeAlarms({
        model: MODEL,
        open: open.map(alarm),
        assets: new Map(Object.entries(assets)),
      });
      assert.deepEqual(
        told.map(({ member, id, cause, reason: { params }, raisedAt }) =>
          cause === undefined
            ? `${member} ${id}`
            : `${member} ${id} ${params.loads} (${cause.code}) ${raisedAt - 1_790_000_000_000}`,
        ),
        then,
      );
    });
});
