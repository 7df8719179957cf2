// What belongs to a SunSpec control: the switch that arms it, the device's own timer, and what acts after that. It is a
// fact of the model, not of a device: a profile that tries several models gets the right one with each.

/** References of the fields beside a control. */
export interface SunspecControl {
  /** 1 while the control acts. */
  readonly enable?: string | undefined;
  /** The bits of that switch that are this control's; none: it is a switch of its own. */
  readonly mask?: number | undefined;
  /** Seconds until the device falls back by itself. */
  readonly revert?: string | undefined;
  /** The value that acts after the timer. */
  readonly revertTo?: string | undefined;
  /** Whether anything acts after the timer: 0 no, 1 that value. */
  readonly enableAfter?: string | undefined;
  /** Where 0 says that the value is a share and not W. */
  readonly mode?: string | undefined;
}

/** Model 124: StorCtl_Mod says which of the two rates acts; they share one timer. */
const CHARGE = 1;
const DISCHARGE = 2;

export const CONTROLS: Readonly<Record<string, SunspecControl>> = {
  "124:InWRte": { enable: "124:StorCtl_Mod", mask: CHARGE, revert: "124:InOutWRte_RvrtTms" },
  "124:OutWRte": { enable: "124:StorCtl_Mod", mask: DISCHARGE, revert: "124:InOutWRte_RvrtTms" },
  "123:WMaxLimPct": { enable: "123:WMaxLim_Ena", revert: "123:WMaxLimPct_RvrtTms" },
  "704:WMaxLimPct": {
    enable: "704:WMaxLimPctEna",
    revert: "704:WMaxLimPctRvrtTms",
    revertTo: "704:WMaxLimPctRvrt",
    enableAfter: "704:WMaxLimPctEnaRvrt",
  },
  "704:WSetPct": {
    enable: "704:WSetEna",
    revert: "704:WSetRvrtTms",
    revertTo: "704:WSetPctRvrt",
    enableAfter: "704:WSetEnaRvrt",
    mode: "704:WSetMod",
  },
};
