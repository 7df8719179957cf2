import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { parsePointName } from "@gridwright/contract/points.ts";
import type { Device, Sample } from "@gridwright/contract/ports.ts";
import {
  type IdentityCheck,
  type ModbusProfile,
  PROFILE_UNITS,
  type Profile,
} from "@gridwright/contract/profile.ts";
import { lineOf } from "@gridwright/contract/site/device-points.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { loadProfiles } from "@gridwright/protocols/documents/profile-file.ts";
import { parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { type Decoded, decode, wordCount } from "@gridwright/protocols/modbus/codec.ts";
import { registersOf, summandOf } from "@gridwright/protocols/modbus/registers.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createModbusBus, type ModbusBus } from "@gridwright/runtime/modbus/modbus-bus.ts";
import { step } from "@gridwright/twin/plant/plant.ts";
import { deviceQuantity } from "@gridwright/twin/plant/quantity.ts";
import { setCoil } from "@gridwright/twin/plant/relays.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { registerImage } from "@gridwright/twin/servers/register-image.ts";
import { startTwin, type Twin } from "@gridwright/twin/servers/twin.ts";
import { quietLog } from "@gridwright/twin/testing/village.ts";

const FOLDER = new URL("../../controller/protocols/profiles/", import.meta.url);
const FIRST_PORT = 30_000;
const ALL_READ_MS = 20_000;
/** What the plant has no value for: settings of devices, which nobody has set. */
const SETTINGS: ReadonlySet<string> = new Set([
  "charge_power_limit",
  "discharge_power_limit",
  "export_power_limit",
]);

const { profiles } = loadProfiles(
  readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), "utf8") })),
);
const overModbus = [...profiles.values()].filter((profile) => lineOf(profile) === "modbus");

/** An asset of the kind that the profile suits, on as many phases as it measures. */
function assetLine({ profile, suits = "meter", points }: Profile): string {
  const phases = "voltage" in points || "relay" in points ? "L2" : "L1, L2, L3";
  const common = `name: ${profile}, phases: [${phases}], measure: ${profile}`;
  const kinds: Readonly<Record<string, string>> = {
    grid: `{ kind: grid, ${common}, breaker: 63 A }`,
    inverter: `{ kind: inverter, ${common}, rating: 2 kVA }`,
    battery: `{ kind: battery, ${common}, capacity: 3 kWh, power: 1.3 kW, setpoint: ${profile}/battery_setpoint }`,
    pv: `{ kind: pv, ${common}, rating: 1.7 kW, limit: ${profile}/power_limit }`,
    machine: `{ kind: machine, ${common}, tier: 3, rating: 450 VA }`,
  };
  const line = kinds[suits] ?? `{ kind: load, ${common}, tier: 2, rating: 350 VA }`;
  const limited = "power_limit" in points ? line : line.replace(/, limit: \S+/, "");
  return "battery_setpoint" in points ? limited : limited.replace(/, power: .*, setpoint: \S+/, "");
}

const siteText = [
  "gridwright: 1",
  "site: { id: bench, name: Bench, latitude: 37.2, longitude: -3.6 }",
  "links:",
  ...overModbus.map(
    ({ profile }, index) =>
      `  ${profile}: { kind: modbus-tcp, host: 127.0.0.1, port: ${FIRST_PORT + index}, timeout: 2 s }`,
  ),
  "devices:",
  ...overModbus.map(
    ({ profile }, index) => `  ${profile}: { link: ${profile}, unit: ${index + 3}, profile: ${profile} }`,
  ),
  "assets:",
  "  street: { kind: grid, name: Street, phases: [L1, L2, L3], breaker: 63 A }",
  "  main: { kind: inverter, name: Main, phases: [L1, L2, L3], rating: 20 kVA }",
  "  store: { kind: battery, name: Store, capacity: 17 kWh }",
  ...overModbus.map((profile) => `  at-${profile.profile}: ${assetLine(profile)}`),
].join("\n");

function model() {
  const parsed = parseSite({ name: "bench.yaml", text: siteText }, profiles);
  assert.ok(parsed.ok, JSON.stringify(parsed.ok ? "" : parsed.mistakes, undefined, 1));
  return parsed.model;
}

/** Half a step of the register's own counting, in the point's unit. */
function stepOf(profile: ModbusProfile, point: string, value: number): number {
  const parts = profile.sums[point];
  if (parts !== undefined)
    return parts.reduce((sum, part) => sum + stepOf(profile, summandOf(part)[0], value), 0);
  const encoding = registersOf(profile).find((register) => register.point === point)?.encoding;
  if (encoding === undefined) return 0;
  if (encoding.type === "float32") return Math.abs(value) * 1e-6 + 1e-6;
  return (encoding.scale * (PROFILE_UNITS[encoding.unit] ?? 1)) / 2 + 1e-9;
}

