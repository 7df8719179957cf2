// A made-up meter of forty points in one block, for measurements of many devices.
import type { TextFile } from "@gridwright/protocols/documents/site-file.ts";

const PHASED: Readonly<Record<string, string>> = {
  ...{ power: "W", grid_power: "W", pv_power: "W", pv_dc_power: "W", load_power: "W", battery_power: "W" },
  ...{ voltage: "V", current: "A", apparent_power: "VA" },
};
const units: readonly (readonly [name: string, unit: string, scale: number])[] = [
  ...Object.entries(PHASED).flatMap(([base, unit]) =>
    ["", "_l1", "_l2", "_l3"].map((phase) => [base + phase, unit, unit === "A" ? 0.1 : 1] as const),
  ),
  ...[["frequency", "Hz", 0.2] as const, ["energy_import", "Wh", 1] as const],
  ...[["energy_export", "Wh", 1] as const, ["energy_generated", "Wh", 1] as const],
];
const points = units.map(
  ([name, unit, scale], index) =>
    `  ${name}: { table: input, address: ${index * 2}, type: int32, unit: ${unit}, scale: ${scale} }`,
);

/** Its profile; every register pair reads as a count of some 230 V, 230 W, 23 A, 46 Hz. */
export const FORTY_POINTS: TextFile = {
  name: "forty-points.yaml",
  text: [
    "profile: forty-points",
    "title: A meter of forty points",
    "licence: CC0-1.0",
    "source: none",
    "tried: reported",
    "protocol: modbus",
    "points:",
    ...points,
    "",
  ].join("\n"),
};
