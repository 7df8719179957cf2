// The solver as a process of its own: a search that eats a core, grows or hangs costs its parent nothing. One program
// at a time; a child that does not answer in its time is killed and a new one serves the next program.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Program, Solved, SolveLimits, Solver } from "@gridwright/contract/plan/program.ts";
import { millis } from "@gridwright/contract/units.ts";

const CHILD = fileURLToPath(new URL("./solver-child.ts", import.meta.url));
/** Loading and the way there and back, on a slow machine, beside the search's own time. */
const GRACE_MS = 10_000;

export interface SolverProcess {
  readonly solve: Solver;
  close(): void;
}

interface Answered {
  readonly id: number;
  readonly solved: Solved;
}

const nothing = (why: string): Solved => ({ status: "nothing", why });

function launch(): ChildProcess {
  return fork(CHILD, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

interface Ask {
  readonly id: number;
  readonly program: Program;
  readonly limits: SolveLimits;
}

/** One question to a running child; it is killed when it does not answer in its time. */
async function ask(child: ChildProcess, question: Ask, io: Clock): Promise<Solved> {
  const { promise, resolve } = Promise.withResolvers<Solved>();
  const hear = (answer: Answered): void => {
    if (answer.id === question.id) resolve(answer.solved);
  };
  const gone = (code: number | null, signal: string | null): void =>
    resolve(nothing(`the solver's process ended (${signal ?? `code ${code}`})`));
  const patience = new AbortController();
  child.on("message", hear);
  child.once("exit", gone);
  child.send(question, (error) => {
    if (error !== null) resolve(nothing(error.message));
  });
  void io.sleep(millis(question.limits.timeMs + GRACE_MS), patience.signal).then(
    () => {
      child.kill("SIGKILL");
      resolve(nothing("the solver did not end in its time"));
    },
    () => undefined,
  );
  const solved = await promise;
  patience.abort();
  child.off("message", hear);
  child.off("exit", gone);
  return solved;
}

/** Starts nothing until the first program comes; `onStart` is told each child's process id. */
export function createSolverProcess(io: Clock, onStart?: (pid: number) => void): SolverProcess {
  let child: ChildProcess | undefined;
  let ids = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const running = (): ChildProcess => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) return child;
    child = launch();
    if (child.pid !== undefined) onStart?.(child.pid);
    return child;
  };
  return {
    solve(program, limits) {
      const next = turn.then(() => ask(running(), { id: ++ids, program, limits }, io));
      turn = next;
      return next;
    },
    close: () => void child?.kill("SIGKILL"),
  };
}
