// Time as the host has it, for what must not be hurried: the line to the controller. In a trial the process's own timers run
// faster (flows/runtime/virtual-time.ts), and the real ones are kept here.

/** Under this name of globalThis. */
export const REAL_TIME = Symbol.for("gridwright.real-time");

export interface RealTime {
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
  readonly setInterval: typeof setInterval;
  readonly clearInterval: typeof clearInterval;
  /** How much faster all else is. */
  readonly pace: number;
}

export const realTime = (): RealTime =>
  (globalThis as { [REAL_TIME]?: RealTime })[REAL_TIME] ?? {
    ...{ setTimeout, clearTimeout, setInterval, clearInterval },
    pace: 1,
  };

/** Real ms between two looks at the controller that are `ms` apart otherwise: never so often that it is a flood. */
const LOOK_LEAST_MS = 200;
export const lookEvery = (ms: number): number => {
  const { pace } = realTime();
  return pace === 1 ? ms : Math.max(LOOK_LEAST_MS, ms / pace);
};
