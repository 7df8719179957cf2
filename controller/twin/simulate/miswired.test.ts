import assert from "node:assert/strict";
import { it } from "node:test";
import type { Sample } from "@gridwright/contract/ports.ts";
import { village } from "../testing/village.ts";
import { Liar } from "./liar.ts";
import { metersOf, twinOf } from "./miswired.ts";
import type { WiringMode } from "./trouble.ts";

const TRUTH: readonly Sample[] = [
  { point: "power_l1", value: 410 },
  { point: "power_l2", value: 530 },
  { point: "power_l3", value: 690 },
  { point: "current_l2", value: 2.4 },
  { point: "current_l3", value: 3.1 },
  { point: "voltage_l1", value: 229 },
  { point: "energy_import", value: 71_000 },
  { point: "energy_export", value: 13 },
  { point: "power_l1", absent: "not-available" },
];
const NEIGHBOUR: readonly Sample[] = [{ point: "power_l1", value: 77 }];

const said = (mode: WiringMode): readonly string[] => {
  const liar = new Liar("meter", { seed: 5, modes: [mode], neighbour: () => NEIGHBOUR });
  liar.mode = mode;
  return liar
    .says("meter:fast", 9_000, TRUTH)
    .map((sample) => `${sample.point} ${"value" in sample ? sample.value : "absent"}`);
};

//  wiring                                 what it says
const TABLE: readonly (readonly [string, WiringMode, readonly string[]])[] = [
  [
    "a clamp turned round turns flows and changes counters, and voltage and what is absent stay",
    "backwards",
    [
      ...["power_l1 -410", "power_l2 -530", "power_l3 -690", "current_l2 2.4", "current_l3 3.1"],
      ...["voltage_l1 229", "energy_import 13", "energy_export 71000", "power_l1 absent"],
    ],
  ],
  [
    "clamps on each other's phase exchange flows, not voltages",
    "phase-swapped",
    [
      ...["power_l1 530", "power_l2 690", "power_l3 410", "current_l2 3.1", "current_l3 3.1"],
      ...["voltage_l1 229", "energy_import 71000", "energy_export 13", "power_l1 530"],
    ],
  ],
  ["with another's address it says what that one says", "misaddressed", ["power_l1 77"]],
];
for (const [name, mode, expected] of TABLE) it(name, () => assert.deepEqual(said(mode), expected));

it("meters are wired wrongly, not what is switched; the other address is one of its make", () => {
  const model = village();
  const meters = metersOf(model);
  assert.ok(
    meters.includes("main-meter") && meters.includes("house-3-meter") && meters.includes("gx-system"),
  );
  assert.ok(!meters.some((id) => id.includes("relays") || id.endsWith("-plug") || id.startsWith("pv-")));
  assert.equal(twinOf(model, "house-3-meter"), "house-4-meter");
  assert.equal(twinOf(model, "gx-tank"), undefined);
});
