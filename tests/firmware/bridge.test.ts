// The bridge of the controller over the real image on emulated chips, in virtual time: a box is found, told what hangs on it,
// read, commanded, lost and found again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { createBridged, siteOf, tell, until } from "./bridged.ts";
import { noisyLine } from "./noise.ts";

const HIGH = 1;
const LOW = 0;

const WORKSHOP = siteOf([
  "links: { shed: { kind: box, device: /dev/serial/by-id/usb-box } }",
  "devices:",
  "  shed-box:",
  "    link: shed",
  "    profile: gridwright-box",
  "    box:",
  "      measures: {}",
  "      quiet: 1 s",
  "      stagger: 1 s",
  "      channels: { relay_1: { silence: 1 s }, relay_2: { silence: 1 s }, relay_3: { energised: low } }",
  "assets:",
  "  saw: { kind: machine, name: Saw, tier: 3, rating: 3 kVA, switch: shed-box/relay_1, onSilence: finish, with: [dust], runOn: 2 s, finishWithin: 30 s }",
  "  dust: { kind: machine, name: Dust, tier: 3, rating: 1.5 kVA, switch: shed-box/relay_2, onSilence: off }",
  "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: shed-box/relay_3, onSilence: off }",
  "  light: { kind: load, name: Light, tier: 1, rating: 100 VA, switch: shed-box/relay_4, onSilence: on }",
]);

async function workshop(of: Partial<Parameters<typeof createBridged>[0]> = {}) {
  const bridged = createBridged({ model: WORKSHOP, ...of });
  const found = await until(bridged, () => bridged.said("shed-box/relay_1") !== undefined, 8_000);
  assert.ok(found < (of.line === undefined ? 1_500 : 8_000), `found after ${found} ms`);
  return bridged;
}
type Workshop = Awaited<ReturnType<typeof workshop>>;
const pin = (bridged: Workshop, channel: number): number => bridged.emulated("shed-box").pin(channel);

test("a box is opened, told what hangs on it, and says how it stands and what it measures", async () => {
  const bridged = await workshop({ supplies: { "shed-box": { volts: 228, amps: 7, hz: 50 } } });
  await bridged.run(2_600);
  assert.equal(pin(bridged, 2), HIGH, "a coil that a low level energises is at rest");
  assert.equal(bridged.said("shed-box/relay_4"), true, "a light is on at rest, after the quiet time");
  assert.equal(bridged.said("shed-box/relay_3"), false);
  assert.equal(bridged.said("shed-box/estop"), false);
  assert.ok(Math.abs(Number(bridged.said("shed-box/voltage")) - 228) < 2);
  assert.ok(Math.abs(Number(bridged.said("shed-box/power")) - 1_596) < 40);
  assert.ok(Math.abs(Number(bridged.said("shed-box/frequency")) - 50) < 0.1);
});

test("a command is a lease that the box counts, and ends unless it is renewed", async () => {
  const bridged = await workshop();
  assert.equal(await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 900 }), "done");
  assert.equal(pin(bridged, 2), LOW);
  await bridged.run(700);
  assert.equal(await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 900 }), "done");
  await bridged.run(700);
  assert.equal(pin(bridged, 2), LOW, "renewed");
  const ended = await until(bridged, () => pin(bridged, 2) === HIGH, 400);
  assert.ok(ended < 220, `ended ${ended} ms late`);
  await bridged.run(20);
  assert.equal(bridged.said("shed-box/relay_3"), false);
});

test("a release ends the deviation, and the channel's own rest holds it", async () => {
  const bridged = await workshop();
  await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 60_000 });
  assert.equal(await tell(bridged, "shed-box/relay_3", { on: false, leaseMs: null }), "done");
  await bridged.run(1_400);
  assert.equal(pin(bridged, 2), HIGH);
});

test("a saw waits for its extractor, whichever of the two is commanded first", async () => {
  const bridged = await workshop();
  const dust = { point: "relay_2", set: { kind: "switch", on: true }, leaseMs: null } as const;
  const saw = tell(bridged, "shed-box/relay_1", { on: true, leaseMs: 60_000 });
  const other = bridged
    .device("shed-box")
    .command({ ...dust, leaseMs: 60_000 as never }, AbortSignal.timeout(60_000));
  assert.equal(await saw, "done");
  await other;
  assert.deepEqual([pin(bridged, 0), pin(bridged, 1)], [HIGH, HIGH]);
});

test("the box refuses with its reason: a saw under a latched emergency stop", async () => {
  const bridged = await workshop();
  bridged.emulated("shed-box").chip().d.setPin(2, true);
  await bridged.run(600);
  assert.equal(bridged.said("shed-box/estop"), true);
  assert.match(
    await tell(bridged, "shed-box/relay_2", { on: true, leaseMs: 9_000 }),
    /^command-refused: .*channel 2: estop latched$/,
  );
});

