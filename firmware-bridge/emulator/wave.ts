// The supply that a box measures, as its converter sees it: a wave of voltage and one of current, in counts of ten bits.

export const MIDDLE = 512;
export const VOLTS_PER_COUNT = 0.8;
export const AMPS_PER_COUNT = 0.2;

export interface Supply {
  volts: number;
  amps: number;
  hz: number;
  /** Readings that stand instead of the wave. */
  stuck?: number | undefined;
}

/** What the converter reads of voltage and current, whose phase goes on when the frequency changes. */
export function createWave(supply: Supply) {
  let phase = 0.7;
  let last = 0;
  return (channel: number, seconds: number): number => {
    phase += 2 * Math.PI * supply.hz * Math.max(0, seconds - last);
    last = seconds;
    const peak = channel === 0 ? supply.volts / VOLTS_PER_COUNT : supply.amps / AMPS_PER_COUNT;
    const counts = Math.round(MIDDLE + Math.SQRT2 * peak * Math.sin(phase));
    return supply.stuck ?? Math.min(1023, Math.max(0, counts));
  };
}

export type Wave = ReturnType<typeof createWave>;
