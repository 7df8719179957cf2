// The plant at this moment, as the picture and its table say it: what gives, what takes, how much, which way, and what each load
// and machine does. Pure. Signs are the contract's: grid import, battery discharge, generation and consumption are positive.
import type { Reading } from "./frames.ts";
import { flag, type Measure, mean, NONE, type Present, sum } from "./measure.ts";
import { playing, type Role } from "./roles.ts";

export type Place = "sun" | "battery" | "grid" | "generator" | "loads" | "machines";
/** `in`: towards the node in the middle; `out`: away from it. */
export type Direction = "in" | "out" | "still";
export type Level = "fine" | "low" | "empty" | "high";

export interface Node {
  readonly place: Place;
  readonly power: Measure;
  readonly direction: Direction;
  readonly level: Level;
  /** Not measured but what the others give together. */
  readonly reckoned?: true;
  /** Grid: whether it is there; generator: whether it runs. */
  readonly there?: boolean;
  /** Battery: 0..1. */
  readonly charge?: Measure;
}

/** A load or machine; `on` is undefined where nothing switches it, or nobody knows. */
export interface Asset {
  readonly id: string;
  readonly power: Measure;
  readonly on: boolean | undefined;
}

export interface Plant {
  readonly nodes: readonly Node[];
  readonly loads: readonly Asset[];
  readonly machines: readonly Asset[];
  /** The newest of all values, ms since 1970. */
  readonly newest: number | undefined;
}

export interface Limits {
  /** Shares of charge below which the battery is low, and nearly empty. */
  readonly chargeLow: number;
  readonly chargeEmpty: number;
  /** W taken from or given to the grid, and W of all consumption, above which they are high; 0: no such limit. */
  readonly gridHigh: number;
  readonly loadsHigh: number;
}

export interface Seen {
  readonly readings: readonly Reading[];
  readonly roles: Readonly<Record<Role, string>>;
  readonly limits: Limits;
  readonly present: Present;
}

/** Less than this is drawn as nothing flowing. */
const STILL_W = 25;

function directionOf({ belief, value }: Measure): Direction {
  if (belief === "none" || Math.abs(value) < STILL_W) return "still";
  return value > 0 ? "in" : "out";
}
const TURNED = { in: "out", out: "in", still: "still" } as const;

const above = ({ belief, value }: Measure, limit: number): Level =>
  belief !== "none" && limit > 0 && Math.abs(value) > limit ? "high" : "fine";

function chargeLevel({ belief, value }: Measure, { chargeEmpty, chargeLow }: Limits): Level {
  if (belief === "none") return "fine";
  if (value < chargeEmpty) return "empty";
  return value < chargeLow ? "low" : "fine";
}

const of = ({ readings, roles }: Seen, role: Role): readonly Reading[] => playing(readings, roles[role]);

function sunNode(seen: Seen): readonly Node[] {
  const arrays = of(seen, "sun");
  const power = sum(arrays, seen.present);
  return arrays.length === 0 ? [] : [{ place: "sun", power, direction: directionOf(power), level: "fine" }];
}

function batteryNode(seen: Seen): readonly Node[] {
  const [powers, charges] = [of(seen, "battery"), of(seen, "charge")];
  if (powers.length + charges.length === 0) return [];
  const [power, charge] = [sum(powers, seen.present), mean(charges, seen.present)];
  const level = chargeLevel(charge, seen.limits);
  return [{ place: "battery", power, direction: directionOf(power), level, charge }];
}

function gridNode(seen: Seen): readonly Node[] {
  const [powers, presence] = [of(seen, "grid"), of(seen, "gridThere")];
  if (powers.length + presence.length === 0) return [];
  const power = sum(powers, seen.present);
  const there = flag(presence, seen.present);
  const direction = there === false ? "still" : directionOf(power);
  const level = there === false ? "fine" : above(power, seen.limits.gridHigh);
  return [{ place: "grid", power, direction, level, ...(there !== undefined && { there }) }];
}

function generatorNode(seen: Seen): readonly Node[] {
  const [powers, runs] = [of(seen, "generator"), of(seen, "generatorRuns")];
  if (powers.length + runs.length === 0) return [];
  const power = sum(powers, seen.present);
  const there = flag(runs, seen.present);
  const direction = there === true && power.belief === "none" ? "in" : directionOf(power);
  return [{ place: "generator", power, direction, level: "fine", ...(there !== undefined && { there }) }];
}

const idOf = ({ labels, name }: Reading): string => labels.asset ?? name;

function assetsOf(seen: Seen, role: "loads" | "machines", kinds: readonly string[]): readonly Asset[] {
  const powers = of(seen, role);
  const supply = of(seen, "supply");
  const known = new Set(powers.map(idOf));
  const switched = supply.filter(({ labels }) => kinds.includes(labels.kind ?? "")).map(idOf);
  return [...new Set([...known, ...switched])]
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((id) => ({
      id,
      power: sum(
        powers.filter((reading) => idOf(reading) === id),
        seen.present,
      ),
      on: flag(
        supply.filter((reading) => idOf(reading) === id),
        seen.present,
      ),
    }));
}

/** All that is taken: measured where the options name its meter; else what the sources give together, if all are known. */
function totalOf(seen: Seen, sources: readonly Node[]): Measure & { readonly reckoned?: true } {
  const measured = sum(of(seen, "total"), seen.present);
  if (measured.belief !== "none") return measured;
  const giving = sources.filter(({ there }) => there !== false);
  const isKnown = giving.length > 0 && giving.every(({ power }) => power.belief === "fresh");
  if (!isKnown) return NONE;
  const value = giving.reduce((watts, { power }) => watts + power.value, 0);
  return {
    belief: "fresh",
    value,
    t: Math.min(...giving.map(({ power }) => power.t ?? seen.present.now)),
    reckoned: true,
  };
}

/** Loads that are measured are not all loads. */
const atLeast = (measure: Measure): Measure =>
  measure.belief === "fresh" ? { ...measure, belief: "part" } : measure;

function takers(
  seen: Seen,
  sources: readonly Node[],
  ids: Pick<Plant, "loads" | "machines">,
): readonly Node[] {
  const measured = (role: "loads" | "machines") => sum(of(seen, role), seen.present);
  const machines = measured("machines");
  const { reckoned, ...total } = totalOf(seen, sources);
  const { value, belief } = total;
  const others = machines.belief === "none" ? value : Math.max(0, value - machines.value);
  const loads = belief === "none" ? atLeast(measured("loads")) : { ...total, value: others };
  const node = (place: "loads" | "machines", power: Measure): Node => ({
    ...{ place, power, direction: TURNED[directionOf(power)] },
    level: place === "loads" ? above(total, seen.limits.loadsHigh) : "fine",
    ...(place === "loads" && reckoned && { reckoned }),
  });
  return [
    ...(loads.belief === "none" && ids.loads.length === 0 ? [] : [node("loads", loads)]),
    ...(ids.machines.length === 0 ? [] : [node("machines", machines)]),
  ];
}

/** Sources first, then what takes; a plant without a part has no node of it. */
export function plantOf(seen: Seen): Plant {
  const sources = [...sunNode(seen), ...gridNode(seen), ...generatorNode(seen), ...batteryNode(seen)];
  const loads = assetsOf(seen, "loads", ["load", "ev"]);
  const machines = assetsOf(seen, "machines", ["machine"]);
  const times = seen.readings.map(({ t }) => t).filter((t) => t !== undefined);
  return {
    nodes: [...sources, ...takers(seen, sources, { loads, machines })],
    ...{ loads, machines },
    newest: times.length === 0 ? undefined : Math.max(...times),
  };
}
