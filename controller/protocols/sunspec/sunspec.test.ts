import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "@gridwright/contract/ports.ts";
import { SunspecProfile } from "@gridwright/contract/profile.ts";
import { millis, ratio } from "@gridwright/contract/units.ts";
import { planLimit } from "../modbus/commands.ts";
import { samplesOf } from "../modbus/registers.ts";
import { type Discovered, discover } from "./discovery.ts";
import { type SunspecImage, sunspecImage } from "./image.ts";
import { findField } from "./models.ts";
import { type LimitRegisters, resolve } from "./resolve.ts";

const inverter = (base = 40_000, onWrite?: (references: readonly string[]) => void): SunspecImage =>
  sunspecImage({
    base,
    models: [
      { id: 1, values: { Mn: "Sunmaker", Md: "TX 10", SN: "4711" } },
      {
        id: 103,
        values: {
          W: 4_320,
          W_SF: 1,
          Hz: 50.02,
          Hz_SF: -2,
          PhVphA: 231.4,
          V_SF: -1,
          WH: 7_654_321,
          AphA: 6.2,
          A_SF: -1,
        },
      },
      { id: 120, values: { WRtg: 10_000 } },
      {
        id: 123,
        values: { WMaxLimPct: 70, WMaxLimPct_SF: -2, WMaxLim_Ena: 0, Conn: 1, WMaxLimPct_RvrtTms: 0 },
      },
      {
        id: 160,
        values: { N: 2, DCW_SF: 0 },
        blocks: [
          { ID: 1, DCW: 2_210 },
          { ID: 2, DCW: 2_190, IDStr: "West" },
        ],
      },
    ],
    ...(onWrite && { onWrite }),
  });

/** Runs a discovery against an image, as a client would. */
function found(image: SunspecImage): Discovered | undefined {
  const discovery = discover();
  let step = discovery.next();
  for (let requests = 0; !step.done; requests++) {
    assert.ok(requests < 30, "discovery must end");
    const words = image.read("holding", step.value.address, step.value.count);
    step = discovery.next("exception" in words ? undefined : words);
  }
  return step.value;
}

const profile = SunspecProfile.parse({
  profile: "sample",
  title: "Sample",
  licence: "CC0-1.0",
  source: "none",
  tried: "simulated",
  protocol: "sunspec",
  points: {
    power: { sunspec: ["113:W", "103:W"], unit: "W" },
    power_l1: { sunspec: ["113:WphA"], unit: "W" },
    frequency: { sunspec: ["103:Hz"], unit: "Hz" },
    current_l1: { sunspec: ["103:AphA"], unit: "A" },
    temperature: { sunspec: ["103:TmpCab"], unit: "°C" },
    energy_generated: { sunspec: ["103:WH"], unit: "Wh" },
    power_limit: {
      sunspec: ["123:WMaxLimPct"],
      unit: "%",
      write: { enable: "123:WMaxLim_Ena", revert: "123:WMaxLimPct_RvrtTms" },
    },
  },
});

test("a device is found at each of the three bases, with its models in order", () => {
  for (const base of [40_000, 0, 50_000]) {
    const device = found(inverter(base));
    assert.deepEqual(
      device?.models.map(({ id, address, length }) => [id, address - base, length]),
      [
        [1, 2, 66],
        [103, 70, 50],
        [120, 122, 26],
        [123, 150, 24],
        [160, 176, 48],
      ],
      `base ${base}`,
    );
  }
});

test("a device without the mark is not SunSpec, and an endless chain ends", () => {
  const plain = discover();
  let step = plain.next();
  while (!step.done) step = plain.next([0x1234, 0x5678]);
  assert.equal(step.value, undefined);
  const endless = discover();
  let turn = endless.next();
  let requests = 1;
  for (; !turn.done; requests++) turn = endless.next(requests === 1 ? [0x5375, 0x6e53] : [103, 50]);
  assert.ok(requests < 100);
});

