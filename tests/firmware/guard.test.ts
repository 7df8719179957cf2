// L1: what the image on the emulated chip does about the supply with no host, from samples at its converter on.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { ofThermistor } from "@gridwright/firmware-bridge/src/box/samples.ts";
import { createHosted, type HostedBox, until } from "./hosted-box.ts";

const HIGH = 1;
const LOW = 0;

function guarding(
  source: "grid" | "inverter" | "generator",
  of: Parameters<HostedBox["guard"]>[0] = {},
): HostedBox {
  const box = createHosted({ volts: 231, amps: 7, hz: 50 });
  box.run(20);
  box.open();
  box.guard(of);
  box.source(source);
  box.run(600);
  return box;
}

const pulledAfter = (box: HostedBox, within: number): number => until(box, box.linePulled, within);
const shedBy = (box: HostedBox): string | undefined => {
  box.run(6);
  return box.events().findLast(({ event }) => event.startsWith("shed_"))?.event;
};

test("it measures true RMS, power with its sign, and frequency", () => {
  const box = guarding("grid");
  const close = (value: number, wanted: number, part: number): void =>
    assert.ok(Math.abs(value / wanted - 1) < part, `${value}, not ${wanted}`);
  close(box.last("measure").voltage_cv, 23_100, 0.005);
  close(box.last("measure").current_ma, 7_000, 0.02);
  close(box.last("measure").power_w, 1_617, 0.015);
  close(box.last("measure").frequency_mhz, 50_000, 0.001);
  Object.assign(box.supply, { volts: 219, amps: -11, hz: 51.3 } satisfies Supply);
  box.run(1_100);
  close(box.last("measure").voltage_cv, 21_900, 0.005);
  close(box.last("measure").power_w, -2_409, 0.015);
  close(box.last("measure").frequency_mhz, 51_300, 0.001);
});

test("the thermistor is read aside: it changes nothing of what else is measured", () => {
  const box = createHosted({ volts: 231, amps: 7, hz: 50, celsius: 62 });
  box.run(20);
  box.open();
  box.guard();
  box.run(3_500);
  const temperature = ofThermistor(box.last("measure").thermistor, 3_950);
  assert.ok("value" in temperature && Math.abs(Number(temperature.value) - 62) < 0.3);
  for (const { message } of box.told.slice(-8))
    if (message.kind === "measure") {
      assert.ok(Math.abs(message.voltage_cv / 23_100 - 1) < 0.005, `${message.voltage_cv}`);
      assert.ok(Math.abs(message.power_w / 1_617 - 1) < 0.02, `${message.power_w}`);
    }
});

//  what happens                      supply then                         within ms   by
const SHEDS: readonly (readonly [string, Partial<Supply>, number, string])[] = [
  ["an overload of 200 %", { amps: 40 }, 200, "shed_overload"],
  ["an overload of 155 %", { amps: 31 }, 200, "shed_overload"],
  ["a sag to 0.8 Un", { volts: 184 }, 200, "shed_sag"],
  ["a sag to 0.6 Un", { volts: 138 }, 200, "shed_sag"],
];

for (const [name, then, within, by] of SHEDS) {
  test(`inverter: ${name} pulls the shed line within ${within} ms, whenever in the cycle it comes`, () => {
    for (const offset of [0, 4.3, 9.1, 14.7]) {
      const box = guarding("inverter");
      box.run(offset);
      Object.assign(box.supply, then);
      const took = pulledAfter(box, 400);
      assert.ok(took > 80 && took <= within, `took ${took} ms at ${offset}`);
      assert.equal(shedBy(box), by);
    }
  });
}

//  source         what happens                   supply then                for ms
const BEARABLE: readonly (readonly ["grid" | "inverter" | "generator", string, Partial<Supply>, number])[] = [
  ["generator", "a load step: −10 % of frequency and voltage for 4 s", { hz: 45, volts: 207 }, 4_000],
  ["generator", "a dip to 44 Hz for 0.4 s", { hz: 44 }, 400],
  ["generator", "a voltage of 0.82 Un", { volts: 189 }, 600],
  ["inverter", "an inrush of 300 % for 60 ms", { amps: 60 }, 60],
  ["inverter", "an overload of 140 %, which is the host's affair", { amps: 28 }, 1_500],
  ["grid", "a sag to 0.8 Un", { volts: 184 }, 600],
];

for (const [source, name, then, forMs] of BEARABLE) {
  test(`${source}: ${name} trips nothing`, () => {
    const box = guarding(source);
    const before = { ...box.supply };
    Object.assign(box.supply, then);
    assert.equal(pulledAfter(box, forMs), Number.POSITIVE_INFINITY);
    Object.assign(box.supply, before);
    assert.equal(pulledAfter(box, 300), Number.POSITIVE_INFINITY);
  });
}

