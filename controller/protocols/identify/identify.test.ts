import assert from "node:assert/strict";
import { test } from "node:test";
import { ModbusProfile, type Profile, SunspecProfile } from "@gridwright/contract/profile.ts";
import { answer, type RegisterImage, refusal } from "../modbus/server.ts";
import { sunspecImage } from "../sunspec/image.ts";
import type { Question, Reply } from "./asking.ts";
import { type Identity, identify } from "./identify.ts";
import { propose } from "./propose.ts";

const head = { licence: "CC0-1.0", source: "none", tried: "simulated" } as const;
const meter = (profile: string, identity: unknown): Profile =>
  ModbusProfile.parse({
    ...{ ...head, profile, title: `Meter ${profile}`, protocol: "modbus", suits: "meter", identity },
    link: { timeoutMs: profile === "plain" ? 3_000 : 700 },
    points: { power: { address: 52, type: "float32", unit: "W", table: "input" } },
  });
const PROFILES: readonly Profile[] = [
  meter("plain", [{ address: 11, equals: 4_711 }]),
  meter("strict", [
    { address: 11, equals: 4_711 },
    { table: "input", address: 70, type: "float32", between: [45, 65] },
  ]),
  meter("other", [{ address: 11, equals: 815 }]),
  SunspecProfile.parse({
    ...{ ...head, profile: "sunmaker", title: "Sunmaker", protocol: "sunspec", manufacturer: "Sunmaker" },
    ...{ suits: "pv", points: { power: { sunspec: ["103:W"], unit: "W" } } },
  }),
  SunspecProfile.parse({
    ...{ ...head, profile: "sunmaker-meter", title: "M", protocol: "sunspec", manufacturer: "Sunmaker" },
    ...{ suits: "meter", points: { power: { sunspec: ["203:W"], unit: "W" } } },
  }),
];
const unmarked = (profile: string, voltageAt: number, phases: readonly number[]): Profile =>
  ModbusProfile.parse({
    ...{ ...head, profile, title: profile, protocol: "modbus" },
    points: {
      ...Object.fromEntries(
        phases.map((phase) => [
          `voltage_l${phase}`,
          { address: voltageAt + 2 * phase, type: "float32", unit: "V", table: "input" },
        ]),
      ),
      frequency: { address: 70, type: "uint16", scale: 0.01, unit: "Hz", table: "input" },
      power: { address: 90, type: "float32", unit: "W", table: "input" },
    },
  });
const BY_NAME = new Map(PROFILES.map((profile) => [profile.profile, profile]));

/** Holding and input registers by address; what is not there is refused. */
const registers = (
  holding: Readonly<Record<number, number>>,
  input: Readonly<Record<number, number>> = {},
): RegisterImage => ({
  read(table, address, count) {
    const from = table === "holding" ? holding : table === "input" ? input : {};
    const words = Array.from({ length: count }, (_, index) => from[address + index]);
    const whole = words.filter((word) => word !== undefined);
    return whole.length === count ? whole : refusal(2);
  },
  write: () => refusal(1),
});

type Other = (pdu: Uint8Array) => Uint8Array | undefined;

function replyOf(question: Question, image: RegisterImage, other: Other): Reply | undefined {
  if (question.kind === "other") {
    const pdu = other(question.pdu) ?? answer(question.pdu, image);
    return (pdu[0] ?? 0) >= 0x80 ? undefined : { pdu };
  }
  const words = image.read(question.table, question.address, question.count);
  return "exception" in words ? undefined : { words };
}

function ask(
  image: RegisterImage,
  other: Other = () => undefined,
  profiles: readonly Profile[] = PROFILES,
): Identity {
  const asking = identify(profiles);
  let step = asking.next();
  for (let questions = 0; !step.done; questions++) {
    assert.ok(questions < 60, "it must come to an end");
    step = asking.next(replyOf(step.value, image, other));
  }
  return step.value;
}

const inverter = (manufacturer: string) =>
  sunspecImage({
    models: [
      { id: 1, values: { Mn: manufacturer, Md: "TX 10", SN: "A-77" } },
      { id: 103, values: { W: 4_320, W_SF: 0 } },
      { id: 120, values: { WRtg: 9_700, WRtg_SF: 0 } },
      { id: 123, values: { WMaxLimPct: 100 } },
    ],
  });

test("a SunSpec device says who it is and gets the profile of its maker, else the one for all", () => {
  const own = ask(inverter("Sunmaker GmbH"));
  assert.deepEqual(own.profiles, ["sunmaker", "sunspec"]);
  assert.deepEqual(own.sunspec, {
    ...{ base: 40_000, models: [1, 103, 120, 123], role: "inverter", phases: 3 },
    ...{ manufacturer: "Sunmaker GmbH", model: "TX 10", serial: "A-77", ratedW: 9_700 },
  });
  assert.deepEqual(ask(inverter("Huttworks")).profiles, ["sunspec"]);
});

