// One moment of the demo village as the live bus would tell it: an overload has just shed two water heaters, a meter is
// lost, a printer was switched off by hand. Data only, the same each time.
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { AssetStatus, SnapshotMessage } from "@gridwright/contract/messages.ts";
import type { Seen } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, millis, mono } from "@gridwright/contract/units.ts";
import { statusOf } from "@gridwright/runtime/web/garden-fixture.ts";

/** 10:42 in the village, a day before the browser's clock. */
export const MOMENT: Epoch = epoch(Date.UTC(2026, 4, 12, 8, 42, 20));
export const BROWSER_NOW = MOMENT + 86_400_000 + 3_000;

const POWERS: Readonly<Record<string, number>> = {
  "gx-system/grid_power": 1_210,
  "gx-battery/battery_power": 3_480,
  "pv-east/power": 6_420,
  "pv-west/power": 2_130,
  "main-meter/power": 12_870,
  "pump-meter/power": 1_640,
  "cold-store-meter/power": 730,
  "laser-meter/power": 940,
  "cnc-meter/power": 2_350,
  "compressor-meter/power": 2,
  "saw-meter/power": 3,
  "extractor-meter/power": 4,
  "printer-1-meter/power": 160,
  "printer-2-meter/power": 2,
};

/** Every point that the page shows, in a plausible morning. */
export function villagePoints(model: SiteModel, shed: ReadonlySet<string>): Record<string, Seen> {
  const points: Record<string, Seen> = {
    ...POWERS,
    "gx-system/grid_present": true,
    "gx-battery/soc": 0.63,
  };
  for (let house = 1; house <= 8; house += 1) {
    const heater = shed.has(`house-${house}-heater`) ? 0 : 1_480 + house;
    const sockets = 90 + house * 37;
    points[`house-${house}-basics-plug/power`] = 70 + house * 11;
    points[`house-${house}-sockets-plug/power`] = sockets;
    points[`house-${house}-heater-meter/power`] = heater;
    points[`house-${house}-meter/power`] = 70 + house * 11 + sockets + heater;
  }
  return Object.fromEntries(Object.entries(points).filter(([source]) => model.sources.has(source)));
}

const overload: AssetStatus = statusOf({
  on: false,
  wanted: false,
  shed: true,
  rule: "overload",
  reason: {
    code: "overload-budget",
    params: { source: "inverter", usedRatio: 0.5, loadRatio: 1.28, forMs: 9_000, phase: "L1" },
  },
  until: { code: "until-free", params: { needVa: 2_400 } },
  since: epoch(MOMENT - 20_000),
});

export const decisionOn = (asset: string, at: number, fields: Partial<Decision> = {}): Decision => ({
  asset,
  set: { kind: "switch", on: false },
  rule: "overload",
  reason: overload.reason,
  until: overload.until,
  inputs: [
    { point: "village/power_l1", value: 9_640, unit: "W", ageMs: millis(180), quality: "fresh" },
    { point: "inverter/current_l1", value: 41.7, unit: "A", ageMs: millis(240), quality: "fresh" },
  ],
  considered: [
    {
      rule: "restoration",
      set: { kind: "switch", on: true },
      reason: { code: "waiting-room", params: { needVa: 2_400, freeVa: 310 } },
    },
  ],
  skipped: [{ asset: "house-1-basics", reason: { code: "skipped-idle", params: {} } }],
  at: epoch(at),
  ...fields,
});

/** What happened before the moment, newest first. */
export function villageStory(): readonly Decision[] {
  const restored = (asset: string, at: number, freeVa: number) =>
    decisionOn(asset, at, {
      set: { kind: "switch", on: true },
      rule: "restoration",
      reason: { code: "restored", params: { freeVa, needVa: 1_875 } },
      until: { code: "until-scarce", params: {} },
    });
  const ladder = (house: number) =>
    decisionOn(`house-${house}-heater`, MOMENT - 3_200_000, {
      rule: "ladder",
      reason: {
        code: "ladder-soc",
        params: { socRatio: 0.44, belowRatio: 0.45, step: "spare the water heaters" },
      },
      until: { code: "until-soc", params: { aboveRatio: 0.55 } },
    });
  const diesel = (on: boolean, at: number) =>
    decisionOn("genset", at, {
      set: { kind: "switch", on },
      rule: "ladder",
      reason: on
        ? { code: "generator-start", params: { socRatio: 0.349, belowRatio: 0.35 } }
        : { code: "generator-stop", params: { socRatio: 0.6 } },
    });
  return [
    decisionOn("house-4-heater", MOMENT - 20_000),
    decisionOn("house-1-heater", MOMENT - 20_000),
    decisionOn("saw", MOMENT - 420_000, {
      rule: "requests",
      set: { kind: "switch", on: true },
      reason: { code: "requested-on", params: { issuer: "operator", why: "the boards for the school" } },
    }),
    restored("house-6-heater", MOMENT - 900_000, 5_210),
    restored("house-3-heater", MOMENT - 916_000, 7_040),
    ...[1, 3, 4, 6].map(ladder),
    diesel(false, MOMENT - 4_000_000),
    diesel(true, MOMENT - 9_000_000),
  ];
}

export const heatersShed: ReadonlySet<string> = new Set(["house-1-heater", "house-4-heater"]);

export function villageStatus(model: SiteModel, shed: ReadonlySet<string>): Record<string, AssetStatus> {
  const statuses = Object.values(model.assets)
    .filter(({ actuator }) => actuator !== undefined)
    .map(({ id }): [string, AssetStatus] => [id, shed.has(id) ? overload : statusOf()]);
  return {
    ...Object.fromEntries(statuses),
    genset: statusOf({ on: false, wanted: false }),
    "printer-2": statusOf({
      on: false,
      override: true,
      reason: { code: "override-by-hand", params: { leftMs: 1_380_000 } },
      until: { code: "until-request-ends", params: { leftMs: 1_380_000 } },
    }),
  };
}

export const lostMeter: Alarm = {
  id: "device-lost/house-7-meter",
  severity: "warning",
  reason: {
    code: "alarm-device-lost",
    params: { device: "house-7-meter", sinceMs: 143_000, why: "no answer" },
  },
  raisedAt: epoch(MOMENT - 143_000),
};

export function villageSnapshot(model: SiteModel): SnapshotMessage {
  const lost = { quality: "lost", ageMs: 143_000, errors: 47, lastError: "no answer within 200 ms" } as const;
  return {
    seq: 4_711,
    t: MOMENT,
    m: mono(86_471_000),
    speed: 60,
    mode: "on-grid",
    points: { ...villagePoints(model, heatersShed), "house-7-meter/power": ["s", 412] },
    assets: villageStatus(model, heatersShed),
    devices: Object.fromEntries(
      Object.keys(model.devices).map((id) => [
        id,
        id === "house-7-meter" ? lost : { quality: "ok", ageMs: 260, errors: 2 },
      ]),
    ),
    decisions: villageStory(),
    alarms: [lostMeter],
  };
}
