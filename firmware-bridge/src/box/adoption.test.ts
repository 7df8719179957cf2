import assert from "node:assert/strict";
import { test } from "node:test";
import { Asset } from "@gridwright/contract/site/assets.ts";
import { BoxSpec } from "@gridwright/contract/site/box-spec.ts";
import type { AssetModel, DeviceModel } from "@gridwright/contract/site/model.ts";
import { type Adoption, adoptionOf } from "./adoption.ts";

const device = (box: unknown): DeviceModel =>
  ({ id: "shed", spec: { box: BoxSpec.parse(box) } }) as DeviceModel;
const asset = (id: string, of: Record<string, unknown>): AssetModel => {
  const spec = Asset.parse({ name: id, tier: 3, rating: "2.3 kVA", ...of });
  const point = String(of.switch).replace("shed/", "");
  return { id, spec, actuator: { asset: id, device: "shed", point } } as AssetModel;
};

const ASSETS = Object.fromEntries(
  [
    asset("saw", {
      ...{ kind: "machine", switch: "shed/relay_2", onSilence: "finish", finishWithin: "25 min" },
      ...{ with: ["dust"], runOn: "19500 ms", minOff: "70 s", tier: 4 },
    }),
    asset("dust", { kind: "machine", switch: "shed/relay_1", onSilence: "off", worksFrom: "690 W" }),
    asset("light", { kind: "load", switch: "shed/relay_4", onSilence: "on", tier: 1, minOn: "8 s" }),
  ].map((one) => [one.id, one]),
);

const told = adoptionOf(
  device({
    ...{ measures: { voltage: "240 V", voltsPerCount: "0.7 V", ampsPerCount: "0.15 A" } },
    ...{
      quiet: "40 s",
      stagger: "9 s",
      channels: { relay_2: { silence: "2500 ms" }, relay_4: { energised: "low" } },
    },
  }),
  { assets: ASSETS },
);
const channel = (place: number): Record<string, unknown> =>
  ({ ...told.find((one) => "channel" in one && one.channel === place) }) as never;

//  case                                                        of                                      then
const SAID: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  [
    "a saw finishes its job, after its extractor",
    channel(1),
    { role: "machine", on_silence: "hold_until_idle" },
  ],
  ["it waits for the channel of its extractor", channel(1), { partner: 0, hold_max_s: 1_500, tier: 4 }],
  ["its times are whole seconds, rounded up", channel(1), { min_off_s: 70, run_on_s: 0, silence_ms: 2_500 }],
  ["a tenth of its rating is work, a fifth of that idling", channel(1), { run_ma: 958, idle_ma: 192 }],
  [
    "what serves a machine runs on after it",
    channel(0),
    { on_silence: "run_on", run_on_s: 20, partner: 255 },
  ],
  ["what a machine works from may be said", channel(0), { run_ma: 2_875, idle_ma: 575 }],
  ["a channel on which nothing hangs is unused", channel(2), { role: "unused", on_silence: "off" }],
  ["a light is on at rest", channel(3), { role: "load", on_silence: "on", level: "active_low", min_on_s: 8 }],
  [
    "the box comes first, with its gains",
    { ...told[0] },
    { volt_gain: 7_000, amp_gain: 1_500, nominal_dv: 2_400 },
  ],
  [
    "a load box guards no feeder",
    { ...told[0] },
    { duty: "load_box", rated_ma: 0, quiet_s: 40, stagger_s: 9 },
  ],
];

for (const [name, of, then] of SAID)
  test(name, () =>
    assert.deepEqual(Object.fromEntries(Object.keys(then).map((key) => [key, of[key]])), then),
  );

test("a feeder box guards what it is made for; five things are told, always in this order", () => {
  const feeder = adoptionOf(
    device({
      ...{ duty: "feeder", measures: {}, rating: "63 A", ratedPower: "14 kVA" },
      ...{ overload: "160 %", overloadFor: "45 s" },
    }),
    { assets: {} },
  );
  assert.deepEqual(
    feeder.map(({ kind }) => kind),
    ["configure_box", ...Array<Adoption["kind"]>(4).fill("configure_channel")],
  );
  assert.deepEqual(feeder[0], {
    ...{ kind: "configure_box", duty: "feeder_box", nominal_dv: 2_300, rated_ma: 63_000, rated_va: 14_000 },
    ...{ overload_percent: 160, slow_s: 45, volt_gain: 8_000, amp_gain: 2_000, quiet_s: 60, stagger_s: 15 },
  });
});
