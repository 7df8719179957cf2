// One phase of the plant's AC bus as the physics sees it, and the two constants everybody shares.
import type { PhaseName } from "@gridwright/contract/points.ts";

/** Physics advances by this much, whatever the caller's step. */
export const SUBSTEP_MS = 200;
export const NOMINAL_V = 230;

/** One phase of the plant's AC bus; powers in W and var, now. */
export interface PhaseState {
  readonly name: PhaseName;
  loadW: number;
  loadVar: number;
  pvW: number;
  /** From grid or generator; import positive. */
  acInW: number;
  /** What the inverter itself gives; discharge positive. */
  inverterW: number;
  inverterVa: number;
  /** Share of the inverter's overload time that is used. */
  heat: number;
  warning: boolean;
  voltage: number;
}
