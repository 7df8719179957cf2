import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { POLL_CLASSES } from "@gridwright/contract/profile.ts";
import { planReads } from "../modbus/plan.ts";
import { registersOf, spansOf } from "../modbus/registers.ts";
import { loadProfiles, parseProfile } from "./profile-file.ts";

const folder = new URL("../profiles/", import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), "utf8"),
}));

test("every profile that comes with gridwright keeps the laws of profiles", () => {
  const { profiles, mistakes } = loadProfiles(files);
  assert.deepEqual(mistakes, []);
  assert.equal(profiles.size, files.length, "two profiles have one name");
  for (const { name, text } of files) {
    assert.ok(profiles.has(name.replace(".yaml", "")), `${name} is named as its file`);
    assert.match(text, /^# CC0-1\.0\. /, `${name} opens with its licence and what it is`);
    assert.doesNotMatch(
      text,
      /# Positive is (?:export|charging)\.\n {2}(?!.*sign: -1)/,
      `${name} turns what the device counts the other way`,
    );
  }
});

test("no read of any profile is longer than its device allows, and none cuts a value", () => {
  for (const profile of loadProfiles(files).profiles.values()) {
    if (profile.protocol !== "modbus") continue;
    assert.ok(profile.examples.length > 0, `${profile.profile} has bytes made by hand`);
    for (const poll of POLL_CLASSES) {
      const registers = registersOf(profile).filter((register) => register.poll === poll);
      for (const block of planReads(spansOf(registers), profile.registersMax)) {
        assert.ok(block.count <= profile.registersMax, `${profile.profile} ${block.address}+${block.count}`);
        for (const { address, count } of block.spans)
          assert.ok(address >= block.address && address + count <= block.address + block.count);
      }
    }
  }
});

const LINES = [
  "profile: sample",
  "title: Sample",
  "licence: CC0-1.0",
  "source: the manual",
  "tried: simulated",
  "protocol: modbus",
  "points:",
  "  power: { table: input, address: 12, type: float32, unit: kW }",
  "  voltage: { table: input, address: 14, type: float32, unit: V }",
  "  relay: { table: coil, address: 3, type: bool, repeat: { count: 4 } }",
];
const profile = (replaced: Readonly<Record<number, string>>): string =>
  LINES.map((line, index) => replaced[index + 1] ?? line).join("\n");

const rows: readonly [sentence: string, replaced: Record<number, string>, then: RegExp][] = [
  [
    "overlapping registers",
    { 9: "  voltage: { table: input, address: 13, type: float32, unit: V }" },
    /^sample\.yaml:9 points\.voltage\.address: shares a register with power$/,
  ],
  [
    "a channel over another point",
    { 9: "  running: { table: coil, address: 5, type: bool }" },
    /points\.relay\.address: shares a register with running/,
  ],
  [
    "a unit of another kind",
    { 8: "  power: { address: 12, type: float32, unit: V }" },
    /:8 points\.power\.unit: "V" does not convert to W, the unit of power$/,
  ],
  [
    "a unit that does not exist",
    { 8: "  power: { address: 12, type: float32, unit: hp }" },
    /:8 points\.power\.unit: must be one of .*kVA/,
  ],
  [
    "a point that the catalogue does not have",
    { 9: "  volts: { address: 3 }" },
    /:9 points\.volts: is not in the catalogue of points/,
  ],
  [
    "a register read as a coil",
    { 10: "  relay: { table: coil, address: 3, type: uint16 }" },
    /:10 points\.relay\.type: a coil cannot be uint16/,
  ],
  [
    "a write to an input register",
    { 8: "  power: { table: input, address: 12, type: float32, unit: W, write: { function: 16 } }" },
    /:8 points\.power\.write: a value of the input table cannot be written/,
  ],
  [
    "a witness of another poll class",
    {
      8: "  power: { address: 12, type: float32, unit: W, absentWhen: { point: voltage, equals: 0 } }",
      9: "  voltage: { address: 14, unit: V, poll: slow }",
    },
    /:8 points\.power\.absentWhen\.point: "voltage" must be a point of this profile in the same poll class/,
  ],
  [
    "channels of a point that has none",
    { 9: "  voltage: { address: 14, unit: V, repeat: { count: 3 } }" },
    /:9 points\.voltage\.repeat: voltage does not come in channels/,
  ],
  [
    "a sum of what is not read",
    { 10: "sums: { grid_power: [power, grid_power_l1] }" },
    /:10 sums\.grid_power: must be the sum of registers of this profile/,
  ],
  [
    "a mask on what is not one word",
    { 8: "  running: { address: 12, type: uint32, mask: 0x0004 }" },
    /:8 points\.running\.mask: only a uint16 that is not written can have a mask/,
  ],
  [
    "two points on the same bit",
    {
      8: "  running: { address: 12, type: uint16, mask: 0x0006 }",
      9: "  fault: { address: 12, type: uint16, mask: 0x0002 }",
    },
    /:9 points\.fault\.address: shares a register with running$/,
  ],
  [
    "a detection of a number that nobody reads",
    { 8: "  running: { address: 12, type: int16, unit: W, above: 150 }" },
    /:8 points\.running\.above: needs another point that reads the number itself/,
  ],
  [
    "a write that says nothing of what becomes of it",
    { 8: "  power_limit: { address: 12, unit: '%', write: { function: 6 } }" },
    /:8 points\.power_limit\.write\.fallback: say what becomes of a written value/,
  ],
  [
    "a sentinel that its register cannot hold",
    { 8: "  power: { address: 12, type: int16, unit: W, sentinels: [0x80000000] }" },
    /:8 points\.power\.sentinels: must fit int16/,
  ],
  [
    "a range that falls",
    { 8: "  power: { address: 12, type: int16, unit: W, range: [900, -900] }" },
    /:8 points\.power\.range: must rise/,
  ],
  [
    "two phases of three",
    { 8: "  power_l1: { address: 12, unit: W }", 9: "  power_l3: { address: 16, unit: W }" },
    /points: power of single phases is not whole: power_l2 missing$/,
  ],
  [
    "bytes that mean something else",
    { 7: "examples: [{ point: voltage, words: ['4366', '8000'], value: 229.5 }]\npoints:" },
    /examples\[0\]\.value: registers 4366 8000 as float32 with the high word first = 230\.5 gives 230\.5, but the example says 229\.5: one of both is not as in the manual$/,
  ],
  [
    "bytes whose words stand the other way round",
    { 7: "examples: [{ point: voltage, words: ['8000', '4366'], value: 230.5 }]\npoints:" },
    /examples\[0\]\.value: registers 8000 4366 as float32 .* but the example says 230\.5: .*; with words: little at voltage it would be right$/,
  ],
  [
    "bytes of another length",
    { 7: "examples: [{ point: voltage, words: ['4366'], value: 230 }]\npoints:" },
    /examples\[0\]\.words: voltage is float32 and takes 2 words, not 1$/,
  ],
  ["no licence", { 3: "" }, /licence: is missing; allowed: CC0-1\.0$/],
  [
    "a SunSpec limit that nothing ends",
    {
      6: "protocol: sunspec",
      8: "  power_limit: { sunspec: ['123:WMaxLimPct'], unit: '%', write: { enable: '123:WMaxLim_Ena' } }",
      9: "",
      10: "",
    },
    /:8 points\.power_limit\.write: name the field that ends it/,
  ],
  [
    "a value for afterwards with a model that keeps none",
    {
      6: "protocol: sunspec",
      8: "  power_limit: { sunspec: ['704:WMaxLimPct', '123:WMaxLimPct'], unit: '%', write: { revert: '704:WMaxLimPctRvrtTms', revertTo: '704:WMaxLimPctRvrt' } }",
      9: "",
      10: "",
    },
    /:8 points\.power_limit\.write\.revertTo: 123:WMaxLimPct keeps no value for afterwards/,
  ],
  [
    "a heartbeat into a field that is only read",
    {
      6: "protocol: sunspec\nheartbeat: 802:SoC",
      8: "  power: { sunspec: ['802:W'], unit: W }",
      9: "",
      10: "",
    },
    /:7 heartbeat: 802:SoC is no field of gridwright's SunSpec tables that may be written$/,
  ],
  [
    "a SunSpec field that no table has",
    { 6: "protocol: sunspec", 8: "  power: { sunspec: ['103:Watts'], unit: W }", 9: "", 10: "" },
    /:8 points\.power: 103:Watts is not in gridwright's SunSpec tables; known models: 1, 101/,
  ],
];

test("mistakes of a profile, each with its place", () => {
  assert.ok(parseProfile({ name: "sample.yaml", text: profile({}) }).ok);
  for (const [sentence, replaced, then] of rows) {
    const parsed = parseProfile({ name: "sample.yaml", text: profile(replaced) });
    const found = parsed.ok
      ? []
      : parsed.mistakes.map((each) => `${each.file}:${each.line} ${each.path}: ${each.message}`);
    assert.match(found.join("\n"), new RegExp(then.source, "m"), sentence);
  }
});

test("a site's own profile replaces the one that came with gridwright; a broken one is left out", () => {
  const own = { name: "own.yaml", text: profile({ 2: "title: Own" }) };
  const broken = { name: "broken.yaml", text: "profile: sample\ntitle: Broken" };
  const { profiles, mistakes } = loadProfiles([{ name: "sample.yaml", text: profile({}) }, own, broken]);
  assert.equal(profiles.get("sample")?.title, "Own");
  assert.ok(mistakes.length > 0 && mistakes.every(({ file }) => file === "broken.yaml"));
});
