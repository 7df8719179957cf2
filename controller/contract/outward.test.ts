// The register map: where an asset and its values stand, and what moves when the site changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BLOCK_REGISTERS, outwardUnit, registerMap } from "./outward.ts";
import type { SiteModel } from "./site/model.ts";

/** A model with these assets and the names of their points; the rest of a site plays no part here. */
function siteOf(assets: Readonly<Record<string, readonly string[]>>): SiteModel {
  const named = Object.keys(assets).map((id) => [id, { id, spec: { kind: "meter", name: `The ${id}` } }]);
  const channels = Object.entries(assets).flatMap(([asset, points]) =>
    points.map((point) => ({ asset, point, source: `${asset}/${point}`, unit: "W" })),
  );
  return { assets: Object.fromEntries(named), channels } as unknown as SiteModel;
}

const meter = ["power", "power_l1", "voltage_l1"];
const addresses = (model: SiteModel) =>
  registerMap(model).blocks.map(({ asset, address, channels }) => [
    asset,
    address,
    channels.map((channel) => channel.address),
  ]);

test("assets begin at hundreds, in the order of the site file; values follow quality and count", () => {
  assert.deepEqual(addresses(siteOf({ village: meter, bank: ["soc"] })), [
    ["village", 100, [102, 104, 106]],
    ["bank", 200, [202]],
  ]);
});

test("a new point of one asset moves no other, and an asset at the end moves none", () => {
  const before = addresses(siteOf({ village: meter, bank: ["soc"] }));
  const after = addresses(siteOf({ village: [...meter, "frequency"], bank: ["soc"], pump: ["power"] }));
  assert.deepEqual(after[1], before[1]);
  assert.deepEqual(after[2], ["pump", 300, [302]]);
});

test("an asset with many points takes as many hundreds as it needs", () => {
  const many = Array.from({ length: 50 }, (_, index) => `relay_${index + 7}`);
  assert.deepEqual(
    addresses(siteOf({ village: many.slice(1), bank: ["soc"] })).map(([, address]) => address),
    [100, 200],
  );
  assert.deepEqual(
    addresses(siteOf({ village: many, bank: ["soc"] })).map(([, address]) => address),
    [100, 300],
  );
});

test("what has no address left is named, not dropped in silence", () => {
  const ids = Array.from({ length: 657 }, (_, index) => `house-${index + 3}`);
  const map = registerMap(siteOf(Object.fromEntries(ids.map((id) => [id, ["power"]]))));
  assert.equal(map.blocks.length, 654);
  assert.ok(map.blocks.every(({ address }) => address + BLOCK_REGISTERS <= 65_536));
  assert.deepEqual(map.left, ["house-657", "house-658", "house-659"]);
});

test("the fingerprint changes with an address and stays with a name", () => {
  const site = siteOf({ village: meter, bank: ["soc"] });
  const { fingerprint } = registerMap(site);
  assert.notEqual(registerMap(siteOf({ bank: ["soc"], village: meter })).fingerprint, fingerprint);
  assert.notEqual(registerMap(siteOf({ village: meter, bank: ["level"] })).fingerprint, fingerprint);
  const { bank } = site.assets;
  const renamed = {
    ...site,
    assets: { ...site.assets, bank: { ...bank, spec: { ...bank?.spec, name: "Big" } } },
  };
  assert.equal(registerMap(renamed as unknown as SiteModel).fingerprint, fingerprint);
});

test("an asset whose id belongs to the live bus is not shown", () => {
  assert.deepEqual(addresses(siteOf({ request: meter, answer: meter, pump: ["power"] })), [
    ["pump", 100, [102]],
  ]);
});

test("reactive power is in var, a switch and a share have no unit", () => {
  const units = ["reactive_power_l2", "power", "switch", "limit", "soc"].map(outwardUnit);
  assert.deepEqual(units, ["var", "W", "1", "1", "1"]);
});
