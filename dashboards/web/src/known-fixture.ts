// A hamlet for the tests of the page's pure parts: a sun, a battery, a line, a house and a shed. Only tests import this.
import type { ApiAsset, ApiDecision, ApiReading, ApiSite, ApiState } from "@gridwright/contract/api.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import type { Known } from "./live/merge.ts";

export const NOW = Date.UTC(2026, 4, 12, 8, 42, 20);

const asset = (id: string, kind: ApiAsset["kind"], fields: Partial<ApiAsset> = {}): ApiAsset => ({
  id,
  name: `The ${id}`,
  kind,
  phases: ["L1"],
  switched: false,
  points: ["power"],
  ...fields,
});

export const kettle = asset("kettle", "load", {
  name: "Kettle of House of figs",
  member: "figs",
  parent: "main",
  tier: 3,
  switched: true,
});
export const lathe = asset("lathe", "machine", { parent: "shed", tier: 2, switched: true });
export const lamp = asset("lamp", "load", { parent: "main", tier: 0, points: [] });

export const site: ApiSite = {
  id: "hamlet",
  name: "Hamlet",
  timezone: "Europe/Madrid",
  members: { figs: { name: "House of figs" } },
  assets: [
    asset("line", "grid", { points: ["power", "grid_present"] }),
    asset("roof", "pv"),
    asset("barn-roof", "pv"),
    asset("bank", "battery", { points: ["soc", "battery_power"] }),
    asset("set", "generator", { points: [], switched: true }),
    asset("main", "feeder"),
    asset("shed", "feeder", { parent: "main", points: [] }),
    asset("figs-meter", "meter", { parent: "main", member: "figs" }),
    kettle,
    lathe,
    asset("drill", "machine", { parent: "shed", tier: 3 }),
    lamp,
  ],
  ladder: [{ name: "spare the kettle", shed: 3, by: "soc", below: 0.4, restore: 0.52 }],
  flow: [],
};

export const fresh = (v: number | boolean): ApiReading => ({ q: "fresh", v });
export const stale = (v: number, agoMs: number): ApiReading => ({ q: "stale", v, t: epoch(NOW - agoMs) });
export const gone: ApiReading = { q: "absent", v: null, why: "device-lost", t: epoch(NOW - 95_000) };

export const channels: Readonly<Record<string, ApiReading>> = {
  "line/power": fresh(-730),
  "line/grid_present": fresh(true),
  "roof/power": fresh(4_200),
  "barn-roof/power": fresh(2_900),
  "bank/soc": fresh(0.57),
  "bank/battery_power": fresh(-140),
  "main/power": fresh(6_230),
  "figs-meter/power": fresh(2_110),
  "kettle/power": fresh(1_940),
  "lathe/power": fresh(1_310),
  "drill/power": fresh(270),
};

export const status = (fields: Partial<AssetStatus> = {}): AssetStatus => ({
  on: true,
  wanted: true,
  shed: false,
  override: false,
  rule: "default",
  reason: { code: "normal", params: {} },
  until: { code: "until-scarce", params: {} },
  since: epoch(NOW - 71_000),
  ...fields,
});

export const known = (state: Partial<ApiState> = {}, fields: Partial<Known> = {}): Known => ({
  site,
  link: "open",
  news: 3,
  heardAt: NOW + 300,
  quietMs: 300,
  ...fields,
  state: {
    t: epoch(NOW),
    speed: 1,
    mode: "island-inverter",
    control: { state: "live", silentMs: 120 },
    assets: { kettle: status(), lathe: status(), set: status({ on: false, wanted: false }) },
    devices: {},
    decisions: [],
    alarms: [],
    ...state,
    channels: { ...channels, ...state.channels },
  },
});

export const decision = (assetId: string, agoMs: number, fields: Partial<ApiDecision> = {}): ApiDecision => ({
  id: `${assetId}-${agoMs}`,
  asset: assetId,
  set: { kind: "switch", on: false },
  rule: "overload",
  reason: {
    code: "overload-budget",
    params: { source: "bank", usedRatio: 0.5, loadRatio: 1.28, forMs: 9_000, phase: "L1" },
  },
  until: { code: "until-free", params: { needVa: 2_400 } },
  inputs: [{ point: "main/power", value: 6_230, unit: "W", ageMs: millis(180), quality: "fresh" }],
  considered: [],
  at: epoch(NOW - agoMs),
  ...fields,
});
