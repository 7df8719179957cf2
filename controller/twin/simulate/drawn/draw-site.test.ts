import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { profiles } from "../../testing/village.ts";
import type { Day } from "../day.ts";
import { drawnDay } from "./drawn-day.ts";

const SEEDS = 160;
const PROFILES = profiles();
const of = (seed: number) => drawnDay({ seed, hours: 24, faults: true, profiles: PROFILES });
/** Each is judged by the very parser and checks of real sites: one that they refuse throws here. */
const DAYS = Array.from({ length: SEEDS }, (_, place) => of(place + 1));

type Has = (model: SiteModel, day: Day) => boolean;
const some =
  (fits: (asset: AssetModel) => boolean): Has =>
  ({ assets }) =>
    Object.values(assets).some(fits);
const kind =
  (name: string, count = 1): Has =>
  ({ assets }) =>
    Object.values(assets).filter(({ spec }) => spec.kind === name).length === count;
const load = (
  fits: (spec: Extract<AssetModel["spec"], { tier: number }>, asset: AssetModel) => boolean,
): Has => some((asset) => isConsumer(asset.spec) && fits(asset.spec, asset));
const profile =
  (name: string): Has =>
  ({ site }) =>
    Object.values(site.devices).some((device) => device.profile === name);
const step =
  (key: "shed" | "start" | "pause"): Has =>
  ({ site }) =>
    site.ladder.some((one) => key in one);
const by =
  (what: string): Has =>
  ({ site }) =>
    site.ladder.some(({ below }) => below.by === what);

//  what of the field must occur among the seeds
const OCCURS: readonly (readonly [string, Has])[] = [
  ["one phase", some(({ spec }) => spec.kind === "feeder" && spec.phases.length === 1)],
  ["three phases", some(({ spec }) => spec.kind === "feeder" && spec.phases.length === 3)],
  ["a plant without a line", kind("grid", 0)],
  ["a line without an inverter", (model, day) => kind("grid")(model, day) && kind("inverter", 0)(model, day)],
  [
    "a thin line that is often away",
    (_, { troubles }) =>
      troubles.filter((one) => one.kind === "plant" && one.fault.kind === "grid-lost").length > 4,
  ],
  ["agreed import", some(({ spec }) => spec.kind === "grid" && spec.importMax !== undefined)],
  ["zero feed-in", some(({ spec }) => spec.kind === "grid" && spec.exportMax === 0)],
  ["an agreed export above zero", some(({ spec }) => spec.kind === "grid" && (spec.exportMax ?? 0) > 0)],
  [
    "an inverter that is worth less in the heat",
    some(({ spec }) => spec.kind === "inverter" && spec.hotRating !== undefined),
  ],
  [
    "an overload curve of its own",
    some(({ spec }) => spec.kind === "inverter" && spec.overload[0]?.load === 1.2),
  ],
  ["no battery", kind("battery", 0)],
  ["two batteries", kind("battery", 2)],
  ["a battery that is told how much", some(({ actuator }) => actuator?.kind === "setpoint")],
  ["a reserve", some(({ spec }) => spec.kind === "battery" && spec.reserve !== undefined)],
  [
    "a battery's own limit on paper",
    some(({ spec }) => spec.kind === "battery" && spec.dischargeMax !== undefined),
  ],
  ["no sun", kind("pv", 0)],
  ["two arrays", kind("pv", 2)],
  ["an array with a limit", some(({ spec, actuator }) => spec.kind === "pv" && actuator?.kind === "limit")],
  ["an array without one", some(({ spec, actuator }) => spec.kind === "pv" && actuator === undefined)],
  ["an array that keeps a share in silence", some(({ actuator }) => actuator?.silentShare !== undefined)],
  ["a set", kind("generator")],
  ["a set with a meter", some(({ spec }) => spec.kind === "generator" && spec.measure !== undefined)],
  ["a set with quiet hours", some(({ spec }) => spec.kind === "generator" && spec.quiet !== undefined)],
  [
    "a set that starts for load",
    some(({ spec }) => spec.kind === "generator" && spec.loadStart !== undefined),
  ],
  [
    "a set that does not start",
    (_, { troubles }) => troubles.some((one) => one.kind === "plant" && one.fault.kind === "generator-dead"),
  ],
  ...[0, 1, 2, 3, 4].map((tier): [string, Has] => [
    `a load of tier ${tier}`,
    load((spec) => spec.tier === tier),
  ]),
  ["a cold store", load(({ minOff, startFactor }) => minOff >= 300_000 && startFactor === 3)],
  [
    "a heater on a relay",
    load((spec, { id, actuator }) => id.includes("heater") && spec.tier > 2 && actuator?.kind === "switch"),
  ],
  ["a heater or car that takes a share", load((_, { actuator }) => actuator?.kind === "limit")],
  ["a car", load(({ kind: own }) => own === "ev")],
  ["what runs on surplus", load(({ runs }) => runs === "surplus")],
  ["a machine that somebody must start", load(({ rearm }) => rearm === "local")],
  ["an opt-out", load(({ optOut }) => optOut === true)],
  ["a declared last resort", load(({ lastResort }) => lastResort !== undefined)],
  ["what feeds the controller", load(({ feedsController }) => feedsController === true)],
  ...(["on", "off", "hold", "finish"] as const).map((silence): [string, Has] => [
    `onSilence: ${silence}`,
    load(({ onSilence }) => onSilence === silence),
  ]),
  ["a load without a switch", load(({ tier }, { actuator }) => tier > 0 && actuator === undefined)],
  ["a load without a meter", load(({ measure }) => measure === undefined)],
  ["a load in three phases", load(({ phases }) => phases.length === 3)],
  ["a lamp", some(({ spec }) => spec.kind === "signal")],
  ["six members", ({ site }) => Object.keys(site.members).length === 6],
  ["one member", ({ site }) => Object.keys(site.members).length === 1],
  ["relays on Modbus", profile("waveshare-relay-8")],
  ["plugs on MQTT", profile("tasmota-plug")],
  ["a plug that counts no lease", profile("zigbee2mqtt-plug")],
  ["a ladder by charge", by("soc")],
  ["a ladder by voltage", by("voltage")],
  ["a ladder by hours", by("hours")],
  ["a step that sheds", step("shed")],
  ["a step that starts a set", step("start")],
  ["a step that pauses charging", step("pause")],
  ["an outage rule", ({ site }) => site.outage.essentials === 0],
  ["a daily allowance", ({ site }) => site.fairness.allowance !== undefined],
  ["a cap per pass", ({ site }) => site.envelope.perPass !== undefined],
  ["many loads", ({ assets }) => Object.keys(assets).length > 20],
];

describe("the site of a seed", () => {
  for (const [what, has] of OCCURS)
    it(`has ${what} now and then, and not always`, () => {
      const count = DAYS.filter(({ model, day }) => has(model, day)).length;
      assert.ok(count > 0 && count < SEEDS, `${count} of ${SEEDS}`);
    });
  it("is mostly small: half of them have six to fourteen assets", () => {
    const counts = DAYS.map(({ model }) => Object.keys(model.assets).length);
    const small = counts.filter((count) => count >= 6 && count <= 14).length;
    assert.ok(small > SEEDS / 2 && Math.max(...counts) < 40, counts.join(" "));
  });
  it("is the same to the letter when it is drawn again, and another with another seed", () => {
    assert.deepEqual([of(7).text, of(7).day], [DAYS[6]?.text, DAYS[6]?.day]);
    assert.notEqual(of(8).text, of(7).text);
  });
});
