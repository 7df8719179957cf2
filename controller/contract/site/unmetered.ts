// Nodes of the tree whose own meter shows more than their branches can: not every branch has one. What is left is a point
// of the node, `unmetered`, and comes from no device; its source has a name that no device can have.
import { parsePointName } from "../points.ts";
import { millis } from "../units.ts";
import type { AssetModel, Source } from "./model.ts";

const POINT = "unmetered";
/** Flows that a meter of a node shows. */
const FLOWS: ReadonlySet<string> = new Set([
  "power",
  "apparent_power",
  "current",
  "grid_power",
  "load_power",
]);

type Points = AssetModel["points"];

const isMetered = (points: Points): boolean =>
  Object.keys(points).some((point) => FLOWS.has(parsePointName(point)?.base ?? ""));

/** The device that a node's unmetered part seems to come from. */
export const unmeteredDevice = (node: string): string => `~${node}`;

export interface Branching {
  readonly id: string;
  readonly points: Points;
  /** Points of each branch. */
  readonly branches: readonly Points[];
}

/** The source of what is unmetered below a node; undefined: it has no meter, or every branch has one. */
export function unmeteredSource({ id, points, branches }: Branching): [string, Source] | undefined {
  const name = parsePointName(POINT);
  const some = branches.length > 0 && !branches.every(isMetered);
  if (!some || !isMetered(points) || name === undefined) return undefined;
  const device = unmeteredDevice(id);
  const source: Source = {
    ...{ device, point: POINT, name, group: `${device}:normal` },
    periodMs: millis(1_000),
  };
  return [`${device}/${POINT}`, source];
}