/** Steps of the scale factors that the twin's SunSpec devices give. */
const SUNSPEC_STEPS: Readonly<Record<string, number>> = { V: 0.1, A: 0.1, Hz: 0.01, "1": 0.001, "°C": 0.1 };

function tolerance({ profile }: DeviceModel, point: string, value: number): number {
  if (profile.protocol === "modbus") return stepOf(profile, point, value);
  return SUNSPEC_STEPS[parsePointName(point)?.kind.unit ?? ""] ?? 1;
}

function fits({ equals, between }: IdentityCheck, decoded: Decoded): boolean {
  if (decoded.kind !== "value") return false;
  const value = Number(decoded.value);
  return between === undefined ? value === equals : value >= between[0] && value <= between[1];
}

const untilAborted = (_: unknown, signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("every profiled device, simulated by the twin and read over a real socket", () => {
  const site = model();
  const heard = new Map<string, Map<string, Sample>>();
  const buses: ModbusBus[] = [];
  let twin: Twin;

  before(async () => {
    twin = await startTwin({
      ...{ model: site, scenario: Scenario.parse({ scenario: "plain" }), seed: 31, speed: 1, ports: "any" },
      start: epoch(Date.parse("2026-05-21T08:40:00Z")),
      pace: { host: "127.0.0.1", port: 0 },
      credentials: () => ({ username: "nobody", password: "none" }),
      ...{ log: quietLog, io: { ...hostClock(), sleep: untilAborted } },
    });
    for (const load of twin.world().loads) load.forced = 0.6;
    setCoil(twin.world(), "waveshare-relay-16/relay_11", { energised: true });
    setCoil(twin.world(), "waveshare-relay-8/relay_5", { energised: true });
    step(twin.world(), 600_000);
    const io = hostClock();
    for (const device of Object.values(site.devices)) {
      const link = { ...device.link, ...twin.addresses[device.spec.link] };
      if (link.kind !== "modbus-tcp") continue;
      const bus = createModbusBus({
        link,
        devices: [device],
        clock: io,
        io,
        random: () => 0.4,
        log: quietLog,
      });
      buses.push(bus);
      for (const each of bus.devices) listen(each);
    }
  });
  after(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await twin.close();
  });

  function listen(device: Device): void {
    const samples = new Map<string, Sample>();
    heard.set(device.id, samples);
    device.onSampling((sampling) => {
      for (const sample of sampling.samples) samples.set(sample.point, sample);
    });
  }

  async function allHeard(device: DeviceModel): Promise<ReadonlyMap<string, Sample>> {
    const samples = heard.get(device.id) ?? new Map<string, Sample>();
    const end = performance.now() + ALL_READ_MS;
    while (device.points.some((point) => !samples.has(point))) {
      const missing = device.points.filter((point) => !samples.has(point));
      assert.ok(performance.now() < end, `${device.id} never gave ${missing.join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return samples;
  }

  /** Compares one point; gives whether there was something to see. */
  function compare(device: DeviceModel, point: string, sample: Sample | undefined): boolean {
    const truth = SETTINGS.has(point) ? undefined : deviceQuantity(twin.world(), device.id, point);
    const lacking = device.profile.protocol === "sunspec" && sample !== undefined && "absent" in sample;
    if (truth === undefined || lacking) return false;
    assert.ok(
      sample !== undefined && "value" in sample,
      `${point}: ${JSON.stringify(sample)}, true is ${truth}`,
    );
    if (typeof truth === "boolean") {
      assert.equal(sample.value, truth, point);
      return truth;
    }
    const off = Math.abs(Number(sample.value) - truth);
    const most = tolerance(device, point, truth);
    assert.ok(off <= most, `${point}: read ${sample.value}, true is ${truth}, more than ${most} off`);
    return truth !== 0;
  }

  for (const device of Object.values(site.devices))
    test(device.id, async () => {
      const samples = await allHeard(device);
      const telling = device.points.filter((point) => compare(device, point, samples.get(point)));
      assert.ok(telling.length > 0, "nothing of it was more than 0");
    });

  test("each simulated device is told by its profile's identity check", () => {
    for (const device of Object.values(site.devices)) {
      const { profile } = device;
      if (profile.protocol !== "modbus") continue;
      const image = registerImage(twin.world(), device, profile);
      for (const check of profile.identity) {
        const { table, address, type, words } = check;
        const read = image.read(table, address, wordCount(type));
        assert.ok(Array.isArray(read), `${device.id} has no ${table} ${address}`);
        const decoded = decode({ type, words, scale: 1, unit: "1", sign: 1, sentinels: [] }, read);
        assert.ok(fits(check, decoded), `${device.id} ${address}: ${JSON.stringify(decoded)}`);
      }
    }
  });
});
