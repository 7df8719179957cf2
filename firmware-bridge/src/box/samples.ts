// What a box says of its state and its measurements, as samples of its points. Pure. The estop point is latched as in the
// box; where measurement is lost, or was never fitted, that is said instead of a number.
import type { Sample } from "@gridwright/contract/ports.ts";
import type { AbsentReason } from "@gridwright/contract/reading.ts";
import { CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import type { Message } from "../protocol/messages.ts";

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;

export const FLAGS = { estop: 1, estopOpen: 2, shedding: 4, lost: 8, deadBus: 16 } as const;
const MEASURED = ["voltage", "current", "frequency", "apparent_power", "power", "energy_import"] as const;
const TEMPERATURE = "temperature";
const ALL = [...CHANNEL_NAMES, "estop", ...MEASURED, TEMPERATURE];

const COUNTS = 1_024;
/** So near to a rail the thermistor is shorted or broken off. */
const RAIL = 8;
const ZERO_CELSIUS_K = 273.15;
const ROOM_K = 298.15;

const measured = (absent: AbsentReason): Sample[] =>
  [...MEASURED, TEMPERATURE].map((point) => ({ point, absent }));

/** The temperature by the thermistor's B value in K; its 10 kΩ at 25 °C hang below 10 kΩ. */
export function ofThermistor(counts: number, beta: number | undefined): Sample {
  if (beta === undefined) return { point: TEMPERATURE, absent: "not-fitted" };
  if (counts < RAIL || counts > COUNTS - RAIL) return { point: TEMPERATURE, absent: "not-available" };
  const kelvins = 1 / (1 / ROOM_K + Math.log(counts / (COUNTS - counts)) / beta);
  return { point: TEMPERATURE, value: kelvins - ZERO_CELSIUS_K };
}

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

/** `beta`: the thermistor's, where one is fitted. */
export const ofMeasure = (said: Of<"measure">, beta?: number): readonly Sample[] => [
  { point: "voltage", value: said.voltage_cv / 100 },
  { point: "current", value: said.current_ma / 1_000 },
  { point: "frequency", value: said.frequency_mhz / 1_000 },
  { point: "apparent_power", value: said.apparent_va },
  { point: "power", value: said.power_w },
  { point: "energy_import", value: said.energy_wh },
  ofThermistor(said.thermistor, beta),
];

/** The box is gone: nothing of it is known. */
export const ofLoss = (): readonly Sample[] => ALL.map((point) => ({ point, absent: "device-lost" }));
