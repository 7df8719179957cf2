// One hard hour of the village, always the same: an island by night, every stove on, the workshop at full work, cold
// tanks, the grid's return, a battery that falls silent, somebody who holds and somebody who envies.
import type { Request } from "@gridwright/contract/request.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import type { LiveOptions } from "./live-village.ts";
import { villageWithSwitchedTierZero } from "./seeded-days.ts";

export const MODEL = villageWithSwitchedTierZero();
const MINUTES = 50;

const ask = (id: string, role: Request["role"], body: Request["body"]): Request => ({
  id: `request-${id}`,
  issuer: "house-2",
  role,
  seq: 3,
  ttlMs: 400_000,
  body,
});
const REQUESTS: ReadonlyMap<number, readonly Request[]> = new Map([
  [130, [ask("hold-pump", "technician", { kind: "hold", asset: "pump", why: "it leaks" })]],
  [140, [ask("envy", "member", { kind: "switch", asset: "house-5-sockets", on: false, why: "envy" })]],
]);

/** The night, beginning with a charge of `soc` per cent. */
export const hardNight = (soc: number): Omit<LiveOptions, "watch"> => ({
  model: MODEL,
  seed: 11,
  start: Date.UTC(2026, 0, 14, 20),
  hours: MINUTES / 60,
  ask: (second) => REQUESTS.get(second) ?? [],
  scenario: {
    ...Scenario.parse({
      scenario: "hard-night",
      battery: { soc: `${soc} %`, temperature: "14 °C" },
      grid: { inputLimit: "6 A", charge: "1.5 kW" },
      events: [
        { at: "0 s", for: "22 min", fault: { kind: "grid-lost" } },
        { at: "1 min", for: "40 min", drain: { loads: ["*-heater"], to: 0.2 } },
        { at: "4 min", for: "3 min", demand: { loads: ["*-sockets"], share: 0.95 } },
        { at: "4 min", for: "3 min", demand: { loads: ["saw", "compressor", "laser"], share: 0.9 } },
        { at: "30 min", for: "5 min", fault: { kind: "bms-lost" } },
      ],
    }),
    habits: villageDay().habits,
  },
});