test("meters and batteries are told by their models", () => {
  const cases: readonly (readonly [number, string, number, string])[] = [
    [201, "meter", 1, "sunspec-meter"],
    [204, "meter", 3, "sunspec-meter"],
    [212, "meter", 2, "sunspec-meter"],
    [802, "battery", 0, "sunspec-storage"],
    [701, "inverter", 0, "sunspec"],
  ];
  for (const [model, role, phases, profile] of cases) {
    const found = ask(
      sunspecImage({
        base: 0,
        models: [
          { id: 1, values: { Mn: "X" } },
          { id: model, values: {} },
        ],
      }),
    );
    assert.deepEqual([found.sunspec?.role, found.sunspec?.phases, found.profiles], [role, phases, [profile]]);
  }
  const weather = ask(
    sunspecImage({
      models: [
        { id: 1, values: {} },
        { id: 307, values: { TmpAmb: 21.5 } },
      ],
    }),
  );
  assert.deepEqual([weather.sunspec?.role, weather.profiles], ["weather", ["sunspec-weather"]]);
});

test("all checks of a profile must hold; more checks come first", () => {
  const hz = { 70: 0x4248, 71: 0x3852 };
  assert.deepEqual(ask(registers({ 11: 4_711 }, hz)).profiles, ["strict", "plain"]);
  assert.deepEqual(
    ask(registers({ 11: 4_711 }, { 70: 0x42c8, 71: 0 })).profiles,
    ["plain"],
    "100 Hz is no grid",
  );
  assert.deepEqual(ask(registers({ 11: 815 })).profiles, ["other"]);
  assert.deepEqual(ask(registers({ 11: 33 })).profiles, []);
});

test("without any check, voltages and frequency where a profile has them make a guess", () => {
  const guessing = [
    unmarked("one-phase", 0, [1]),
    unmarked("three-phase", 0, [1, 2, 3]),
    unmarked("shifted", 1, [1]),
  ];
  // 231.4 V, 229.9 V, nothing on L3, 49.98 Hz.
  const input = { 2: 0x4367, 3: 0x6666, 4: 0x4365, 5: 0xe666, 6: 0, 7: 0, 70: 4_998 };
  assert.deepEqual(ask(registers({}, input), undefined, guessing), {
    profiles: ["three-phase", "one-phase"],
    guessed: true,
  });
  const alone = { 2: 0x4367, 3: 0x6666, 70: 4_998 };
  assert.deepEqual(ask(registers({}, alone), undefined, guessing).profiles, ["one-phase"]);
  assert.deepEqual(ask(registers({}, { ...alone, 70: 499 }), undefined, guessing).profiles, []);
  assert.deepEqual(
    ask(registers({}, { ...alone, 2: 0, 3: 0 }), undefined, guessing).profiles,
    [],
    "no phase at all",
  );
});

test("a profile that fits with the words turned round is a hint, and no proposal", () => {
  const input = { 2: 0x6666, 3: 0x4367, 70: 4_998 };
  assert.deepEqual(ask(registers({}, input), undefined, [unmarked("one-phase", 0, [1])]), {
    profiles: [],
    turned: [{ profile: "one-phase", words: "little" }],
  });
  const checked = [
    meter("hertz", [{ table: "input", address: 70, type: "float32", words: "little", between: [45, 65] }]),
    meter("code", [{ address: 11, equals: 4_711 }]),
  ];
  // 50.02 Hz, high word first.
  assert.deepEqual(ask(registers({ 11: 4_712 }, { 70: 0x4248, 71: 0x147b }), undefined, checked), {
    profiles: [],
    turned: [{ profile: "hertz", words: "big" }],
  });
  assert.deepEqual(ask(registers({ 11: 4_712 }, { 70: 0x4648, 71: 0x147b }), undefined, checked), {
    profiles: [],
  });
});

