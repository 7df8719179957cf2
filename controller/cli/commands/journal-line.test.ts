// Records of the journal as people read them, and which of them a person asked for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Place, sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { AssetModel } from "@gridwright/contract/site/model.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { keeps } from "./journal-filter.ts";
import { recordText } from "./journal-line.ts";

const place: Place = {
  timezone: "Europe/Madrid",
  members: { "member-3": { name: "House of figs" } },
  assets: [
    { id: "kettle", name: "Kettle", kind: "load", phases: ["L2"] },
    { id: "pump", name: "Pump", kind: "load", phases: ["L3"] },
  ],
};
const T = Date.UTC(2026, 10, 27, 9, 42, 7);
const at = { t: epoch(T), m: mono(70_000) };
const points = ["meter/power", "meter/voltage", "relays/relay_2", "tank/level"];
const scene = sceneOf(place, { language: "en", now: T });
const set = { kind: "switch", on: false } as const;
const until = { code: "until-free", params: { needVa: 2_400 } } as const;
const why = { code: "ladder-soc", params: { socRatio: 0.28, belowRatio: 0.3, step: "spare it" } } as const;
const desired = {
  asset: "kettle",
  set,
  rule: "ladder",
  reason: why,
  until,
  since: at.m,
  leaseMs: millis(300_000),
} as const;

const tick: JournalRecord = { k: "tick", ...at, d: { 2: 40 }, c: { 0: 1_534, 2: true, 3: ["s", 0.5] } };
const decision: JournalRecord = {
  ...{ k: "decision", ...at },
  decision: {
    asset: "kettle",
    set,
    rule: "ladder",
    reason: why,
    until,
    inputs: [],
    considered: [],
    at: at.t,
  },
};
const lease: JournalRecord = {
  k: "lease",
  ...at,
  asset: "kettle",
  event: "granted",
  desired,
  deadline: mono(370_000),
};
const request: JournalRecord = {
  ...{ k: "request", ...at },
  request: {
    ...{ id: "request-7", issuer: "member-3", role: "member", seq: 4, ttlMs: 90_000 },
    body: { kind: "switch", asset: "pump", on: true, why: "dry" },
  },
};
const alarm: JournalRecord = {
  ...{ k: "alarm", ...at, event: "raised" },
  alarm: {
    id: "relay-stuck/pump",
    severity: "warning",
    reason: { code: "alarm-relay-stuck", params: { asset: "pump" } },
    raisedAt: at.t,
  },
};

describe("a record reads", () => {
  const table: [record: JournalRecord, then: string][] = [
    [tick, "meter/power 1.5 kW, relays/relay_2 yes, tank/level stale"],
    [{ k: "tick", ...at, d: { 2: 40, 5: 7 } }, "2 groups answered, nothing changed"],
    [{ k: "tick", ...at, n: 6 }, "6 ticks merged; nothing new"],
    [
      decision,
      "Kettle off by «the community's ladder»: the battery was at 28 %, below 30 % where «spare it» begins; it comes back when 2.4 kVA are free",
    ],
    [lease, "Kettle off: granted, ends by itself in 5 min"],
    [{ k: "lease", ...at, asset: "pump", event: "failed", detail: "no answer" }, "Pump: failed (no answer)"],
    [request, "House of figs (member): Pump on: dry"],
    [
      {
        k: "answer",
        ...at,
        answer: {
          id: "request-7",
          issuer: "operator",
          outcome: "refused",
          reason: { code: "answer-expired", params: {} },
        },
      },
      "a technician: refused, it came too late",
    ],
    [alarm, "raised: Pump does not follow its switch"],
    [
      { k: "config", ...at, siteHash: "0123456789", outcome: "refused", detail: "line 4" },
      "refused; site 01234567: line 4",
    ],
  ];
  for (const [record, then] of table)
    test(`${record.k}: ${then}`, () => assert.equal(recordText(record, { scene, points }), then));
});

describe("of all records a person is shown", () => {
  const all: readonly JournalRecord[] = [
    tick,
    decision,
    lease,
    { ...lease, event: "renewed" },
    request,
    alarm,
    { ...decision, t: epoch(T + 9_000) },
  ];
  const kettle = {
    id: "kettle",
    points: { power: "meter/power" },
    actuator: { device: "relays", point: "relay_2" },
  } as unknown as AssetModel;
  const open = { from: T - 5_000, to: T + 20_000 };
  const table: [given: string, wanted: Parameters<typeof keeps>[1], then: string][] = [
    ["all but the frequent ones", open, "decision lease request alarm decision"],
    ["those from a time on", { ...open, from: T + 1 }, "decision"],
    ["those up to a time", { ...open, to: T + 8_999 }, "decision lease request alarm"],
    ["some kinds", { ...open, kinds: new Set(["tick", "alarm"] as const) }, "tick:0,2,3 alarm"],
    ["what concerns an asset", { ...open, asset: kettle }, "decision lease decision"],
    [
      "of ticks an asset's own points",
      { ...open, asset: kettle, kinds: new Set(["tick"] as const) },
      "tick:0,2",
    ],
  ];
  const shown = (record: JournalRecord): string =>
    record.k === "tick" ? `tick:${Object.keys(record.c ?? {}).join(",")}` : record.k;
  for (const [given, wanted, then] of table)
    test(given, () =>
      assert.equal(
        all
          .flatMap((record) => keeps(record, wanted, points) ?? [])
          .map(shown)
          .join(" "),
        then,
      ),
    );
  test("an alarm by the asset that it is about", () => {
    const pump = { id: "pump", points: {} } as unknown as AssetModel;
    assert.deepEqual(
      all.flatMap((record) => keeps(record, { ...open, asset: pump }, points)?.k ?? []),
      ["request", "alarm"],
    );
  });
});
