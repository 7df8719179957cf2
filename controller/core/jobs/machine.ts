// How a machine stands, from what flows into it, and its true use: running time and starts, by which care is due. A status
// input wins over power; what cannot be read is unknown and changes nothing.

import type { Reason } from "@gridwright/contract/decision.ts";
import type { MachineCare, MachineState } from "@gridwright/contract/jobs.ts";
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { type Epoch, seconds } from "@gridwright/contract/units.ts";

/** One look at a machine. */
export interface MachineSeen {
  /** W; null: not fresh. */
  readonly powerW: number | null;
  /** Its counter, Wh; null: none, or not fresh. */
  readonly counterWh: number | null;
  /** What its status input says; null: it has none. */
  readonly running: boolean | null;
  /** It has supply; null: not known, or it cannot be switched. */
  readonly supply: boolean | null;
  /** Why the controller gives it none; null: it does. */
  readonly locked: Reason | null;
}

/** What is remembered of a machine. */
export interface Use {
  readonly state: MachineState;
  readonly since: Epoch;
  /** Since when it takes more than its rating. */
  readonly overSince: Epoch | null;
  readonly counterWh: number | null;
  readonly runMs: number;
  readonly starts: number;
  /** Running time and starts at the last care, by its name. */
  readonly cared: Readonly<Record<string, { readonly runMs: number; readonly starts: number }>>;
}

const WORKS_SHARE = 0.1;
/** Below these parts of where it works it stands idle, then by with its control alone, then off. */
const IDLE_FROM = 0.3;
const STANDBY_FROM = 0.02;
/** A machine that works is believed to stop only clearly below where it works. */
const HYSTERESIS = 0.8;
const OVERLOAD = 1.15;
/** An inrush is no overload. */
const OVERLOAD_AFTER = seconds(5);
/** A gap between two looks counts at most so long as use. */
const GAP_MAX = seconds(180);

export const unused = (now: Epoch): Use => ({
  ...{ state: "unknown", since: now, overSince: null, counterWh: null, runMs: 0, starts: 0, cared: {} },
});

export const works = (state: MachineState): boolean => state === "running" || state === "overload";

function stateOf(
  spec: AssetOf<"machine">,
  before: Use,
  seen: MachineSeen & { overloaded: boolean },
): MachineState {
  const { powerW, running, supply } = seen;
  if (seen.overloaded) return "overload";
  if (running === true) return "running";
  if (powerW === null) return running === false && supply === false ? "off" : "unknown";
  const from = spec.worksFrom ?? spec.rating * WORKS_SHARE;
  const leaves = works(before.state) ? from * HYSTERESIS : from;
  if (running === null && powerW >= leaves) return "running";
  if (powerW >= from * IDLE_FROM) return "idle";
  return supply === false || powerW < from * STANDBY_FROM ? "off" : "standby";
}

/** Its use after one look, and the Wh that flowed since the look before it. */
export function look(
  spec: AssetOf<"machine">,
  before: Use,
  { seen, now, elapsedMs }: { seen: MachineSeen; now: Epoch; elapsedMs: number },
): { readonly use: Use; readonly flowedWh: number } {
  const over = seen.powerW !== null && seen.powerW > spec.rating * OVERLOAD;
  const overSince = over ? (before.overSince ?? now) : null;
  const overloaded = overSince !== null && now - overSince >= OVERLOAD_AFTER;
  const state = stateOf(spec, before, { ...seen, overloaded });
  const passed = Math.max(0, Math.min(elapsedMs, GAP_MAX));
  const begins = works(state) && !works(before.state) && before.state !== "unknown";
  const use: Use = {
    ...before,
    state,
    since: state === before.state ? before.since : now,
    overSince,
    counterWh: seen.counterWh ?? before.counterWh,
    runMs: before.runMs + (works(before.state) && works(state) ? passed : 0),
    starts: before.starts + Number(begins),
  };
  return { use, flowedWh: flowed(before, seen, passed) };
}

/** By its counter, where that did not begin anew; else power over time. */
function flowed(before: Use, { counterWh, powerW }: MachineSeen, passed: number): number {
  const rise = counterWh !== null && before.counterWh !== null ? counterWh - before.counterWh : -1;
  return rise >= 0 ? rise : ((powerW ?? 0) * passed) / 3_600_000;
}

/** Running time and starts since a care's last time. */
function sinceCare(use: Use, name: string): { readonly runMs: number; readonly starts: number } {
  const last = use.cared[name] ?? { runMs: 0, starts: 0 };
  return { runMs: use.runMs - last.runMs, starts: use.starts - last.starts };
}

/** What is due when. */
export const careOf = ({ maintenance }: AssetOf<"machine">, use: Use): readonly MachineCare[] =>
  maintenance.map(({ name, hours, starts }) => {
    const since = sinceCare(use, name);
    return {
      name,
      ...(hours !== undefined && { leftMs: hours - since.runMs }),
      ...(starts !== undefined && { leftStarts: starts - since.starts }),
    };
  });

/** What is left of each care's interval, 1 after it and below 0 when overdue; of hours and starts what is due first. */
export const careShares = (
  { maintenance }: AssetOf<"machine">,
  use: Use,
): { readonly name: string; readonly left: number }[] =>
  maintenance.map(({ name, hours, starts }) => {
    const since = sinceCare(use, name);
    const used = Math.max(
      hours === undefined ? 0 : since.runMs / Math.max(1, hours),
      starts === undefined ? 0 : since.starts / starts,
    );
    return { name, left: 1 - used };
  });
