// Agreed export and zero feed-in: solar output is limited so that what flows to the grid stays below what was agreed,
// together and on each phase. Down at once, up slowly. While the meter of the connection cannot be read, only what
// loads take for certain and the agreed export may be generated: a lost meter never leads to full power.
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import { STEP as BATTERY_STEP, chargeHeadroomW, packsOf } from "../battery-power.ts";
import { type ExportRoom, exportRoom, limitOf } from "../export-room.ts";
import type { Layout, NodePlan } from "../layout.ts";
import type { Memory } from "../memory.ts";
import {
  type Bound,
  coarse,
  inputOf,
  NOTHING,
  type Outcome,
  type Rule,
  reason,
  round,
  type Tick,
} from "../tick.ts";
import { flagOf, givenW, numberOf } from "../view.ts";
import { waterLevel } from "../water-level.ts";
import { loadAfterW, sunW } from "./load-rejection.ts";

/** Batteries have this long to take what is too much before the sun is limited for it. */
export const ABSORB_FOR = seconds(5);
/** A limit is raised at most so far, and not sooner than this after its last change. */
const RAISE = 0.2;
const RAISE_EVERY = seconds(5);
/** Shares are told in steps of this, rounded down; a smaller rise is not worth a command. */
const STEP = 0.02;
/** What an array that is not limited may give more from one reading to the next, as a share of its rating. */
const SWELL = 0.03;

/** What is left to flow out where batteries take what the sun leaves, W. */
const LEFT_W = 20;
const TOLERATED_MAX_W = 100;

type Grid = Layout["grids"][number];

const isBound = (grid: Grid): boolean => Number.isFinite(limitOf(grid));
const isThere = ({ state }: Tick, { points }: Grid): boolean => flagOf(state, points.grid_present) !== false;

const limitable = ({ layout, model }: Tick): readonly Layout["suns"][number][] =>
  layout.suns.filter(({ id }) => model.assets[id]?.actuator?.kind === "limit");

/** How long this connection has not been readable, ms; undefined: it is, or not for long. A bad reading is none at once. */
function blindFor({ state, memory, model }: Tick, grid: Grid): number | undefined {
  const sources = [grid.meter.totalW, ...grid.meter.power].flatMap((source) => source ?? []);
  const readings = sources.flatMap((source) => state.points.get(source) ?? []);
  const last = Math.max(memory.startedAt, ...readings.map(({ at }) => at));
  const silent = state.now - last;
  const lies = readings.some(({ quality }) => quality === "bad");
  return lies || silent > model.site.control.maxAge ? silent : undefined;
}

/** W of all loads as the most modest meter tells it; 0 where none can be read. */
const surelyTakenW = ({ layout, balance }: Tick): number =>
  layout.inverters.reduce(
    (sum, { id, phases }) =>
      sum +
      phases.reduce((part, phase) => {
        const ways = balance.loads(id, phase).map(({ watts }) => watts);
        return part + (ways.length === 0 ? 0 : Math.max(0, Math.min(...ways)));
      }, 0),
    0,
  );

interface Allowed {
  /** W of sun, all arrays. */
  readonly watts: number;
  readonly grid: Grid;
  /** Null: the connection cannot be read. */
  readonly room: ExportRoom | null;
  readonly blindMs: number;
}

function allowedBy(tick: Tick, grid: Grid, exporting: Memory["exporting"]): Allowed | undefined {
  const { state } = tick;
  const room = exportRoom(state, grid);
  if (room === undefined) {
    const blindMs = blindFor(tick, grid);
    if (blindMs === undefined) return undefined;
    return { watts: limitOf(grid) + surelyTakenW(tick), grid, room: null, blindMs };
  }
  const since = exporting[grid.id];
  const absorbs = since === undefined || elapsed(since, state.now) < ABSORB_FOR;
  // While a grid that came back is not trusted yet, nobody tells batteries to take anything.
  const soaked = absorbs && tick.mode === "on-grid" ? chargeHeadroomW(tick) : 0;
  return { watts: sunW(tick) + room.roomW + soaked - loadAfterW(tick).going, grid, room, blindMs: 0 };
}

/** W of export beyond the limit that batteries leave: they are told in steps. */
function toleratedW(tick: Tick): number {
  const power = packsOf(tick).reduce((sum, pack) => sum + pack.power, 0);
  return power > 0 ? Math.min(TOLERATED_MAX_W, LEFT_W + BATTERY_STEP * power) : 0;
}