const values = (image: SunspecImage): Record<string, unknown> => {
  const device = found(image);
  assert.ok(device);
  const { registers, missing } = resolve(profile, device);
  assert.deepEqual(missing, ["power_l1"]);
  const samples = samplesOf(registers, {}, ({ address, count }) => {
    const words = image.read("holding", address, count);
    return "exception" in words ? undefined : words;
  });
  return Object.fromEntries(
    samples.map((sample) => [
      sample.point,
      "value" in sample ? sample.value : "absent" in sample && sample.absent,
    ]),
  );
};

test("a profile reads the values with the device's own scale factors", () => {
  assert.deepEqual(values(inverter()), {
    power: 4_320,
    frequency: 50.02,
    current_l1: 6.2,
    temperature: "not-fitted",
    energy_generated: 7_654_321,
    power_limit: 1,
  });
});

test("a limit counts while its switch is on", () => {
  const image = inverter();
  image.set("123:WMaxLim_Ena", 1);
  assert.equal(values(image).power_limit, 0.7);
});

test("what a client writes is seen inside; what is not writable is refused", () => {
  const log: string[] = [];
  const image = inverter(40_000, (references) => log.push(references.join(" ")));
  const controls = 40_150;
  assert.equal(image.write("holding", controls + 5, [4_500]), undefined);
  assert.equal(image.write("holding", controls + 7, [300, 20, 1]), undefined);
  assert.equal(image.get("123:WMaxLimPct"), 45);
  assert.equal(image.get("123:WMaxLimPct_RvrtTms"), 300);
  assert.deepEqual(log, ["123:WMaxLimPct", "123:WMaxLimPct_RvrtTms 123:WMaxLimPct_RmpTms 123:WMaxLim_Ena"]);
  assert.deepEqual(image.write("holding", 40_072, [5]), { exception: 2 });
  assert.deepEqual(image.write("holding", controls + 23, [5]), { exception: 2 });
  assert.equal(image.get("160:2:DCW"), 2_190);
  assert.equal(image.get("160:2:DCA"), undefined);
});

test("reading behind the end is refused, the end mark is there", () => {
  const image = inverter();
  assert.deepEqual(image.read("holding", 40_226, 2), [0xffff, 0]);
  assert.deepEqual(image.read("holding", 40_226, 3), { exception: 2 });
  assert.deepEqual(image.read("input", 40_000, 2), { exception: 2 });
  assert.throws(() => image.set("103:Nope", 3), { code: "internal" });
  assert.throws(() => sunspecImage({ models: [{ id: 999, values: {} }] }), { code: "internal" });
});

test("a model shorter than our table does not lend registers of the next one", () => {
  const device: Discovered = { base: 40_000, models: [{ id: 103, address: 40_070, length: 20 }] };
  const { registers, missing } = resolve(profile, device);
  assert.deepEqual(
    registers.map(({ point }) => point),
    ["power", "frequency", "current_l1"],
  );
  assert.deepEqual(missing, ["power_l1", "temperature", "energy_generated", "power_limit"]);
});

test("a value that several models know comes from the first that the device has, blocks too", () => {
  const adapting = SunspecProfile.parse({
    ...profile,
    points: {
      power: { sunspec: ["701:W", "113:W", "103:W"], unit: "W" },
      pv_dc_power: { sunspec: ["160:2:DCW"], unit: "W" },
      soc: { sunspec: ["160:3:DCW"], unit: "%" },
      frequency: { sunspec: ["701:Hz"], unit: "Hz" },
    },
  });
  const image = sunspecImage({
    base: 50_000,
    models: [
      { id: 113, values: { W: 3_417.5 } },
      {
        id: 160,
        values: { N: 2, DCW_SF: 1 },
        blocks: [
          { ID: 1, DCW: 1_230 },
          { ID: 2, DCW: 2_190 },
        ],
      },
    ],
  });
  const device = found(image);
  assert.ok(device);
  const { registers, missing } = resolve(adapting, device);
  assert.deepEqual(missing, ["soc", "frequency"]);
  const samples = samplesOf(registers, {}, ({ address, count }) => {
    const words = image.read("holding", address, count);
    return "exception" in words ? undefined : words;
  });
  assert.deepEqual(samples, [
    { point: "power", value: 3_417.5 },
    { point: "pv_dc_power", value: 2_190 },
  ]);
  image.set("113:W", undefined);
  assert.deepEqual(
    samplesOf(registers.slice(0, 1), {}, () => [0x7fc0, 0]),
    [{ point: "power", absent: "not-fitted" }],
  );
});