test("the cable is pulled in a cut: known at once, refused meanwhile, back within 2 s, and told afterwards", async () => {
  const bridged = await workshop();
  await tell(bridged, "shed-box/relay_2", { on: true, leaseMs: 300_000 });
  await tell(bridged, "shed-box/relay_1", { on: true, leaseMs: 300_000 });
  const box = bridged.emulated("shed-box");
  box.supply.amps = 8;
  await bridged.run(1_000);
  bridged.port.pull();
  await bridged.run(5);
  assert.equal(bridged.said("shed-box/relay_1"), "device-lost");
  assert.match(await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 60_000 }), /^link-down/);
  const pulled = bridged.clock.wall();
  await bridged.run(3_000);
  assert.deepEqual([pin(bridged, 0), pin(bridged, 1)], [HIGH, HIGH], "the cut goes on");
  box.supply.amps = 0;
  const dead = await until(bridged, () => pin(bridged, 0) === LOW, 2_000);
  assert.ok(dead < 700, `dead ${dead} ms after it was idle`);
  const ranOn = await until(bridged, () => pin(bridged, 1) === LOW, 5_000);
  assert.ok(Math.abs(ranOn - 2_000) < 10, `ran on for ${ranOn}`);
  bridged.port.plug();
  const back = await until(bridged, () => bridged.said("shed-box/relay_1") === false, 3_000);
  assert.ok(back < 2_000, `back after ${back}`);
  await bridged.run(800);
  assert.equal(pin(bridged, 2), HIGH, "what was commanded while it was out was never sent");
  const told = bridged
    .deeds()
    .map((deed) =>
      deed.kind === "switched"
        ? `${deed.point} ${deed.reason.code} ${Math.round((deed.at - pulled) / 1_000)}`
        : deed.id,
    );
  assert.deepEqual(told.slice(-2), ["relay_1 box-finished 4", "relay_2 box-ran-on 6"]);
});

test("a box that was reset is opened anew, keeps what it was told, and obeys again", async () => {
  const bridged = await workshop();
  await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 60_000 });
  bridged.emulated("shed-box").restart(RESET.watchdog);
  assert.equal(
    await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 60_000 }).then((how) => how.split(":")[0]),
    "link-down",
  );
  const back = await until(bridged, () => bridged.said("shed-box/relay_3") === false, 2_000);
  assert.ok(back < 1_500, `back after ${back}`);
  assert.equal(await tell(bridged, "shed-box/relay_3", { on: true, leaseMs: 60_000 }), "done");
});

test("a host that begins anew tells nothing twice", async () => {
  const bridged = await workshop();
  await bridged.run(2_500);
  const before = bridged.deeds().length;
  assert.equal(before, 1, "the light came on by itself");
  const { clock } = bridged;
  await bridged.stop();
  bridged.begin(clock.wall());
  await bridged.run(1_500);
  assert.equal(bridged.deeds().length, before);
});

/** Turns bits of what goes over the line, one in so many, the same each time. */
test("where one bit in a thousand is wrong, every command arrives all the same, and none is made up", async () => {
  const bridged = await workshop({ line: noisyLine(0.001, 0x1357_9bdf) });
  for (const on of [true, false, true, false, true, false]) {
    assert.equal(await tell(bridged, "shed-box/relay_3", { on, leaseMs: 60_000 }), "done");
    assert.equal(pin(bridged, 2), on ? LOW : HIGH);
    await bridged.run(150);
  }
  assert.ok(
    (bridged.counts()?.broken ?? 0) + (bridged.counts()?.missed ?? 0) > 0,
    "something was lost on the way",
  );
  assert.deepEqual([pin(bridged, 0), pin(bridged, 1)], [LOW, LOW]);
});

const SHARED = siteOf([
  "links: { pair: { kind: box, device: /dev/serial/by-id/usb-rs485 } }",
  "devices:",
  ...[3, 9, 14].map((unit) => `  box-${unit}: { link: pair, profile: gridwright-box, unit: ${unit} }`),
  "assets:",
  ...[3, 9].map(
    (unit) =>
      `  pump-${unit}: { kind: load, name: Pump ${unit}, tier: 3, rating: 700 VA, switch: box-${unit}/relay_2, onSilence: off }`,
  ),
]);

test("on a shared line each box obeys its own address, and one that is dead costs the others little", async () => {
  const jumpers = Object.fromEntries(
    [3, 9].map((address) => [`box-${address}`, { address, shared: true } as const]),
  );
  const bridged = createBridged({
    model: SHARED,
    jumpers: { ...jumpers, "box-14": { address: 1, shared: true } },
  });
  const there = () => [3, 9].every((unit) => bridged.said(`box-${unit}/relay_2`) === false);
  const found = await until(bridged, there, 3_000);
  assert.ok(found < 2_000, `found after ${found} ms`);
  const from = bridged.clock.now();
  assert.equal(await tell(bridged, "box-9/relay_2", { on: true, leaseMs: 60_000 }), "done");
  assert.ok(bridged.clock.now() - from < 200, `took ${bridged.clock.now() - from} ms`);
  await bridged.run(700);
  assert.deepEqual([bridged.said("box-3/relay_2"), bridged.said("box-9/relay_2")], [false, true]);
  assert.match(
    await tell(bridged, "box-14/relay_1", { on: true, leaseMs: 60_000 }),
    /^link-down: .*not answered yet/,
  );
});
