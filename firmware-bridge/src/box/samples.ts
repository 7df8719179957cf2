// What a box says of its state and its measurements, as samples of its points. Pure. The estop point is latched as in the
// box; where measurement is lost, or was never fitted, that is said instead of a number.
import type { Sample } from "@gridwright/contract/ports.ts";
import type { AbsentReason } from "@gridwright/contract/reading.ts";
import { CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import type { Message } from "../protocol/messages.ts";

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;

export const FLAGS = { estop: 1, estopOpen: 2, shedding: 4, lost: 8, deadBus: 16 } as const;
const MEASURED = ["voltage", "current", "frequency", "apparent_power", "power", "energy_import"] as const;
const ALL = [...CHANNEL_NAMES, "estop", ...MEASURED];

const measured = (absent: AbsentReason): Sample[] => MEASURED.map((point) => ({ point, absent }));

/** Coils, emergency stop, and that nothing is measured where nothing is. */
export function ofState({ outputs, flags }: Of<"state">, measures: boolean): readonly Sample[] {
  const coils = CHANNEL_NAMES.map(
    (point, place): Sample => ({ point, value: (outputs & (1 << place)) !== 0 }),
  );
  const blind = (flags & FLAGS.lost) !== 0;
  return [
    ...coils,
    { point: "estop", value: (flags & (FLAGS.estop | FLAGS.estopOpen)) !== 0 },
    ...(measures ? (blind ? measured("not-available") : []) : measured("not-fitted")),
  ];
}

export const ofMeasure = (said: Of<"measure">): readonly Sample[] => [
  { point: "voltage", value: said.voltage_cv / 100 },
  { point: "current", value: said.current_ma / 1_000 },
  { point: "frequency", value: said.frequency_mhz / 1_000 },
  { point: "apparent_power", value: said.apparent_va },
  { point: "power", value: said.power_w },
  { point: "energy_import", value: said.energy_wh },
];

/** The box is gone: nothing of it is known. */
export const ofLoss = (): readonly Sample[] => ALL.map((point) => ({ point, absent: "device-lost" }));
