// Works that must not overlap: each begins when the one before has ended, however that ended.
type InTurn = <T>(work: () => T | Promise<T>) => Promise<T>;

/** A queue of its own; what a work throws is its caller's, and holds up none of the others. */
export function inTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
