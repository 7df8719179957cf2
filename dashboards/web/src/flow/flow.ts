// The flow picture as data: which sources and sinks the site has, how much flows and which way. Pure; no site is named.
import type { ApiAsset, ApiSite } from "@gridwright/contract/api.ts";
import { type Measure, measured, NONE, sum, without } from "../live/measure.ts";
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
  /** Not measured but what the sources give together. */
  readonly reckoned?: boolean;
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

/** All that is taken, on a site without feeders: its main meter, else the houses' meters and what hangs on none. */
function measuredLoads(known: Known): Measure {
  const { assets } = known.site;
  const powers = (some: readonly ApiAsset[]) => sum(some.map(({ id }) => measured(known, id, ["power"])));
  const meters = assets.filter(({ kind, points }) => kind === "meter" && points.includes("power"));
  const isTop = ({ parent }: ApiAsset) => !meters.some(({ id }) => id === parent);
  const main = powers(meters.filter((meter) => meter.member === undefined && isTop(meter)));
  if (main.belief !== "none") return main;
  const tops = meters.filter(isTop);
  const under = new Set(tops.flatMap(({ id }) => below(known.site, id).map((asset) => asset.id)));
  const metered = new Set(tops.map(({ member }) => member));
  const loads = assets.filter(
    ({ id, tier, points, member }) =>
      tier !== undefined &&
      points.includes("power") &&
      !under.has(id) &&
      !(member !== undefined && metered.has(member)),
  );
  return powers([...tops, ...loads]);
}

/** The one sink of a site, from what is measured; else what sun, grid, battery and diesel give together, if fresh. */
function allLoads(power: Measure, sources: readonly FlowNode[]): FlowNode {
  const node = { id: "loads", role: "homes" } as const;
  if (power.belief !== "none") return { ...node, power, direction: directionOf(power, "to") };
  const giving = sources.filter(
    ({ role, there }) => there !== false && !(role === "diesel" && there === undefined),
  );
  const given = sum(giving.map((source) => source.power));
  if (given.belief !== "fresh") return { ...node, power, direction: "still" };
  return { ...node, power: given, reckoned: true, direction: directionOf(given, "to") };
}

function sinkNodes(known: Known, sources: readonly FlowNode[]): readonly FlowNode[] {
  const feeders = ofKind(known.site, "feeder");
  const total = (feeder: ApiAsset) => carried(known, feeder);
  const tops = feeders.filter(({ parent }) => !feeders.some(({ id }) => id === parent));
  const whole = () => (tops.length > 0 ? sum(tops.map(total)) : measuredLoads(known));
  if (feeders.length === 0 || feeders.length > SINKS_MAX) return [allLoads(whole(), sources)];
  const sinks = feeders.map((feeder): FlowNode => {
    const inner = feeders.filter(({ parent }) => parent === feeder.id).map(total);
    const power = inner.length === 0 ? total(feeder) : without(total(feeder), sum(inner));
    const machines = below(known.site, feeder.id).some(({ kind }) => kind === "machine");
    const role = machines && inner.length === 0 ? "workshop" : "homes";
    return { id: feeder.id, role, name: feeder.name, power, direction: directionOf(power, "to") };
  });
  const [only, ...others] = sinks;
  if (only?.power.belief !== "none" || others.length > 0) return sinks;
  return [{ ...only, ...allLoads(NONE, sources), id: only.id, role: only.role }];
}

/** Sources first, then sinks; a site without a kind has no node of it. */
export function flowOf(known: Known): readonly FlowNode[] {
  const sources = [...sunNode(known), ...gridNodes(known), ...batteryNode(known), ...dieselNodes(known)];
  return [...sources, ...sinkNodes(known, sources)];
}