test("generator: below 47 Hz it sheds after 5 s, below 45 Hz after 0.5 s", () => {
  for (const [hz, least, most] of [
    [46.2, 4_950, 5_150],
    [43.7, 480, 620],
  ] as const) {
    const box = guarding("generator");
    box.supply.hz = hz;
    const took = pulledAfter(box, 6_000);
    assert.ok(took > least && took < most, `took ${took} at ${hz} Hz`);
    assert.equal(shedBy(box), "shed_frequency");
  }
});

test("a lasting overload below the instant limit sheds after its own time", () => {
  const box = guarding("inverter", { slow_s: 2 });
  box.supply.amps = 25;
  const took = pulledAfter(box, 3_000);
  assert.ok(took > 1_980 && took < 2_150, `took ${took}`);
});

test("the line is let go when the supply was in order for the quiet time", () => {
  const box = guarding("inverter", { quiet_s: 2 });
  box.supply.amps = 40;
  pulledAfter(box, 400);
  box.supply.amps = 9;
  const held = until(box, () => !box.linePulled(), 3_000);
  assert.ok(held > 1_990 && held < 2_060, `held ${held}`);
});

for (const stuck of [0, 1_023]) {
  test(`a converter that stands at ${stuck} is a lost measurement: told, and nothing is shed for it`, () => {
    const box = guarding("inverter");
    box.supply.stuck = stuck;
    assert.equal(pulledAfter(box, 900), Number.POSITIVE_INFINITY);
    assert.ok(box.events().some(({ event }) => event === "measurement_lost"));
    box.supply.stuck = undefined;
    box.run(300);
    assert.ok(box.events().some(({ event }) => event === "measurement_back"));
  });
}

test("a box that starts with a dead converter lights what is on at rest all the same", () => {
  const box = createHosted({ volts: 231, amps: 7, hz: 50, stuck: 1_023 });
  box.run(20);
  box.open();
  box.guard({ duty: "load_box", quiet_s: 1 });
  box.channel(2, { on_silence: "on", tier: 0 });
  const dark = until(box, () => box.pin(2) === HIGH, 2_000);
  assert.ok(dark > 900 && dark < 1_100, `dark for ${dark}`);
});

test("what was shed stays shed while the measurement is lost", () => {
  const box = guarding("inverter");
  box.supply.amps = 40;
  pulledAfter(box, 400);
  box.supply.stuck = 0;
  box.run(2_000);
  assert.ok(box.linePulled());
});

function village(): HostedBox {
  const box = guarding("inverter", { duty: "load_box", quiet_s: 1, stagger_s: 1 });
  for (const channel of [0, 1, 2]) box.channel(channel, { on_silence: "on", tier: channel });
  box.channel(3);
  until(box, () => box.pin(2) === HIGH, 4_000);
  assert.equal(box.set(3, "on", 60_000), "done");
  return box;
}

const pins = (box: HostedBox): number[] => [0, 1, 2, 3].map(box.pin);
const returns = (box: HostedBox): number[] =>
  [0, 1, 2].map((channel) => until(box, () => box.pin(channel) === HIGH, 5_000));

test("a load box follows the shed line, spares tier 0, and comes back tier by tier; what was leased on stays off", () => {
  const box = village();
  box.chip().b.setPin(1, false);
  box.run(3);
  assert.deepEqual(pins(box), [HIGH, LOW, LOW, LOW]);
  assert.equal(box.set(3, "on", 9_000), "shed");
  box.chip().b.setPin(1, true);
  const [, second = 0, third = 0] = returns(box);
  assert.ok(second > 1_900 && second < 2_100, `tier 1 after ${second}`);
  assert.ok(Math.abs(third - 1_000) < 5, `tier 2 another ${third} later`);
  assert.equal(box.pin(3), LOW);
});

test("a dead bus opens every channel; they come back one tier after the other", () => {
  const box = village();
  box.supply.volts = 9;
  const dead = until(box, () => pins(box).every((pin) => pin === LOW), 400);
  assert.ok(dead <= 200, `took ${dead}`);
  box.supply.volts = 232;
  const [first = 0, second = 0, third = 0] = returns(box);
  assert.ok(first > 980 && first < 1_100, `tier 0 after ${first}`);
  assert.ok(Math.abs(second - 1_000) < 5 && Math.abs(third - 1_000) < 5, `${second}, ${third}`);
  assert.equal(box.pin(3), LOW);
});
