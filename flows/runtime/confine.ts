// Takes away from the process what Node's permission model leaves: signals to other processes, and the line to the
// supervisor. Code of a flow that gets out of Node-RED's sandbox finds neither; files, programs and workers are refused by
// the permission model itself. Must run before any flow does.

export interface Kept {
  /** True while the permission model is on, as it must be. */
  readonly confined: boolean;
}

const GONE = [
  "kill",
  "_kill",
  "send",
  "disconnect",
  "channel",
  "_debugProcess",
  "_startProfilerIdleNotifier",
] as const;

interface Permission {
  has(scope: string): boolean;
}

const refuse = (): never => {
  throw new Error("that is not allowed here");
};

export function confine(of: NodeJS.Process): Kept {
  for (const name of GONE)
    Object.defineProperty(of, name, {
      value: refuse,
      writable: false,
      configurable: false,
      enumerable: false,
    });
  const { permission } = of as NodeJS.Process & { readonly permission?: Permission };
  return { confined: permission !== undefined && !permission.has("child") && !permission.has("worker") };
}
