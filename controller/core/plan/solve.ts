// One plan: draws the horizon, has it solved, keeps batteries from charging and discharging at once, lets soft limits
// give one after the other when nothing else is possible, and shares what is not served fairly. Never throws on data.
import type { Relaxed } from "@gridwright/contract/plan/answer.ts";
import type { Program, Solved, SolveLimits, Solver } from "@gridwright/contract/plan/program.ts";
import type { Term } from "./builder.ts";
import { RELAX_ORDER } from "./draft.ts";
import { type Drawn, draw } from "./draw.ts";
import { type Flows, flowsOf } from "./flows.ts";
import type { Horizon } from "./horizon.ts";

export interface Plan extends Flows {
  readonly status: "optimal" | "feasible";
  readonly gap: number;
  readonly relaxed: readonly Relaxed[];
}

export type Planned =
  | Plan
  | { readonly status: "infeasible" }
  | { readonly status: "nothing"; readonly why: string };

type Found = Extract<Solved, { readonly x: Float64Array }>;

/** So often are single steps of a battery kept apart before all of them are. */
const APART_ROUNDS = 4;
const ALL_APART = "all";

interface Way {
  readonly horizon: Horizon;
  readonly relax: number;
  readonly solver: Solver;
  readonly limits: SolveLimits;
  /** Adds rows and gives the objective in place of the costs. */
  readonly shape?: (drawn: Drawn) => ReadonlyMap<number, number> | undefined;
  /** A solution whose batteries' steps are kept apart from the beginning. */
  readonly after?: Solution;
}

interface Solution {
  readonly drawn: Drawn;
  readonly apart: ReadonlySet<string>;
  readonly found: Found;
  readonly flows: Flows;
}

const everywhere = ({ batteries, steps }: Horizon): string[] =>
  batteries.flatMap(({ spec }) => Array.from({ length: steps }, (_, step) => `${spec.id}/${step}`));

/** With fewer loads that are on or off as a whole the search needs no help. */
const ON_OFF_MANY = 24;

/** The program with whole numbers free where `free` says so, and fixed at `at` elsewhere. */
function fixed(program: Program, free: ReadonlySet<number>, at: Float64Array): Program {
  const hold = (bounds: Float64Array) =>
    bounds.map((bound, column) =>
      program.integer[column] === 1 && !free.has(column) ? Math.round(at[column] ?? 0) : bound,
    );
  return { ...program, lower: hold(program.lower), upper: hold(program.upper) };
}

/**
 * Many loads that are on or off as a whole hide the good plans from the search. So they are first served in part, then
 * decided with everything else as found, and the whole search begins from there.
 */
async function search({ solver, limits }: Way, program: Program, onOff: readonly number[]): Promise<Solved> {
  if (onOff.length < ON_OFF_MANY) return solver(program, limits);
  const loads = new Set(onOff);
  const integer = program.integer.map((whole, column) => (loads.has(column) ? 0 : whole));
  const loose = await solver({ ...program, integer }, limits);
  if (!("x" in loose)) return loose;
  const near = await solver(fixed(program, loads, loose.x), limits);
  if (!("x" in near)) return solver(program, limits);
  const bound = loose.objective - loose.gap * Math.abs(loose.objective);
  const gap = (near.objective - bound) / Math.max(1e-9, Math.abs(near.objective));
  if (gap <= limits.gap) return { ...near, gap };
  const best = await solver(program, { ...limits, start: near.x });
  return "x" in best ? best : { ...near, status: "feasible", gap };
}

/** Where every step is planned anew, fairness shares out what the first stage's machines, jobs and grid leave. */
function heldAs(
  { horizon, after }: Way,
  { draft }: Drawn,
  objective: ReadonlyMap<number, number> | undefined,
): Program {
  const program = draft.builder.build(objective);
  if (after === undefined || horizon.firm === horizon.steps || draft.apart !== after.apart) return program;
  return fixed(program, new Set(draft.onOff), after.found.x);
}

async function solveApart(way: Way): Promise<Solution | Exclude<Solved, Found>> {
  let apart: ReadonlySet<string> = way.after?.apart ?? new Set();
  for (let round = 0; ; round += 1) {
    const drawn = draw(way.horizon, { relax: way.relax, apart });
    const objective = way.shape?.(drawn);
    const found = await search(way, heldAs(way, drawn, objective), drawn.draft.onOff);
    if (!("x" in found)) return found;
    const flows = flowsOf(drawn, found.x);
    if (flows.conflicts.length === 0 || apart.has(ALL_APART)) return { drawn, apart, found, flows };
    apart = new Set([
      ...apart,
      ...(round < APART_ROUNDS ? flows.conflicts : [ALL_APART, ...everywhere(way.horizon)]),
    ]);
  }
}

