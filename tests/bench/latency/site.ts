// The site of the latency measurement: an inverter, a fast meter in front of the village, and a relay board with loads
// on one phase. Its settings make loads come back at once, so that one trial follows the other; nothing else is unusual.
import { writeFileSync } from "node:fs";

/** VA of one phase of the inverter. */
export const PHASE_VA = 3_000;
/** One load is a little more than what a step is too much. */
const LOAD_VA = 1_800;
export const LOADS = 15;
const PHASES = ["L1", "L2", "L3"];

export interface Ports {
  readonly inverter: number;
  readonly meter: number;
  readonly relays: number;
  readonly broker: number;
}

const link = (kind: string, port: number) => ({
  kind,
  host: "127.0.0.1",
  port,
  timeout: "200 ms",
  ...(kind === "modbus-rtu-tcp" && { baud: 38_400 }),
});

const load = (number: number) => ({
  kind: "load",
  name: `Heater ${number}`,
  parent: "village",
  phases: ["L1"],
  tier: 4,
  rating: `${LOAD_VA} VA`,
  switch: { point: `relays/relay_${number}`, contact: "normally-closed" },
  onSilence: "on",
  startFactor: 1,
});

const mains = {
  inverter: {
    kind: "inverter",
    name: "Inverter",
    phases: PHASES,
    rating: `${3 * PHASE_VA} VA`,
    // A patient inverter: some hundred short overloads in a row must not use its budget up.
    overload: [
      { load: "110 %", for: "10 min" },
      { load: "200 %", for: "5 min" },
    ],
    measure: "inverter",
  },
  village: { kind: "feeder", name: "Village", parent: "inverter", phases: PHASES, measure: "meter" },
};

const control = {
  startHold: "1 s",
  restoreInterval: "100 ms",
  restoreMargin: 1,
  switchingsPerHour: 60,
  overrideFor: "1 s",
};

/** Writes the site file; JSON is YAML too. */
export function writeSite(file: string, ports: Ports): void {
  const site = {
    gridwright: 1,
    site: { id: "bench", name: "Bench", simulated: true },
    links: {
      inverter: link("modbus-tcp", ports.inverter),
      meter: link("modbus-rtu-tcp", ports.meter),
      relays: link("modbus-tcp", ports.relays),
    },
    devices: {
      inverter: { link: "inverter", unit: 227, profile: "victron-gx-vebus" },
      meter: { link: "meter", unit: 1, profile: "eastron-sdm630", fast: "200 ms" },
      relays: { link: "relays", unit: 1, profile: "waveshare-relay-16" },
    },
    assets: {
      ...mains,
      ...Object.fromEntries(
        Array.from({ length: LOADS }, (_, index) => [`load-${index + 1}`, load(index + 1)]),
      ),
    },
    control,
    broker: { port: ports.broker },
  };
  writeFileSync(file, JSON.stringify(site, null, 2));
}
