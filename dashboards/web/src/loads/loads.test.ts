// What a member reads of a load: its state, and on which card it stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiAsset, ApiReading } from "@gridwright/contract/api.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { fresh, gone, kettle, known, lamp, NOW, site, status } from "../known-fixture.ts";
import { type Measure, NONE } from "../live/measure.ts";
import {
  cardOf,
  commonlyShed,
  groupsOf,
  type LoadState,
  loadState,
  shortName,
  unmeteredOf,
} from "./loads.ts";

const drawing: Measure = { belief: "fresh", value: 1_930 };
const still: Measure = { belief: "fresh", value: 3 };
const watched: ApiAsset = { ...kettle, switched: false };

const table: [string, ApiAsset, AssetStatus | undefined, Measure, LoadState][] = [
  ["a load that draws is on", kettle, status(), drawing, "on"],
  ["a load that is on and draws nothing is not in use", kettle, status(), still, "idle"],
  ["an old power does not prove that it stands still", kettle, status(), { ...still, belief: "old" }, "on"],
  ["shed is off by need", kettle, status({ on: false, wanted: false, shed: true }), still, "off-need"],
  [
    "held by a person is not by need",
    kettle,
    status({ on: false, wanted: false, shed: true, rule: "manual-hold" }),
    still,
    "off-held",
  ],
  ["switched at the device is by hand", kettle, status({ on: false, override: true }), still, "off-hand"],
  ["switched on at the device is by hand too", kettle, status({ override: true }), drawing, "on-hand"],
  ["off and wanted on does not follow", kettle, status({ on: false }), still, "deviates"],
  [
    "a switch that was just told may still follow",
    kettle,
    status({ on: false, since: epoch(NOW - 4_000) }),
    still,
    "switching",
  ],
  ["a switch that cannot be read is unknown", kettle, status({ on: null }), drawing, "unknown"],
  ["no word of it is unknown", kettle, undefined, drawing, "unknown"],
  ["off by wish is just off", kettle, status({ on: false, wanted: false }), still, "off"],
  ["a watched load shows by its meter", watched, undefined, drawing, "on"],
  ["a watched load whose meter is lost is unknown", watched, undefined, NONE, "unknown"],
  ["what nobody measures says so", lamp, undefined, NONE, "unmeasured"],
];
for (const [sentence, asset, told, power, expected] of table)
  test(`load: ${sentence}`, () =>
    assert.equal(loadState(asset, { status: told, power, now: NOW }), expected));

test("loads: houses come first, then workshops, then what is everyone's", () => {
  assert.deepEqual(
    groupsOf(known()).map(({ kind, name, loads }) => [kind, name, loads.map(({ name: load }) => load)]),
    [
      ["house", "House of figs", ["Kettle"]],
      ["workshop", "The shed", ["The lathe", "The drill"]],
      ["shared", undefined, ["The lamp"]],
    ],
  );
});

test("loads: the tier that is agreed stands for the site file's, and orders the card", () => {
  const tiers = (assets: Record<string, AssetStatus>) =>
    groupsOf(known({ assets }))
      .filter(({ kind }) => kind === "workshop")
      .flatMap(({ loads }) => loads.map(({ asset, tier, agreed }) => `${asset.id} ${tier} ${agreed}`));
  assert.deepEqual(tiers({ drill: status({ tier: 3 }) }), ["lathe 2 false", "drill 3 false"]);
  assert.deepEqual(tiers({ drill: status({ tier: 1 }) }), ["drill 1 true", "lathe 2 false"]);
});

test("loads: what no meter shows stands by the meter above it, while it is known", () => {
  const main = site.assets.find(({ id }) => id === "main");
  assert.ok(main);
  const metered = { ...main, points: ["power", "unmetered"] };
  const fields = { site: { ...site, assets: site.assets.map((one) => (one === main ? metered : one)) } };
  const told = (reading: ApiReading) =>
    unmeteredOf(known({ channels: { "main/unmetered": reading } }, fields)).map(({ asset, power }) => [
      asset.name,
      power.value,
    ]);
  assert.deepEqual(told(fresh(640)), [["The main", 640]]);
  assert.deepEqual(told(gone), []);
  assert.deepEqual(unmeteredOf(known({ channels: { "main/unmetered": fresh(640) } })), []);
});

test("loads: a generator stands on no card", () => {
  assert.deepEqual(
    ["kettle", "lathe", "lamp", "set"].map((id) => cardOf(site, id)),
    ["figs", "shed", "", undefined],
  );
});

const names: [string, string, string][] = [
  ["Water heater of house 4", "House 4", "Water heater"],
  ["Termo de la casa 4", "Casa 4", "Termo"],
  ["TV of House 4", "House 4", "TV"],
  ["Lights", "House 4", "Lights"],
  ["House 4", "House 4", "House 4"],
  ["Heater of house 14", "House 4", "Heater of house 14"],
];
for (const [name, card, expected] of names)
  test(`loads: «${name}» on the card of «${card}» is «${expected}»`, () =>
    assert.equal(shortName(name, card), expected));

test("loads: a reason is said once from three loads on, of one kind", () => {
  const shed = status({ on: false, wanted: false, shed: true, reason: { code: "ladder-soc", params: {} } });
  const other = { ...shed, reason: { code: "overload-instant", params: {} } } as const;
  const switched = site.assets.map((asset) =>
    asset.tier === undefined ? asset : { ...asset, switched: true },
  );
  const common = (assets: Record<string, AssetStatus>) =>
    commonlyShed(groupsOf(known({ assets }, { site: { ...site, assets: switched } }))).map(
      ({ asset }) => asset.id,
    );
  assert.deepEqual(common({ kettle: shed, lathe: shed, drill: shed, lamp: other }), [
    "kettle",
    "lathe",
    "drill",
  ]);
  assert.deepEqual(common({ kettle: shed, lathe: shed, drill: other }), []);
});
