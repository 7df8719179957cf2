// The cable of the workshop's box is pulled out in the midst of a cut, with the real brain behind it: what the box does by
// itself, and what the story says when the cable is back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "@gridwright/contract/render.ts";
import { replay } from "@gridwright/core/replay.ts";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { LOG_ENTRIES } from "@gridwright/firmware-bridge/src/protocol/codes.ts";
import { type BridgedBoxes, createBridged, siteOf, until } from "./bridged.ts";
import { createControlled } from "./controlled.ts";

const HIGH = 1;
const LOW = 0;
const RUN_ON_MS = 5_000;
const ESTOP = 2;
const BUTTON = 3;

const WORKSHOP = siteOf([
  "links: { usb: { kind: box, device: /dev/serial/by-id/usb-box } }",
  "devices:",
  "  shed: { link: usb, profile: gridwright-box, box: { measures: {}, channels: { relay_1: { silence: 2 s }, relay_2: { silence: 2 s } } } }",
  "assets:",
  "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: shed/relay_1, onSilence: finish, with: [dust], runOn: 5 s }",
  "  dust: { kind: machine, name: Extractor, tier: 3, rating: 1.5 kVA, switch: shed/relay_2, onSilence: off }",
  "control: { startHold: 1 s, restoreInterval: 1 s }",
]);

test("the cut is finished, then the saw is dead, the extractor runs on; the story says so when the cable is back", async () => {
  const bridged = createBridged({ model: WORKSHOP });
  const control = createControlled(WORKSHOP, bridged);
  const box = bridged.emulated("shed");
  const pins = (): string => `${box.pin(0)}${box.pin(1)}`;
  await control.run(8_000);
  assert.equal(pins(), "11", "both have supply by leases of control");
  box.supply.amps = 8;
  await control.run(1_000);
  const began = bridged.clock.wall();
  bridged.port.pull();
  await control.run(4_000);
  assert.equal(pins(), "11", "the cut goes on");
  box.supply.amps = 0;
  const dead = await until(control, () => box.pin(0) === LOW, 2_000);
  assert.ok(dead < 700, `the saw is dead ${dead} ms after its cut`);
  assert.equal(box.pin(1), HIGH);
  const ranOn = await until(control, () => box.pin(1) === LOW, RUN_ON_MS + 1_000);
  assert.ok(Math.abs(ranOn - RUN_ON_MS) < 10, `the extractor ran on for ${ranOn} ms`);
  await control.run(4_000);
  bridged.port.plug();
  await control.run(4_000);

  const own = control.decisions().filter(({ rule, at }) => rule === "box" && at > began);
  const english = { language: "en", names: {} } as const;
  assert.deepEqual(
    own.map(
      ({ asset, reason, at }) =>
        `${Math.round((at - began) / 1_000)} s ${asset}: ${render(reason, english).replace(/[\d.]+ s/, "a while")}`,
    ),
    [
      "5 s saw: its box had no word from the controller any more; it let the job finish for a while and switched it off then",
      "10 s dust: its box let it run on after the machine it serves, then switched it off",
    ],
  );
  const alarms = control.records.flatMap((record) =>
    record.k === "alarm" ? `${record.event} ${record.alarm.id}` : [],
  );
  assert.deepEqual(
    alarms.filter((alarm) => alarm.endsWith("device-lost/shed")),
    ["raised device-lost/shed", "cleared device-lost/shed"],
  );
  assert.equal(pins(), "11", "control has given both their supply again");
  assert.deepEqual(replay(WORKSHOP, control.stop()).differences, []);
});

const FEEDER = siteOf([
  "links: { usb: { kind: box, device: /dev/serial/by-id/usb-box } }",
  "devices:",
  "  shed: { link: usb, profile: gridwright-box, box: { measures: {}, quiet: 1 s, stagger: 1 s } }",
  "assets:",
  "  heater: { kind: load, name: Heater, tier: 3, rating: 2 kVA, switch: shed/relay_1, onSilence: off }",
]);
const SAG_V = 160;
const IN_ORDER_V = 231;

/** Its box sheds for a sag, loses its supply, and is there again. */
async function shedAndStarted(volts: number, afterwards: (bridged: BridgedBoxes) => void = () => undefined) {
  const bridged = createBridged({ model: FEEDER });
  const control = createControlled(FEEDER, bridged);
  const box = bridged.emulated("shed");
  const told = () =>
    control.records.flatMap((record) =>
      record.k === "alarm" && record.alarm.id === "box-shed/shed" ? record.event : [],
    );
  await control.run(4_000);
  box.supply.volts = SAG_V;
  await control.run(1_500);
  assert.deepEqual(told(), ["raised"]);
  box.supply.volts = volts;
  box.restart(RESET.powerOn);
  afterwards(bridged);
  await control.run(4_000);
  return { bridged, control, told };
}

test("a box that lost its supply while it shed: its alarm ends with the start, which knows nothing of it", async () => {
  const { told } = await shedAndStarted(IN_ORDER_V);
  assert.deepEqual(told(), ["raised", "cleared"]);
});

test("a box that sheds again after its start: the alarm before ends, and there is one of the new life", async () => {
  const { told } = await shedAndStarted(SAG_V);
  assert.deepEqual(told(), ["raised", "cleared", "raised"]);
});

test("what newer entries drove out of a box's log ends by what the box says of itself", async () => {
  const { told } = await shedAndStarted(IN_ORDER_V, ({ port, emulated, alone }) => {
    port.pull();
    const { chip } = emulated("shed");
    for (let press = 0; press <= LOG_ENTRIES / 2; press++) {
      chip().d.setPin(ESTOP, true);
      alone(20);
      chip().d.setPin(ESTOP, false);
      chip().d.setPin(BUTTON, false);
      alone(20);
      chip().d.setPin(BUTTON, true);
    }
    port.plug();
  });
  assert.deepEqual(told(), ["raised", "cleared"]);
});
