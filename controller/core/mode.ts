// The grid mode as a pure transition machine: a table of modes and events, and how signs and timers become one event.
// Observed, never enforced: gridwright closes no sources and never synchronises; it sees which of them carries the bus.
import type { GridMode } from "@gridwright/contract/messages.ts";
import { elapsed, type Millis, type Mono, minutes, seconds } from "@gridwright/contract/units.ts";

export interface ModeMemory {
  readonly mode: GridMode;
  readonly since: Mono;
  /** A dead bus must be seen for a while before it is believed. */
  readonly deadSince: Mono | null;
  /** Since when a sound grid is seen. */
  readonly gridSince: Mono | null;
  /** Since when, on an island, a set is said to have come or gone; missing: none is. */
  readonly setSince?: Mono | null;
  /** When the bus last came back from the dead. */
  readonly revivedAt: Mono | null;
  /** The mode before this one. */
  readonly from: GridMode;
  /** Deaths of the bus in a row. */
  readonly trips: number;
}

export const initialMode = (now: Mono): ModeMemory => ({
  mode: "unknown",
  from: "unknown",
  since: now,
  deadSince: null,
  gridSince: null,
  setSince: null,
  revivedAt: null,
  trips: 0,
});

export interface ModeSigns {
  /** The public grid is there and accepted; undefined: not known. A site without one says false. */
  readonly grid: boolean | undefined;
  /** Its frequency and voltage are within what the site file asks for; what is not measured counts as sound. */
  readonly sound: boolean;
  readonly generator: boolean | undefined;
  /** The bus has voltage; undefined: no voltage can be read. */
  readonly alive: boolean | undefined;
}

/** What was seen of the bus. `held`: it was so for as long as this site or a retry asks for. */
type ModeEvent =
  | "dead"
  | "dark"
  | "silent"
  | "grid"
  | "grid-held"
  | "generator"
  | "generator-held"
  | "inverter"
  | "inverter-held";

/** 0 V may also be «not available»: it is believed when it lasts. */
export const DEAD_AFTER_MS = 1_500;
/** A bus that came back from the dead counts as a try until it has stood for so long. */
export const RETRY_HOLD = minutes(1);
/** On an island a set has come or gone when that is said for so long: a relay board that speaks nonsense says both by turns. */
export const SET_AFTER_MS = 10_000;
/** After so long without a trip the earlier ones are forgotten. */
export const TRIPS_FORGOTTEN = minutes(10);
/** Nothing comes back so soon after the grid went without notice: what protects has the word first. */
export const ISLAND_CALM = seconds(30);

type Row = Readonly<Record<ModeEvent, GridMode>>;

/** A bus that lives: which source carries it decides, whatever was before. */
const living = (silent: GridMode, grid: GridMode): Row => ({
  dead: "dead-bus",
  dark: silent,
  silent,
  grid,
  "grid-held": "on-grid",
  generator: "island-generator",
  "generator-held": "island-generator",
  inverter: "island-inverter",
  "inverter-held": "island-inverter",
});

/** The machine: from each mode, by each event. */
const TRANSITIONS: Readonly<Record<GridMode, Row>> = {
  unknown: living("unknown", "on-grid"),
  "on-grid": living("on-grid", "on-grid"),
  returning: living("returning", "returning"),
  "island-inverter": living("island-inverter", "returning"),
  "island-generator": living("island-generator", "returning"),
  "dead-bus": {
    dead: "dead-bus",
    dark: "dead-bus",
    silent: "unknown",
    grid: "retry",
    "grid-held": "retry",
    generator: "retry",
    "generator-held": "retry",
    inverter: "retry",
    "inverter-held": "retry",
  },
  retry: {
    ...living("retry", "retry"),
    generator: "retry",
    inverter: "retry",
  },
};

/** Modes in which a source carries the bus as it should. */
const CARRIED: ReadonlySet<GridMode> = new Set([
  "on-grid",
  "returning",
  "island-inverter",
  "island-generator",
]);

interface Seen {
  readonly signs: ModeSigns;
  readonly now: Mono;
  /** How long a returned grid must hold. */
  readonly returnAfter: Millis;
}

interface Timers {
  readonly deadSince: Mono | null;
  readonly gridSince: Mono | null;
  readonly setSince: Mono | null;
}

const lasted = (since: Mono | null, now: Mono, least: number): boolean =>
  since !== null && elapsed(since, now) >= least;

/** Whether an island's set is said to have come or gone, other than its mode has it. */
const saysOther = ({ mode }: ModeMemory, { generator }: ModeSigns): boolean =>
  (mode === "island-inverter" && generator === true) || (mode === "island-generator" && generator !== true);

/** A source that carries the bus; after a dead bus it counts as held when the bus has stood for long enough. */
function carried(before: ModeMemory, { setSince }: Timers, { signs, now }: Seen): ModeEvent {
  const held = before.revivedAt === null || elapsed(before.revivedAt, now) >= RETRY_HOLD;
  const isOther = setSince !== null && !lasted(setSince, now, SET_AFTER_MS);
  const runs = isOther ? before.mode === "island-generator" : signs.generator === true;
  if (runs) return held ? "generator-held" : "generator";
  if (signs.alive === true) return held ? "inverter-held" : "inverter";
  return "silent";
}

/** The event that the signs of now make, with the time for which they stand. */
function eventOf(before: ModeMemory, timers: Timers, seen: Seen): ModeEvent {
  const { signs, now, returnAfter } = seen;
  if (signs.alive === false) return lasted(timers.deadSince, now, DEAD_AFTER_MS) ? "dead" : "dark";
  const onGrid = before.mode === "on-grid";
  if (signs.grid === true && (signs.sound || onGrid))
    return lasted(timers.gridSince, now, returnAfter) ? "grid-held" : "grid";
  return signs.grid === undefined && onGrid ? "silent" : carried(before, timers, seen);
}

/** Trips in a row: each death of the bus is one; they are forgotten when it has been carried for long. */
function tripsOf(before: ModeMemory, mode: GridMode, now: Mono): number {
  if (mode === "dead-bus" && before.mode !== "dead-bus") return before.trips + 1;
  const calm = CARRIED.has(before.mode) && elapsed(before.since, now) >= TRIPS_FORGOTTEN;
  return calm ? 0 : before.trips;
}

/** The mode after what was seen. A dead bus is believed after DEAD_AFTER_MS, a returned grid after `returnAfter`. */
export function nextMode(before: ModeMemory, seen: Seen): ModeMemory {
  const { signs, now } = seen;
  const deadSince = signs.alive === false ? (before.deadSince ?? now) : null;
  const gridSince = signs.grid === true && signs.sound ? (before.gridSince ?? now) : null;
  const setSince = saysOther(before, signs) ? (before.setSince ?? now) : null;
  const mode = TRANSITIONS[before.mode][eventOf(before, { deadSince, gridSince, setSince }, seen)];
  const changes = mode !== before.mode;
  const revives = before.mode === "dead-bus" && changes;
  return {
    mode,
    from: changes ? before.mode : before.from,
    since: changes ? now : before.since,
    deadSince,
    gridSince,
    setSince: changes ? null : setSince,
    revivedAt: revives ? now : before.revivedAt,
    trips: tripsOf(before, mode, now),
  };
}
