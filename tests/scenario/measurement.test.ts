import { describe, it } from "node:test";
import { type Disturbed, disturbed } from "./measurement.ts";

const FAULTS: readonly (readonly [sentence: string, Disturbed])[] = [
  [
    "the main meter dies",
    { fault: { kind: "device-dead", device: "main-meter" }, told: "device-lost/main-meter" },
  ],
  [
    "the main meter stands still",
    { fault: { kind: "device-stuck", device: "main-meter" }, told: "reading-stuck/main-meter" },
  ],
  [
    "the main meter counts tenfold",
    {
      fault: { kind: "device-wrong", device: "main-meter", factor: 10 },
      told: "reading-contradicted/main-meter",
    },
  ],
  [
    "the main meter says anything",
    { fault: { kind: "device-wrong", device: "main-meter" }, told: "reading-contradicted/main-meter" },
  ],
  [
    "the inverter's meter stands still",
    { fault: { kind: "device-stuck", device: "gx-inverter" }, told: "reading-stuck/gx-inverter" },
  ],
  [
    "the inverter's meter says anything",
    { fault: { kind: "device-wrong", device: "gx-inverter" }, told: "reading-contradicted/gx-inverter" },
  ],
  [
    "the gateway freezes while its socket answers",
    { fault: { kind: "device-stuck", device: "gx-system" }, told: "reading-frozen-clock/gx-battery" },
  ],
  [
    "the battery's monitor says anything",
    { fault: { kind: "device-wrong", device: "gx-battery" }, told: "reading-contradicted/gx-battery" },
  ],
  ["the gateway's line is cut", { fault: { kind: "link-cut", link: "gx" }, told: "device-lost/gx-inverter" }],
  ["the battery's management is lost", { fault: { kind: "bms-lost" }, told: "battery-lost/battery" }],
];

describe("one fault of what the village is measured by", () => {
  for (const [sentence, options] of FAULTS) it(sentence, () => disturbed(options));
});