function exportingNow(tick: Tick, grids: readonly Grid[]): Memory["exporting"] {
  const { state, memory } = tick;
  const tolerated = toleratedW(tick);
  const over = grids.flatMap((grid): (readonly [string, Mono])[] => {
    const room = exportRoom(state, grid);
    const was = memory.exporting[grid.id];
    if (room === undefined) return was === undefined ? [] : [[grid.id, was]];
    return room.exportW > room.limitW + tolerated ? [[grid.id, was ?? state.now]] : [];
  });
  return Object.fromEntries(over);
}

/** What an array could give, as far as it shows: one that is limited could give its rating. */
function couldGiveW(tick: Tick, { id, spec, meter }: Layout["suns"][number]): number {
  const power = numberOf(tick.state, meter.totalW);
  const share = tick.memory.capped[id]?.share ?? 1;
  const limited = share < 1 && (power ?? 0) > (share - STEP * 2) * spec.rating;
  return power === undefined || limited ? spec.rating : Math.min(spec.rating, power + SWELL * spec.rating);
}

/** The share at which all arrays together give `watts` and no more. */
export const shareFor = (
  watts: number,
  arrays: readonly { readonly rating: number; readonly could: number }[],
): number =>
  Math.min(
    1,
    waterLevel(
      watts,
      arrays.map(({ rating, could }) => ({ weight: rating, max: could })),
    ),
  );

const stepped = (share: number): number => Math.floor(share / STEP + 1e-9) * STEP;

function nextShare(tick: Tick, id: string, wanted: number): Memory["capped"][string] | undefined {
  const { now } = tick.state;
  const last = tick.memory.capped[id];
  const target = wanted >= 1 ? 1 : Number(stepped(wanted).toFixed(2));
  if (last === undefined) return target < 1 ? { share: target, at: now } : undefined;
  if (target < last.share) return { share: target, at: now };
  const worth = target >= last.share + STEP * 2 || target === 1;
  if (!worth || elapsed(last.at, now) < RAISE_EVERY) return last;
  const raised = Number(Math.min(target, last.share + RAISE).toFixed(2));
  return raised >= 1 ? undefined : { share: raised, at: now };
}

function words({ room, grid, blindMs }: Allowed): Bound["reason"] {
  if (room === null) return reason("export-blind", { source: grid.id, sinceMs: coarse(blindMs) });
  return reason("export-limited", { exportW: round(Math.max(0, room.exportW), 100), limitW: room.limitW });
}

function boundOf(
  tick: Tick,
  tightest: Allowed,
  [asset, { share }]: readonly [string, { share: number }],
): Bound {
  return {
    asset,
    set: { kind: "limit", share },
    reason: words(tightest),
    until: reason("until-export", { limitW: limitOf(tightest.grid) }),
    inputs: [inputOf(tick, tightest.grid.id, "power"), inputOf(tick, asset, "power")],
  };
}

/** W that arrays give which nobody can limit. */
const givenAnyhowW = ({ layout, state }: Tick, free: readonly NodePlan[]): number =>
  givenW(
    state,
    layout.suns.filter((node) => !free.includes(node)),
  );

export const exportLimit: Rule = {
  name: "export-limit",
  protects: true,
  apply(tick): Outcome {
    const arrays = limitable(tick);
    const grids = tick.layout.grids.filter((grid) => isBound(grid) && isThere(tick, grid));
    if (arrays.length === 0 || grids.length === 0)
      return Object.keys(tick.memory.capped).length === 0
        ? NOTHING
        : { bounds: [], memory: { capped: {}, exporting: {} } };
    const exporting = exportingNow(tick, grids);
    const all = grids.flatMap((grid) => allowedBy(tick, grid, exporting) ?? []);
    const [tightest] = all.toSorted((a, b) => a.watts - b.watts);
    if (tightest === undefined) return { bounds: [], memory: { exporting } };
    const wanted = shareFor(
      tightest.watts - givenAnyhowW(tick, arrays),
      arrays.map((array) => ({ rating: array.spec.rating, could: couldGiveW(tick, array) })),
    );
    const capped = Object.fromEntries(
      arrays.flatMap(({ id }) => {
        const next = nextShare(tick, id, wanted);
        return next === undefined ? [] : [[id, next] as const];
      }),
    );
    const bounds = Object.entries(capped).map((entry) => boundOf(tick, tightest, entry));
    return { bounds, memory: { capped, exporting } };
  },
};
