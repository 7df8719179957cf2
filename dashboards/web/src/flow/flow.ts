// The flow picture as data: which sources and sinks the site has, how much flows and which way. Pure; no site is named.
import type { ApiAsset, ApiSite } from "@gridwright/contract/api.ts";
import { type Measure, measured, sum, without } from "../live/measure.ts";
import { type Known, readingOf } from "../live/merge.ts";
import { BATTERY_POWER } from "../mood/mood.ts";

export type Role = "sun" | "grid" | "battery" | "diesel" | "homes" | "workshop";
/** `to`: towards the node; `from`: out of it. */
export type Direction = "to" | "from" | "still";

export interface FlowNode {
  readonly id: string;
  readonly role: Role;
  /** The asset's own name; undefined where the role has a word. */
  readonly name?: string;
  readonly power: Measure;
  readonly direction: Direction;
  /** Grid: it is there; diesel: it runs; undefined: not known or does not apply. */
  readonly there?: boolean;
  /** Battery: 0..1. */
  readonly soc?: Measure;
}

/** Less than this is drawn as nothing flowing. */
const STILL_W = 25;
const SINKS_MAX = 3;

function directionOf({ belief, value }: Measure, positive: "to" | "from"): Direction {
  if (belief === "none" || Math.abs(value) < STILL_W) return "still";
  if (value > 0) return positive;
  return positive === "to" ? "from" : "to";
}

const ofKind = ({ assets }: ApiSite, kind: string): readonly ApiAsset[] =>
  assets.filter((asset) => asset.kind === kind);

function flag(known: Known, asset: string, point: string): boolean | undefined {
  const { v } = readingOf(known, `${asset}/${point}`);
  return typeof v === "boolean" ? v : undefined;
}

function sunNode(known: Known): readonly FlowNode[] {
  const arrays = ofKind(known.site, "pv");
  if (arrays.length === 0) return [];
  const power = sum(arrays.map(({ id }) => measured(known, id, ["power"])));
  return [{ id: "sun", role: "sun", power, direction: directionOf(power, "from") }];
}

function gridNodes(known: Known): readonly FlowNode[] {
  return ofKind(known.site, "grid")
    .slice(0, 1)
    .map(({ id }) => {
      const power = measured(known, id, ["power", "grid_power"]);
      const there = flag(known, id, "grid_present");
      const direction = there === false ? "still" : directionOf(power, "from");
      return { id, role: "grid", power, direction, ...(there !== undefined && { there }) };
    });
}

function batteryNode(known: Known): readonly FlowNode[] {
  const batteries = ofKind(known.site, "battery");
  if (batteries.length === 0) return [];
  const power = sum(batteries.map(({ id }) => measured(known, id, BATTERY_POWER)));
  const socs = sum(batteries.map(({ id }) => measured(known, id, ["soc"])));
  const soc = { ...socs, value: socs.value / batteries.length };
  return [{ id: "battery", role: "battery", power, direction: directionOf(power, "from"), soc }];
}

function dieselNodes(known: Known): readonly FlowNode[] {
  return ofKind(known.site, "generator")
    .slice(0, 1)
    .map(({ id }) => {
      const power = measured(known, id, ["power"]);
      const there = flag(known, id, "running") ?? known.state.assets[id]?.on ?? undefined;
      const direction = there === true && power.belief === "none" ? "from" : directionOf(power, "from");
      return { id, role: "diesel", power, direction, ...(there !== undefined && { there }) };
    });
}

/** All assets below `id`, however deep. */
export function below(site: ApiSite, id: string): readonly ApiAsset[] {
  return site.assets
    .filter(({ parent }) => parent === id)
    .flatMap((child) => [child, ...below(site, child.id)]);
}

/** What a feeder carries: its own meter, else the sum of the loads below that are measured. */
function carried(known: Known, feeder: ApiAsset): Measure {
  const own = measured(known, feeder.id, ["power"]);
  if (feeder.points.includes("power")) return own;
  const loads = below(known.site, feeder.id).filter(
    ({ tier, points }) => tier !== undefined && points.includes("power"),
  );
  return sum(loads.map(({ id }) => measured(known, id, ["power"])));
}

function sinkNodes(known: Known): readonly FlowNode[] {
  const feeders = ofKind(known.site, "feeder");
  const total = (feeder: ApiAsset) => carried(known, feeder);
  if (feeders.length === 0 || feeders.length > SINKS_MAX) {
    const loads = known.site.assets.filter(
      ({ tier, points }) => tier !== undefined && points.includes("power"),
    );
    const tops = feeders.filter(({ parent }) => !feeders.some(({ id }) => id === parent));
    const power = sum(
      tops.length > 0 ? tops.map(total) : loads.map(({ id }) => measured(known, id, ["power"])),
    );
    return [{ id: "loads", role: "homes", power, direction: directionOf(power, "to") }];
  }
  return feeders.map((feeder) => {
    const inner = feeders.filter(({ parent }) => parent === feeder.id).map(total);
    const power = inner.length === 0 ? total(feeder) : without(total(feeder), sum(inner));
    const machines = below(known.site, feeder.id).some(({ kind }) => kind === "machine");
    const role = machines && inner.length === 0 ? "workshop" : "homes";
    return { id: feeder.id, role, name: feeder.name, power, direction: directionOf(power, "to") };
  });
}

/** Sources first, then sinks; a site without a kind has no node of it. */
export const flowOf = (known: Known): readonly FlowNode[] => [
  ...sunNode(known),
  ...gridNodes(known),
  ...batteryNode(known),
  ...dieselNodes(known),
  ...sinkNodes(known),
];
