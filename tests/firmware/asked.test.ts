// What control answers an operator who wants something of a box: in which state its line is lent, and which gains are taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, fresh, stale } from "@gridwright/contract/reading.ts";
import type { BoxBody } from "@gridwright/contract/request.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { boxRefusal } from "@gridwright/core/boxes.ts";
import type { PlantState } from "@gridwright/core/state.ts";
import { siteOf } from "./bridged.ts";

const AT = mono(7_000);
const HILL = siteOf([
  "links: { usb: { kind: box, device: /dev/a }, pair: { kind: box, device: /dev/b }, lan: { kind: modbus-tcp, host: 10.0.0.7 } }",
  "devices:",
  "  shed: { link: usb, profile: gridwright-box, box: { measures: { ampsPerCount: 0.3 A } } }",
  "  left: { link: pair, profile: gridwright-box, unit: 2 }",
  "  right: { link: pair, profile: gridwright-box, unit: 3 }",
  "assets:",
  "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: shed/relay_1, onSilence: finish }",
]);
const state = (points: Readonly<Record<string, ReturnType<typeof fresh<boolean>>>>): PlantState => ({
  ...{ points: new Map(Object.entries(points)), answeredAt: new Map(), now: AT, wall: epoch(9_000) },
});
const OFF = state({ "shed/relay_1": fresh(false, AT), "shed/relay_4": fresh(false, AT) });
const lend = (device: string): BoxBody => ({ kind: "box-line", device, lend: true, why: "update" });
const gains = (voltsPerCount: number, ampsPerCount: number, device = "shed"): BoxBody => ({
  ...{ kind: "box-gains", device, gains: { voltsPerCount, ampsPerCount }, why: "calibrated" },
});

//  case                                          asked                      state                     refused by
const TABLE: readonly (readonly [string, BoxBody, PlantState, string | undefined])[] = [
  ["a box on which all is off", lend("shed"), OFF, undefined],
  ["a saw that is on", lend("shed"), state({ "shed/relay_1": fresh(true, AT) }), "answer-box-on loads Saw"],
  [
    "a saw that was on last",
    lend("shed"),
    state({ "shed/relay_1": stale(true, AT) }),
    "answer-box-on loads Saw",
  ],
  ["a bare channel", lend("shed"), state({ "shed/relay_4": fresh(true, AT) }), "answer-box-on loads relay_4"],
  ["a box that is away", lend("shed"), state({ "shed/relay_1": absent("device-lost", AT) }), undefined],
  ["a shared line", lend("left"), OFF, "answer-box-shared"],
  ["no such box", lend("barn"), OFF, "answer-no-box"],
  [
    "a line that is given back while the saw is on",
    { ...lend("shed"), lend: false } as BoxBody,
    OFF,
    undefined,
  ],
  ["gains within two of the site file's", gains(0.7, 0.58), OFF, undefined],
  ["a clamp of another kind", gains(0.7, 0.61), OFF, "answer-box-far"],
  ["a divider of another kind", gains(0.39, 0.3), OFF, "answer-box-far"],
  ["a box that measures nothing", gains(0.8, 0.2, "left"), OFF, "answer-box-blind"],
  [
    "back to the site file",
    { kind: "box-gains", device: "shed", gains: null, why: "undone" },
    OFF,
    undefined,
  ],
];

for (const [name, body, seen, refused] of TABLE)
  test(`${name}: ${refused ?? "taken"}`, () => {
    const why = boxRefusal(HILL, seen, body);
    const { loads } = why?.params ?? {};
    assert.equal(why && `${why.code}${loads === undefined ? "" : ` loads ${loads}`}`, refused);
  });