test("a limit of model 704 says its time in two registers and what acts after it", () => {
  const image = sunspecImage({
    models: [
      { id: 1, values: { Mn: "Sunmaker" } },
      {
        id: 704,
        values: {
          WMaxLimPct: 100,
          WMaxLimPct_SF: -1,
          WMaxLimPctEna: 0,
          WMaxLimPctEnaRvrt: 1,
          WMaxLimPctRvrtTms: 0,
        },
      },
    ],
  });
  const device = found(image);
  assert.ok(device);
  const limited = SunspecProfile.parse({
    ...profile,
    points: {
      power_limit: {
        sunspec: ["704:WMaxLimPct", "123:WMaxLimPct"],
        unit: "%",
        write: { enable: "123:WMaxLim_Ena", revert: "123:WMaxLimPct_RvrtTms" },
      },
    },
  });
  const limit = resolve(limited, device).limits.power_limit;
  assert.ok(limit);
  const command = {
    point: "power_limit",
    set: { kind: "limit", share: ratio(0.635) },
    leaseMs: millis(90_000),
  };
  for (const write of planLimit(limit, command as Command, { scaleFactor: -1 }).writes)
    assert.equal("words" in write && image.write("holding", write.address, write.words), undefined);
  const after = ["WMaxLimPct", "WMaxLimPctEna", "WMaxLimPctEnaRvrt", "WMaxLimPctRvrtTms"];
  assert.deepEqual(
    after.map((field) => image.get(`704:${field}`)),
    [63.5, 1, 0, 90],
  );
});

const KEEPS = { revertTo: "704:WMaxLimPctRvrt", revert: "704:WMaxLimPctRvrtTms" };

/** A device of model 704, its two controls, and what stands in these fields after a command. */
function der(missing: readonly string[] = []) {
  const image = sunspecImage({
    models: [
      { id: 1, values: { Mn: "Sunmaker" } },
      {
        id: 704,
        values: {
          ...{ WMaxLimPct: 100, WMaxLimPct_SF: -1, WMaxLimPctEna: 0, WMaxLimPctRvrt: 100 },
          ...{ WSetPct: 7, WSetPct_SF: -2, WSetEna: 0, WSetMod: 1, WSetPctRvrt: 12, WSetEnaRvrt: 1 },
        },
      },
    ],
  });
  const device = found(image);
  assert.ok(device);
  const { limits, registers } = resolve(
    SunspecProfile.parse({
      ...profile,
      points: {
        power_limit: { sunspec: ["704:WMaxLimPct"], unit: "%", write: KEEPS },
        battery_setpoint: { sunspec: ["704:WSetPct"], unit: "%", write: { revert: "704:WSetRvrtTms" } },
      },
    }),
    device,
  );
  const tell = (command: unknown, fields: readonly string[]): unknown[] => {
    const { point } = command as Command;
    const limit = Object.fromEntries(
      Object.entries(limits[point] ?? {}).filter(([key]) => !missing.includes(key)),
    ) as unknown as LimitRegisters;
    const plan = planLimit(limit, command as Command, { scaleFactor: point === "power_limit" ? -1 : -2 });
    for (const write of plan.writes)
      assert.equal("words" in write && image.write("holding", write.address, write.words), undefined);
    for (const { span, words } of plan.verify)
      assert.deepEqual(image.read("holding", span.address, span.count), words);
    return fields.map((field) => image.get(`704:${field}`));
  };
  const read = () =>
    samplesOf(registers, {}, ({ address, count }) => {
      const words = image.read("holding", address, count);
      return "exception" in words ? undefined : words;
    }).map((sample) => "value" in sample && sample.value);
  return { tell, read };
}

const LIMIT = ["WMaxLimPct", "WMaxLimPctEna", "WMaxLimPctRvrt", "WMaxLimPctEnaRvrt", "WMaxLimPctRvrtTms"];
const SET = ["WSetPct", "WSetEna", "WSetMod", "WSetPctRvrt", "WSetEnaRvrt", "WSetRvrtTms"];