/** With no soft limit given, then with one more of them at a time. */
async function solveSoftly(
  way: Omit<Way, "relax">,
): Promise<(Solution & { relax: number }) | Exclude<Solved, Found>> {
  for (let relax = 0; ; relax += 1) {
    const solution = await solveApart({ ...way, relax });
    if ("found" in solution) return { ...solution, relax };
    if (solution.status !== "infeasible" || relax === RELAX_ORDER.length) return solution;
  }
}

const owed = ({ loads, hours }: Horizon, member: string): number =>
  loads
    .filter(({ spec }) => spec.member === member)
    .reduce(
      (sum, { spec, powerW }) =>
        sum + (powerW.reduce((all, watts) => all + watts, 0) / 1_000) * hours * spec.valuePerKWh,
      0,
    );

const membersOf = ({ loads }: Horizon): readonly string[] => [
  ...new Set(loads.flatMap(({ spec }) => (spec.member === null ? [] : [spec.member]))),
];

/** Rows that make `worst` the least served ratio of all members, and keep the plan within what fairness may cost. */
function shareRows(drawn: Drawn, worst: number, bound: { unserved: number; objective: number }): void {
  const { builder, horizon, unserved } = drawn.draft;
  for (const member of membersOf(horizon)) {
    const before = horizon.before.get(member) ?? { demanded: 0, unserved: 0 };
    const demanded = before.demanded + owed(horizon, member);
    if (demanded <= 0) continue;
    const own = unserved.filter((one) => one.member === member);
    builder.row(Number.NEGATIVE_INFINITY, 1 - before.unserved / demanded, [
      ...own.map(({ column, weight }): Term => [column, weight / demanded]),
      [worst, 1],
    ]);
  }
  builder.row(
    Number.NEGATIVE_INFINITY,
    bound.unserved,
    unserved.map(({ column, weight }): Term => [column, weight]),
  );
  builder.row(
    Number.NEGATIVE_INFINITY,
    bound.objective,
    builder.costs().flatMap((cost, column): Term[] => (cost === 0 ? [] : [[column, cost]])),
  );
}

const weightOf = ({ drawn, found }: Solution): number =>
  drawn.draft.unserved.reduce((sum, { column, weight }) => sum + (found.x[column] ?? 0) * weight, 0);

/** Rounding of the solver that a bound must leave room for. */
const SLACK = 1e-6;

/** Second stage: the worst served ratio as large as it can be; third: among such plans the cheapest. */
async function solveFairly(way: Way, first: Solution): Promise<Solution> {
  const { maxExtraUnserved } = way.horizon;
  const least = weightOf(first);
  if (maxExtraUnserved === undefined || least <= SLACK) return first;
  const room = maxExtraUnserved * least + SLACK * (1 + least);
  const bound = {
    unserved: least + room,
    objective: first.found.objective + room + SLACK * Math.abs(first.found.objective),
  };
  const stage = (floor: number) =>
    solveApart({
      ...way,
      after: first,
      shape: (drawn) => {
        const worst = drawn.draft.builder.column({ lower: Math.min(0, floor), upper: 1 });
        shareRows(drawn, worst, bound);
        if (floor === 0) return new Map([[worst, -1]]);
        drawn.draft.builder.row(floor, Number.POSITIVE_INFINITY, [[worst, 1]]);
        return undefined;
      },
    });
  const fairest = await stage(0);
  if (!("found" in fairest)) return first;
  const worst = -fairest.found.objective;
  const cheapest = worst > SLACK ? await stage(worst - SLACK) : fairest;
  return "found" in cheapest ? cheapest : fairest;
}

/** Plans one horizon. */
export async function planHorizon(horizon: Horizon, solver: Solver, limits: SolveLimits): Promise<Planned> {
  const way = { horizon, solver, limits };
  const first = await solveSoftly(way);
  if (!("found" in first)) return first;
  const best = await solveFairly({ ...way, relax: first.relax }, first);
  const { status, gap } = best.found;
  return { ...best.flows, status, gap };
}
