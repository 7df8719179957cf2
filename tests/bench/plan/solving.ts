// How long the planner's process takes for cases of growing size on one core, what memory it needs at most, and how late the timers
// of another process on the same core become meanwhile.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { planCase } from "@gridwright/core/plan/plan-case.ts";
import type { Solution } from "@gridwright/core/plan/whole.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createSolverProcess } from "@gridwright/runtime/planner/solver-process.ts";
import { MEGA, plain, table } from "../figures.ts";
import { usageOf } from "../proc.ts";
import { madeCase, type Size } from "./made-case.ts";

const CHILD = fileURLToPath(new URL("./lateness-child.ts", import.meta.url));
const CORE = "0";
const TIME_MS = 30_000;
const GOAL_MS = 20;
/** Steps, and how long each is: 48 h, and 72 h for the last. */
const LENGTHS = [
  [48, 60],
  [96, 30],
  [192, 15],
  [288, 15],
] as const;
const JOBS = [0, 6, 20] as const;

interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** False where this machine cannot bind a process to a core. */
function bind(pid: number): boolean {
  try {
    execFileSync("taskset", ["-p", "-c", CORE, String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function latenessWhile<T>(child: ChildProcess, work: () => Promise<T>): Promise<[T, Lateness]> {
  child.send("begin");
  const done = await work();
  const told = once(child, "message");
  child.send("end");
  const [lateness] = (await told) as [Lateness];
  return [done, lateness];
}

interface Row {
  readonly size: Size;
  readonly solution: Solution;
  readonly ms: number;
  readonly memory: number;
  readonly lateness: Lateness;
}

async function measure(size: Size, other: ChildProcess): Promise<Row> {
  let pid = 0;
  const solver = createSolverProcess(hostClock(), (started) => {
    pid = started;
    bind(started);
  });
  const plan = madeCase(size);
  try {
    const begun = performance.now();
    const [solution, lateness] = await latenessWhile(other, () =>
      planCase(plan, { solver: solver.solve, timeMs: TIME_MS }),
    );
    return { size, solution, lateness, ms: performance.now() - begun, memory: usageOf(pid).rssMax };
  } finally {
    solver.close();
  }
}

const cells = ({ size, solution, ms, memory, lateness }: Row): string[] => [
  `${size.steps} × ${size.stepMinutes} min`,
  `${size.jobs}`,
  plain(ms / 1_000),
  solution.status === "optimal"
    ? `${plain(solution.gap * 100)} %`
    : `${solution.status}, ${plain(solution.gap * 100)} %`,
  plain(memory / MEGA, 0),
  ...[lateness.p50, lateness.p99, lateness.max].map((late) => plain(late)),
];

export async function solving(quick: boolean): Promise<string> {
  const other = fork(CHILD, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(other, "message");
  const bound = bind(other.pid ?? 0);
  const sizes = LENGTHS.slice(0, quick ? 2 : undefined).flatMap(([steps, stepMinutes]) =>
    JOBS.map((jobs) => ({ steps, stepMinutes, jobs })),
  );
  const rows: Row[] = [];
  for (const size of sizes) rows.push(await measure(size, other));
  other.disconnect();
  const worst = Math.max(...rows.map(({ lateness }) => lateness.p99));
  const head = ["steps", "jobs", "s", "gap", "most MB", "late p50, ms", "p99", "most"];
  return `Cases planned whole, to a gap of 1 % or ${TIME_MS / 1_000} s, by the planner's own niced process, with its start (about
0.5 s); ${bound ? "it and" : "**not bound to one core**;"} the process whose timers are watched ${bound ? "share one core" : "runs beside it"}. «Late» is how much later
than asked its timers came: p99 ${plain(worst)} ms at worst, goal below ${GOAL_MS} ms, ${worst < GOAL_MS ? "met" : "missed"}.

${table(head, rows.map(cells))}`;
}
