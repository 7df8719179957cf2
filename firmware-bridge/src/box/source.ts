// Which of a box's tables holds in which grid mode. What is not known is guarded by voltage alone.
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { CODES } from "../protocol/codes.ts";

export const SOURCE_OF: Readonly<Record<GridMode, (typeof CODES)["source"][number]>> = {
  unknown: "unknown",
  "on-grid": "grid",
  "island-inverter": "inverter",
  "island-generator": "generator",
  "dead-bus": "unknown",
  returning: "inverter",
  retry: "inverter",
};
