import assert from "node:assert/strict";
import { test } from "node:test";
import { Profile } from "../profile.ts";
import { compileSite } from "./compile.ts";
import { Site } from "./site.ts";

const roof = (name: string, reference: string, revertTo?: string): Profile =>
  Profile.parse({
    ...{ profile: name, title: "Roof", licence: "CC0-1.0", source: "made for this test", tried: "simulated" },
    protocol: "sunspec",
    points: {
      power_limit: {
        ...{ sunspec: [reference], unit: "%" },
        write: { revert: "704:WMaxLimPctRvrtTms", ...(revertTo !== undefined && { revertTo }) },
      },
    },
  });
const profiles = new Map([
  ["plain", roof("plain", "123:WMaxLimPct")],
  ["keeps", roof("keeps", "704:WMaxLimPct", "704:WMaxLimPctRvrt")],
]);

const compile = (profile: string, sun: object) =>
  compileSite(
    Site.parse({
      gridwright: 1,
      site: { id: "test", name: "Test site" },
      links: { wire: { kind: "modbus-tcp", host: "127.0.0.1" } },
      devices: { roof: { link: "wire", unit: 9, profile } },
      assets: { sun: { kind: "pv", name: "Sun", rating: "7 kW", onSilence: "40 %", ...sun } },
    }),
    profiles,
  );

test("what an array limits itself to must be kept by its device", () => {
  const rows: readonly (readonly [sentence: string, profile: string, sun: object, then: RegExp])[] = [
    [
      "a limit of 123 merely ends",
      "plain",
      { limit: "roof/power_limit" },
      /device "roof" keeps no value of its own .* profile sunspec-der/,
    ],
    ["an array without a limit", "keeps", {}, /^needs limit: /],
  ];
  for (const [sentence, profile, sun, then] of rows) {
    const compiled = compile(profile, sun);
    assert.ok(!compiled.ok, sentence);
    const [mistake] = compiled.mistakes;
    assert.deepEqual(mistake?.path, ["assets", "sun", "onSilence"], sentence);
    assert.match(mistake.message, then, sentence);
  }
});

test("the device that keeps it is told it with each command", () => {
  const compiled = compile("keeps", { limit: "roof/power_limit" });
  assert.ok(compiled.ok);
  assert.equal(compiled.model.assets.sun?.actuator?.silentShare, 0.4);
});