test("a limit of model 704 leaves with the device what acts when nobody renews it", () => {
  const { tell, read } = der();
  const limit = (share: number, leaseMs: number | null) =>
    tell({ point: "power_limit", set: { kind: "limit", share }, leaseMs, revertTo: 0.315 }, LIMIT);
  assert.deepEqual(limit(0.72, 90_000), [72, 1, 31.5, 1, 90]);
  assert.deepEqual(limit(1, 90_000), [100, 1, 31.5, 1, 90], "full power is leased too");
  assert.deepEqual(limit(0.315, null), [31.5, 1, 31.5, 1, 0], "what it keeps is left with it for good");
  assert.deepEqual(read(), [0.315, 0]);
  for (const place of ["revertToAt", "enableAfterAt"])
    assert.throws(
      () =>
        der([place]).tell(
          { point: "power_limit", set: { kind: "limit", share: 0.5 }, leaseMs: 7, revertTo: 0.3 },
          LIMIT,
        ),
      { code: "modbus-exception", message: /keeps no value of power_limit/ },
      place,
    );
});

test("a setpoint of model 704 is a share, ends at rest, and gives way to the device's own ways", () => {
  const { tell, read } = der();
  const set = (share: number, leaseMs: number | null) =>
    tell({ point: "battery_setpoint", set: { kind: "setpoint", share }, leaseMs }, SET);
  assert.deepEqual(read(), [1, 0], "not armed: no limit, no setpoint");
  assert.deepEqual(set(-0.62, 45_000), [-62, 1, 0, 0, 0, 45]);
  assert.deepEqual(read(), [1, -0.62]);
  assert.deepEqual(set(0, null), [0, 0, 0, 0, 0, 0]);
});

test("the two limits of model 124 share a switch and a timer, and do not touch one another", () => {
  const image = sunspecImage({
    models: [
      {
        id: 124,
        values: { StorCtl_Mod: 2, InWRte: 100, OutWRte: 80, InOutWRte_SF: -1, InOutWRte_RvrtTms: 45 },
      },
    ],
  });
  const device = found(image);
  assert.ok(device);
  const write = { revert: "124:InOutWRte_RvrtTms" };
  const battery = SunspecProfile.parse({
    ...profile,
    points: {
      charge_limit: { sunspec: ["124:InWRte"], unit: "%", write },
      discharge_limit: { sunspec: ["124:OutWRte"], unit: "%", write },
    },
  });
  const { limits, registers } = resolve(battery, device);
  const limit = limits.charge_limit;
  assert.ok(limit);
  const read = (): unknown[] =>
    samplesOf(registers, {}, ({ address, count }) => {
      const words = image.read("holding", address, count);
      return "exception" in words ? undefined : words;
    }).map((sample) => "value" in sample && sample.value);
  const set = (share: number, leaseMs: number | null): number[] => {
    const command = { point: "charge_limit", set: { kind: "limit", share }, leaseMs } as Command;
    const enabled = image.get("124:StorCtl_Mod") ?? 0;
    for (const one of planLimit(limit, command, { scaleFactor: -1, enabled }).writes)
      assert.equal("words" in one && image.write("holding", one.address, one.words), undefined);
    return ["StorCtl_Mod", "InWRte", "InOutWRte_RvrtTms"].map((field) => image.get(`124:${field}`) ?? -1);
  };
  assert.deepEqual(read(), [1, 0.8], "only discharging is limited");
  assert.deepEqual(set(0.35, 90_000), [3, 35, 90]);
  assert.deepEqual(read(), [0.35, 0.8]);
  assert.deepEqual(set(1, null), [2, 100, 90], "the other limit keeps its bit and its timer");
  image.set("124:StorCtl_Mod", 1);
  assert.deepEqual(set(1, null), [0, 100, 0]);
});

test("fields are looked up by model and name", () => {
  assert.equal(findField("123:WMaxLim_Ena")?.field.offset, 9);
  assert.equal(findField("103:nope"), undefined);
  assert.equal(findField("999:W"), undefined);
});