test("an inverter of model 704 is proposed with the profile whose limit it keeps by itself", () => {
  const image = sunspecImage({
    models: [
      { id: 1, values: { Mn: "Sunsmith", Md: "DX 8" } },
      { id: 701, values: { W: 3_210, W_SF: 0 } },
      { id: 702, values: { WMaxRtg: 8_300, W_SF: 0 } },
      { id: 704, values: { WMaxLimPct: 100, WMaxLimPct_SF: -1 } },
    ],
  });
  const identity = ask(image);
  assert.deepEqual(identity.profiles, ["sunspec-der", "sunspec"]);
  const der = SunspecProfile.parse({
    ...{ ...head, profile: "sunspec-der", title: "DER", protocol: "sunspec", suits: "pv" },
    points: { power: { sunspec: ["701:W"], unit: "W" } },
  });
  const link = { kind: "modbus-tcp", host: "10.0.0.7", port: 502 } as const;
  const proposal = propose([{ link, units: [{ unit: 4, identity }] }], new Map([["sunspec-der", der]]));
  assert.match(proposal?.text ?? "", /# where an export was agreed: onSilence: the share/);
  assert.match(proposal?.text ?? "", /rating: 8\.3 kW, limit: sunsmith-dx-8\/power_limit/);
});

test("an asset is of the kind that its device's points tell, where the profile does not", () => {
  const link = { kind: "modbus-tcp", host: "10.0.0.7", port: 502 } as const;
  const rows: readonly (readonly [points: readonly string[], kind: string])[] = [
    [["soc", "battery_power", "pv_power"], "inverter"],
    [["grid_present", "voltage_l1"], "inverter"],
    [["soc", "battery_voltage"], "battery"],
    [["running", "power"], "machine"],
    [["energy_generated", "power"], "pv"],
    [["grid_power", "frequency"], "grid"],
    [["power", "energy_import"], "meter"],
  ];
  for (const [points, kind] of rows) {
    const profile = ModbusProfile.parse({
      ...{ ...head, profile: "own", title: "Own", protocol: "modbus" },
      points: Object.fromEntries(points.map((point, place) => [point, { address: 3 * place }])),
    });
    const proposal = propose(
      [{ link, units: [{ unit: 3, identity: { profiles: ["own"] } }] }],
      new Map([["own", profile]]),
    );
    assert.match(proposal?.text ?? "", new RegExp(`kind: ${kind},`), points.join());
  }
});

test("what no profile knows is asked for its device id, then for its server id", () => {
  const named = ask(registers({}), (pdu) =>
    pdu[0] === 0x2b
      ? Uint8Array.from([
          0x2b,
          0x0e,
          1,
          1,
          pdu[3] === 0 ? 0xff : 0,
          1,
          1,
          pdu[3] ?? 0,
          2,
          0x50,
          0x51 + (pdu[3] ?? 0),
        ])
      : undefined,
  );
  assert.deepEqual(named, { deviceId: { vendor: "PQ", product: "PR" }, profiles: [] });
  const server = ask(registers({}), (pdu) =>
    pdu[0] === 0x11 ? Uint8Array.of(0x11, 3, 0x41, 0x42, 0xff) : undefined,
  );
  assert.deepEqual(server, { serverId: "AB", profiles: [] });
  assert.deepEqual(ask(registers({})), { profiles: [] });
});

test("the proposal names link with its patience, device and asset, each id once, and what the device did not tell", () => {
  const link = { kind: "modbus-tcp", host: "10.0.0.7", port: 1_502 } as const;
  const identity = ask(inverter("Sunmaker"));
  const proposal = propose(
    [
      {
        link,
        units: [
          { unit: 3, identity },
          { unit: 71, identity, sameAs: 3 },
          { unit: 126, identity: { profiles: ["plain", "other"] } },
          { unit: 200, identity: { profiles: [] } },
        ],
      },
    ],
    BY_NAME,
  );
  assert.deepEqual(proposal?.devices, [
    { unit: 3, id: "sunmaker-tx-10", profile: "sunmaker" },
    { unit: 126, id: "meter-plain", profile: "plain" },
  ]);
  assert.equal(
    proposal?.text,
    [
      "links:",
      "  modbus-10-0-0-7: { kind: modbus-tcp, host: 10.0.0.7, port: 1502, timeout: 3 s }",
      "devices:",
      "  sunmaker-tx-10: { link: modbus-10-0-0-7, profile: sunmaker, unit: 3 }",
      "  meter-plain: { link: modbus-10-0-0-7, profile: plain, unit: 126 }",
      "assets:",
      "  sunmaker-tx-10:",
      "    # it may also be: sunspec",
      '    { kind: pv, name: "Sunmaker TX 10", phases: [L1, L2, L3], rating: 9.7 kW, limit: sunmaker-tx-10/power_limit, measure: sunmaker-tx-10 }',
      "  meter-plain:",
      "    # what does it measure? a house: add member: …; a line of loads: kind: feeder; the public grid: kind: grid",
      "    # it may also be: other",
      '    { kind: meter, name: "Meter plain", measure: meter-plain }',
    ].join("\n"),
  );
  assert.equal(propose([{ link, units: [{ unit: 5, identity: { profiles: [] } }] }], BY_NAME), undefined);
});
