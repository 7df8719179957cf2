// The supply that a box measures, as its converter sees it: a wave of voltage and one of current, in counts of ten bits.

export const MIDDLE = 512;
export const VOLTS_PER_COUNT = 0.8;
export const AMPS_PER_COUNT = 0.2;

export interface Supply {
  volts: number;
  amps: number;
  hz: number;
  /** At the thermistor; none: its input is open. */
  celsius?: number;
  /** Readings that stand instead of the wave. */
  stuck?: number | undefined;
}

const THERMISTOR_B = 3_950;
const ZERO_CELSIUS_K = 273.15;
const ROOM_K = 298.15;
const FULL = 1_024;

/** 10 kΩ at 25 °C to ground, below 10 kΩ. */
function thermistorCounts({ celsius }: Supply): number {
  if (celsius === undefined) return FULL - 1;
  const ratio = Math.exp(THERMISTOR_B * (1 / (celsius + ZERO_CELSIUS_K) - 1 / ROOM_K));
  return Math.round((FULL * ratio) / (1 + ratio));
}

/**
 * What the converter reads of voltage (channel 0) and current (1), whose phase goes on when the frequency changes, and of the
 * thermistor (any other).
 */
export function createWave(supply: Supply) {
  let phase = 0.7;
  let last = 0;
  return (channel: number, seconds: number): number => {
    if (channel > 1) return thermistorCounts(supply);
    phase += 2 * Math.PI * supply.hz * Math.max(0, seconds - last);
    last = seconds;
    const peak = channel === 0 ? supply.volts / VOLTS_PER_COUNT : supply.amps / AMPS_PER_COUNT;
    const counts = Math.round(MIDDLE + Math.SQRT2 * peak * Math.sin(phase));
    return supply.stuck ?? Math.min(1023, Math.max(0, counts));
  };
}

export type Wave = ReturnType<typeof createWave>;
