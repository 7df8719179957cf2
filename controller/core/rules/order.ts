// The safety case: rules in order of authority. Reading from the top says what wins over what. Each name is also the
// name that decisions, status and the journal carry (contract/decision.ts, the same order).
import type { Rule } from "../tick.ts";
import { allowance } from "./allowance.ts";
import { batteries } from "./batteries.ts";
import { batteryLimits } from "./battery-limits.ts";
import { blackStart } from "./black-start.ts";
import { deviceLimits } from "./device-limits.ts";
import { emergencyStop } from "./emergency-stop.ts";
import { exportLimit } from "./export-limit.ts";
import { generator } from "./generator.ts";
import { importLimit } from "./import-limit.ts";
import { inputLimit } from "./input-limit.ts";
import { ladder } from "./ladder.ts";
import { limits } from "./limits.ts";
import { loadRejection } from "./load-rejection.ts";
import { manualHold } from "./manual-hold.ts";
import { otherwise } from "./otherwise.ts";
import { overload } from "./overload.ts";
import { permits } from "./permits.ts";
import { requests } from "./requests.ts";
import { restoration } from "./restoration.ts";
import { signals } from "./signals.ts";
import { sourceLimits } from "./source-limits.ts";
import { startUp } from "./start-up.ts";
import { surplus } from "./surplus.ts";

export const RULES: readonly Rule[] = [
  manualHold, // what a person holds off stays off; what is in Hand is left alone
  emergencyStop, // below a pressed stop nothing has supply
  startUp, // after a restart nothing moves …
  blackStart, // … but for what a dead bus needs to live again,
  deviceLimits, // to protect breakers,
  batteryLimits, // the battery,
  overload, // the inverter,
  sourceLimits, // a source that sags,
  loadRejection, // and battery and inverter from the sun
  exportLimit, // the grid from what was not agreed to flow,
  importLimit, // nor to be taken
  inputLimit, // and no source gives more than it bears while the battery can
  ladder, // then the charge is shared as the community declared
  generator, // and sets are started for it, and spared
  allowance, // a house keeps within its day and its limit
  requests, // then people may wish
  batteries, // then batteries share what is left to give and take
  surplus, // what waits for sun that nobody needs runs on it
  permits, // machines of the queue wait for their job
  restoration, // then what was off comes back, one at a time
  signals, // people are warned
  otherwise, // and all else is as it always is,
  limits, // or less, where that was asked for: this one only tightens
];
