import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Desired, Setting } from "@gridwright/contract/decision.ts";
import { millis, mono } from "@gridwright/contract/units.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { plantState } from "./fixtures/scene.ts";
import { commandFailed, type Leases, type Order, reconcile } from "./leases.ts";

const MODEL = hamlet((site) => {
  const assets = site.assets as Record<string, object>;
  assets.pump = { ...assets.pump, switch: { point: "relays/relay_5", contact: "normally-closed" } };
  assets.saw = { ...assets.saw, onSilence: "hold" };
  const input = { inputLimit: "inverter/input_current_limit", inputMax: "20 A" };
  assets.inverter = { ...assets.inverter, ...input };
  return site;
});
const LEASE = 300_000;
const on = (is: boolean): Setting => ({ kind: "switch", on: is });

const desire = (asset: string, set: Setting, code: "normal" | "override-by-hand" = "normal"): Desired => ({
  asset,
  set,
  rule: "default",
  reason: { code, params: {} },
  until: { code: "until-scarce", params: {} },
  since: mono(3_000),
  leaseMs: millis(LEASE),
});

/** One pass: at this time this is wanted and this is reported (null: unreadable). */
type Pass = readonly [
  at: number,
  asset: string,
  want: Setting,
  reported: boolean | number | null,
  code?: "override-by-hand",
];

const orderText = ({ point, set, leaseMs }: Order): string =>
  `${point} ${set.kind === "switch" ? (set.on ? "on" : "off") : set.share}${leaseMs === null ? " for good" : ""}`;

/** The same devices, asked so seldom that a lease ends before the answer to its order may be missed. */
const SELDOM: typeof MODEL = {
  ...MODEL,
  sources: new Map([...MODEL.sources].map(([id, source]) => [id, { ...source, periodMs: millis(170_000) }])),
};

function play(passes: readonly Pass[], model = MODEL): string {
  let leases: Leases = {};
  const told: string[] = [];
  for (const [at, asset, want, reported, code] of passes) {
    const actuator = model.assets[asset]?.actuator;
    const source = `${actuator?.device}/${actuator?.point}`;
    const state = plantState(model, at, reported === null ? {} : { [source]: reported });
    const done = reconcile({
      model,
      desired: [desire(asset, want, code)],
      leases,
      state,
      now: mono(at),
    });
    leases = JSON.parse(JSON.stringify(done.leases));
    told.push(...done.orders.map((order) => `${at} ${orderText(order)}`));
    told.push(...done.events.map(({ event }) => event), ...done.failed.map((id) => `${id} fails`));
    told.push(...done.overrides.map((id) => `${id} by hand`));
  }
  return told.join(", ");
}

const shed: Pass = [5_000, "sockets", on(false), true];

describe("reconcile", () => {
  const table: readonly (readonly [sentence: string, passes: readonly Pass[], then: string])[] = [
    ["what a device does by itself needs no command", [[5_000, "sockets", on(true), true]], ""],
    ["a deviation is a leased command", [shed], "5000 relay_4 off, granted"],
    [
      "a coil that follows is verified",
      [shed, [5_700, "sockets", on(false), false]],
      "5000 relay_4 off, granted, verified",
    ],
    ["a heater's leased command is ON", [[5_000, "heater-a", on(true), false]], "5000 relay_8 on, granted"],
    [
      "a normally-closed contact takes supply by an energised coil",
      [[5_000, "pump", on(false), false]],
      "5000 relay_5 on, granted",
    ],
    [
      "a lease is renewed when a third of it has passed",
      [
        shed,
        [5_700, "sockets", on(false), false],
        [104_900, "sockets", on(false), false],
        [105_100, "sockets", on(false), false],
      ],
      "5000 relay_4 off, granted, verified, 105100 relay_4 off, renewed",
    ],
    [
      "what is no longer wanted is released for good, and then forgotten",
      [
        shed,
        [5_700, "sockets", on(false), false],
        [9_000, "sockets", on(true), false],
        [9_800, "sockets", on(true), true],
        [400_000, "sockets", on(true), true],
      ],
      "5000 relay_4 off, granted, verified, 9000 relay_4 on for good, released, verified",
    ],
    [
      "a coil that does not follow is tried twice, then failed, then tried each minute",
      [
        shed,
        [7_900, "sockets", on(false), true],
        [8_100, "sockets", on(false), true],
        [11_200, "sockets", on(false), true],
        [71_300, "sockets", on(false), true],
      ],
      "5000 relay_4 off, granted, 8100 relay_4 off, granted, failed, sockets fails, 71300 relay_4 off, granted",
    ],
    [
      "a change by hand is respected: its lease ends",
      [shed, [5_700, "sockets", on(false), false], [9_000, "sockets", on(true), true, "override-by-hand"]],
      "5000 relay_4 off, granted, verified, 9000 relay_4 on for good, override, released, sockets by hand",
    ],
    [
      "what a person switched off at the device is off without a command: its report may be nonsense",
      [[5_000, "sockets", on(false), false, "override-by-hand"]],
      "",
    ],
    ["what feeds the controller is never written", [[5_000, "router", on(false), true]], ""],
    [
      "a switch that holds on silence gets no command for what it already does",
      [
        [5_000, "saw", on(true), true],
        [6_000, "saw", on(false), true],
        [6_800, "saw", on(false), false],
      ],
      "6000 relay_7 off, granted, verified",
    ],
    [
      "a found deviation without lease gets one: it would end by itself",
      [[5_000, "sockets", on(false), false]],
      "5000 relay_4 off, granted",
    ],
    [
      "a found deviation that is not wanted is ended",
      [[5_000, "sockets", on(true), false]],
      "5000 relay_4 on for good, released",
    ],
    [
      "a device that cannot be read is not judged; its order is repeated each minute",
      [shed, [9_000, "sockets", on(false), null], [65_100, "sockets", on(false), null]],
      "5000 relay_4 off, granted, 65100 relay_4 off, granted",
    ],
    ["a device that cannot be read and rests gets no command", [[5_000, "sockets", on(true), null]], ""],
  ];
  for (const [sentence, passes, then] of table) it(sentence, () => assert.equal(play(passes), then));

  it("a device that keeps a limit by itself is told it with each lease, and full power is its deviation", () => {
    const sun = MODEL.assets.sun;
    assert.ok(sun?.actuator);
    const actuator = { ...sun.actuator, silentShare: 0.35 };
    const model = { ...MODEL, assets: { ...MODEL.assets, sun: { ...sun, actuator } } };
    const told = (share: number, reported: number) =>
      reconcile({
        ...{ model, desired: [desire("sun", { kind: "limit", share })], leases: {}, now: mono(5_000) },
        state: plantState(model, 5_000, { "sun/power_limit": reported }),
      }).orders.map(({ set, leaseMs, revertTo }) => [set.kind !== "switch" && set.share, leaseMs, revertTo]);
    assert.deepEqual(told(1, 0.35), [[1, LEASE, 0.35]]);
    assert.deepEqual(told(0.2, 0.35), [[0.2, LEASE, 0.35]]);
    assert.deepEqual(told(0.35, 0.35), [], "it does that by itself");
    assert.deepEqual(
      told(0.35, 1),
      [[0.35, null, 0.35]],
      "a device that stands at full power is told its share",
    );
  });

  it("tries a command again that did not reach its device, when patience is over", () => {
    const state = (at: number) => plantState(MODEL, at, { "relays/relay_4": false });
    const desired = [desire("sockets", on(false))];
    const first = reconcile({ model: MODEL, desired, leases: {}, state: state(5_000), now: mono(5_000) });
    const leases = commandFailed(first.leases, "sockets", mono(5_050));
    const soon = reconcile({ model: MODEL, desired, leases, state: state(5_300), now: mono(5_300) });
    assert.deepEqual(soon.orders, []);
    const later = reconcile({
      model: MODEL,
      desired,
      leases: soon.leases,
      state: state(8_200),
      now: mono(8_200),
    });
    assert.deepEqual(later.orders.map(orderText), ["relay_4 off"]);
  });
});

