// What a device reports of its output, in the words in which it is told.
import type { Setting } from "@gridwright/contract/decision.ts";
import type { Actuator } from "@gridwright/contract/site/model.ts";
import type { PlantState } from "./state.ts";

/** Devices that are told amperes may keep whole ones. */
const WHOLE_A = 0.5;

interface Reported {
  readonly reading: ReturnType<PlantState["points"]["get"]>;
  /** What it was told last, if anything. */
  readonly told: Setting | undefined;
}

/** Supply as the device reports it, or its limit, as told where it is rounded; undefined when it cannot be read. */
export function reportedSetting(actuator: Actuator, { reading, told }: Reported): Setting | undefined {
  if (reading?.quality !== "fresh") return undefined;
  const { kind, full } = actuator;
  if (kind === "switch") return { kind, on: Boolean(reading.value) !== actuator.inverted };
  const value = Number(reading.value);
  if (full === undefined) return { kind, share: value };
  const rounded = told?.kind === kind && Math.abs(value - told.share * full) <= WHOLE_A;
  return rounded ? told : { kind, share: value / full };
}
