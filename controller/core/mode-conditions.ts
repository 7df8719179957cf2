// What people must know of the grid mode: each mode that is not the site's usual one is told from its first tick to its
// last, which is how transitions come into journal and story; and that a person must come, where no try is left.
import type { Reason } from "@gridwright/contract/decision.ts";
import { elapsed, minutes, seconds } from "@gridwright/contract/units.ts";
import { batteryFigures } from "./battery.ts";
import { returnAfterOf } from "./mode-signs.ts";
import type { Condition } from "./step.ts";
import { reason, type Tick } from "./tick.ts";
import { flagOf } from "./view.ts";

/** Inverters try three times after a trip, 30 s apart, then stay off (Victron and others). */
const TRIES = 3;
/** A bus that is dead for so long does not come back by a retry. */
const DARK_LONG = minutes(3);
/** Charge above the cut-out that still counts as empty. */
const EMPTY_MARGIN = 0.01;
/** A controller that has just started knows nothing yet. */
const UNKNOWN_FOR = seconds(30);

/** The battery is empty or has switched itself off: it brings no bus back alone. */
export function batteryGone({ layout, state }: Pick<Tick, "layout" | "state">): "empty" | "open" | undefined {
  const { soc, forbidden, dischargeA } = batteryFigures(layout, state);
  const cutOut = Math.max(0, ...layout.batteries.map(({ spec }) => spec.socMin));
  if (soc !== undefined && soc <= cutOut + EMPTY_MARGIN) return "empty";
  return forbidden || dischargeA === 0 ? "open" : undefined;
}

/** Why a dead bus needs a person; undefined: it may still come back by itself. */
function personNeeded(tick: Tick): Reason | undefined {
  const { state, memory } = tick;
  const sinceMs = elapsed(memory.mode.since, state.now);
  const { trips } = memory.mode;
  const gone = batteryGone(tick);
  if (gone !== undefined) return reason(gone === "empty" ? "alarm-person-empty" : "alarm-person-bms");
  if (trips > TRIES) return reason("alarm-person-tripped", { count: trips });
  return sinceMs >= DARK_LONG ? reason("alarm-person-dark", { sinceMs }) : undefined;
}

function deadConditions(tick: Tick): Condition[] {
  const person = personNeeded(tick);
  return [
    { id: "dead-bus", severity: "critical", reason: reason("alarm-dead-bus") },
    ...(person === undefined
      ? []
      : [{ id: "dead-bus/person", severity: "critical" as const, reason: person }]),
  ];
}

function told(tick: Tick): Condition[] {
  const { mode, layout, memory, state } = tick;
  switch (mode) {
    case "dead-bus":
      return deadConditions(tick);
    case "retry":
      return [
        {
          id: "mode/retry",
          severity: "warning",
          reason: reason("alarm-mode-retry", { count: memory.mode.trips }),
        },
      ];
    case "returning":
      return [
        {
          id: "mode/returning",
          severity: "info",
          reason: reason("alarm-mode-returning", { holdMs: returnAfterOf(layout) }),
        },
      ];
    case "island-generator":
      return [{ id: "mode/generator", severity: "info", reason: reason("alarm-mode-generator") }];
    case "unknown":
      return elapsed(memory.startedAt, state.now) < UNKNOWN_FOR
        ? []
        : [{ id: "mode/unknown", severity: "warning", reason: reason("alarm-mode-unknown") }];
    case "on-grid":
    case "island-inverter":
      return [];
    default:
      return mode satisfies never;
  }
}

export function modeConditions(tick: Tick): readonly Condition[] {
  const { mode, layout, state } = tick;
  const gone = layout.grids.some(({ points }) => flagOf(state, points.grid_present) === false);
  const lost: Condition = { id: "grid-lost", severity: "warning", reason: reason("alarm-grid-lost") };
  return [...(gone && mode !== "on-grid" ? [lost] : []), ...told(tick)];
}