it("no lease is released for what a person switched off, where it would be off without one", () => {
  const passes: readonly Pass[] = [
    [5_000, "heater-a", on(true), false],
    [6_000, "heater-a", on(true), true],
    [6_200, "heater-a", on(false), false, "override-by-hand"],
  ];
  assert.equal(play(passes), "5000 relay_8 on, granted, verified, override, heater-a by hand");
});

it("a lease is renewed before it ends also where the device is asked seldom", () => {
  const renewed: readonly Pass[] = [
    shed,
    [70_000, "sockets", on(false), false],
    [104_900, "sockets", on(false), false],
    [106_000, "sockets", on(false), false],
  ];
  assert.equal(play(renewed, SELDOM), "5000 relay_4 off, granted, verified, 106000 relay_4 off, renewed");
});

describe("a coil that could not be read", () => {
  const table: readonly (readonly [sentence: string, passes: readonly Pass[], then: string])[] = [
    [
      "and stands otherwise when it can is commanded at once, also after it failed",
      [
        shed,
        [8_100, "sockets", on(false), true],
        [11_200, "sockets", on(false), true],
        [12_300, "sockets", on(false), null],
        [19_700, "sockets", on(false), true],
      ],
      "5000 relay_4 off, granted, 8100 relay_4 off, granted, failed, sockets fails, sockets fails, 19700 relay_4 off, granted",
    ],
    [
      "what was commanded meanwhile counts for nothing once it can",
      [
        [5_000, "sockets", on(false), null],
        [9_300, "sockets", on(false), null],
        [14_900, "sockets", on(false), true],
        [18_100, "sockets", on(false), true],
        [21_400, "sockets", on(false), true],
      ],
      "5000 relay_4 off, granted, 14900 relay_4 off, granted, 18100 relay_4 off, granted, failed, sockets fails",
    ],
  ];
  for (const [sentence, passes, then] of table) it(sentence, () => assert.equal(play(passes), then));
});

it("what is told in amperes is reported in amperes", () => {
  const less: Setting = { kind: "limit", share: 0.6 };
  const passes: readonly Pass[] = [
    [5_000, "inverter", less, 20],
    [5_700, "inverter", less, 12],
  ];
  assert.equal(play(passes), "5000 input_current_limit 0.6, granted, verified");
});

it("a device that keeps whole amperes follows with the nearest one", () => {
  const heard = (amps: number): string => {
    const less: Setting = { kind: "limit", share: 0.37 };
    return play([
      [5_000, "inverter", less, 20],
      [5_700, "inverter", less, amps],
    ]).replace("5000 input_current_limit 0.37, granted", "");
  };
  // It was told 7.4 A.
  assert.deepEqual([7, 7.8, 8.4].map(heard), [", verified", ", verified", ""]);
});
