// What is worked out once for an object and kept as long as that object lives: tables of a site model, figures of one
// tick. Only for what follows from the object alone; it makes nothing faster that is asked for once.

/** `build`, but once for each object; `beside` names the part of its argument by which the result is kept. */
export function keptBeside<From extends object, Result extends NonNullable<unknown>>(
  build: (from: From) => Result,
  beside: (from: From) => object = (from) => from,
): (from: From) => Result {
  const known = new WeakMap<object, Result>();
  return (from) => {
    const key = beside(from);
    const ready = known.get(key);
    if (ready !== undefined) return ready;
    const made = build(from);
    known.set(key, made);
    return made;
  };
}
