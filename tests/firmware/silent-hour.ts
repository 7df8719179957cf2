// Two boxes on one RS485 line whose controller is stopped: a feeder box that pulls the shed line and a load box that follows
// it. Overloads, a sag and a dead bus come and go; afterwards another controller reads what was done. Told at any length.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { EmulatedBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { createBridged, siteOf } from "./bridged.ts";
import { createControlled } from "./controlled.ts";

const LOW = 0;
const SHED_LINE_IN = 1;

export interface SilentHour {
  /** How long the controller is away. */
  readonly lengthMs: number;
  /** Supply in order for so long before anything closes, and between two tiers; s. */
  readonly quietS: number;
  readonly staggerS: number;
}

const siteFor = ({ quietS, staggerS }: SilentHour) =>
  siteOf([
    "links: { line: { kind: box, device: /dev/serial/by-id/usb-rs485 } }",
    "devices:",
    `  feeder: { link: line, profile: gridwright-box, unit: 2, box: { duty: feeder, measures: {}, rating: 20 A, quiet: ${quietS} s } }`,
    `  loads: { link: line, profile: gridwright-box, unit: 5, box: { measures: {}, quiet: ${quietS} s, stagger: ${staggerS} s } }`,
    "assets:",
    "  lamps: { kind: load, name: Lamps, tier: 0, rating: 200 VA, switch: loads/relay_1, onSilence: on }",
    "  fridge: { kind: load, name: Fridge, tier: 1, rating: 400 VA, switch: loads/relay_2, onSilence: on }",
    "  pump: { kind: load, name: Pump, tier: 3, rating: 900 VA, switch: loads/relay_3, onSilence: on }",
    "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: loads/relay_4, onSilence: off }",
    "control: { startHold: 1 s, restoreInterval: 1 s, lease: 15 min }",
  ]);

const NORMAL = { volts: 231, amps: 9 };

/** What befalls the supply, at parts of the time, and for how long; ms. */
const TROUBLES = [
  { at: 0.08, forMs: 400, supply: { amps: 41 }, what: "overload" },
  { at: 0.36, forMs: 300, supply: { volts: 172 }, what: "sag" },
  { at: 0.64, forMs: 500, supply: { volts: 4, amps: 0 }, what: "dead bus" },
] as const;

export interface Told {
  /** Pins of the load box's channels, as they stood just after each trouble and before the next. */
  readonly after: readonly string[];
  readonly healed: readonly string[];
  /** What the boxes did by themselves, as the second controller tells it. */
  readonly own: readonly Decision[];
  readonly stoppedAt: number;
  readonly endedAt: number;
  /** Alarms of the boxes themselves. */
  readonly alarms: readonly string[];
}

function shedLine(box: (id: string) => EmulatedBox): void {
  box("loads").chip().b.setPin(SHED_LINE_IN, !box("feeder").linePulled());
}

/** Stops a controller that ran, lets the time pass, and reads what another one tells. */
export async function tellSilentHour(hour: SilentHour): Promise<Told> {
  const model = siteFor(hour);
  const jumpers = { feeder: { address: 2, shared: true }, loads: { address: 5, shared: true } } as const;
  const supplies = { feeder: { ...NORMAL, hz: 50 }, loads: { ...NORMAL, hz: 50 } };
  const bridged = createBridged({ model, jumpers, supplies, wires: shedLine });
  const first = createControlled(model, bridged);
  await first.run((hour.quietS + 5 * hour.staggerS + 3) * 1_000);
  const journal = first.stop();
  await bridged.stop();
  const stoppedAt = bridged.clock.wall();
  const pins = (): string => [0, 1, 2, 3].map((place) => bridged.emulated("loads").pin(place)).join("");
  const [after, healed]: [string[], string[]] = [[], []];
  for (const { at, forMs, supply } of TROUBLES) {
    bridged.alone(stoppedAt + at * hour.lengthMs - bridged.clock.wall());
    healed.push(pins());
    for (const box of Object.values(supplies)) Object.assign(box, supply);
    bridged.alone(forMs);
    after.push(pins());
    for (const box of Object.values(supplies)) Object.assign(box, NORMAL);
  }
  bridged.alone(stoppedAt + hour.lengthMs - bridged.clock.wall());
  healed.push(pins());
  const endedAt = bridged.clock.wall();
  const { restored } = createControlled(model, bridged, journal);
  bridged.begin(restored.until);
  const second = createControlled(model, bridged, journal);
  await second.run(6_000);
  const alarms = second.records.flatMap((record) =>
    record.k === "alarm" && record.alarm.id.startsWith("box-")
      ? [`${record.event} ${record.alarm.reason.code}`]
      : [],
  );
  const own = second.decisions().filter(({ rule }) => rule === "box");
  return { after, healed, own, stoppedAt, endedAt, alarms };
}

/** A pin that gives no supply. */
export const isDark = (pins: string): boolean => [...pins].every((pin) => Number(pin) === LOW);
