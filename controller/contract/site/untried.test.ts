import assert from "node:assert/strict";
import { test } from "node:test";
import { Profile } from "../profile.ts";
import { compileSite } from "./compile.ts";
import { Site } from "./site.ts";
import { lockUntried } from "./untried.ts";

const relays = (tried: string) =>
  Profile.parse({
    ...{
      profile: "relays",
      title: "Made up",
      licence: "CC0-1.0",
      source: "this test",
      protocol: "modbus",
      tried,
    },
    points: {
      relay: { table: "coil", address: 7, type: "bool", write: { function: 5, fallback: "none" } },
    },
  });

const site = (flags: { readonly simulated?: true; readonly writesTried?: true }) => ({
  gridwright: 1,
  site: { id: "mill", name: "Mill", ...(flags.simulated && { simulated: true }) },
  links: { bus: { kind: "modbus-tcp", host: "10.0.0.9" } },
  devices: {
    board: { link: "bus", profile: "relays", ...(flags.writesTried && { writesTried: true }) },
  },
  assets: {
    saw: { kind: "load", name: "Saw", tier: 3, rating: "2 kVA", switch: "board/relay", onSilence: "off" },
  },
});

const rows: readonly [sentence: string, tried: string, flags: Parameters<typeof site>[0], locked: boolean][] =
  [
    ["only ever simulated: it is read, not written", "simulated", {}, true],
    ["a trial write on this device succeeded", "simulated", { writesTried: true }, false],
    ["the whole site is simulated", "simulated", { simulated: true }, false],
    ["the profile was tried on hardware", "hardware 2.14", {}, false],
    ["others report that it works", "reported", {}, false],
  ];

test("what was never tried is locked", () => {
  for (const [sentence, tried, flags, locked] of rows) {
    const compiled = compileSite(Site.parse(site(flags)), new Map([["relays", relays(tried)]]));
    assert.ok(compiled.ok, JSON.stringify(compiled));
    assert.equal(lockUntried(compiled.model).assets.saw?.actuator?.locked, locked, sentence);
  }
});
