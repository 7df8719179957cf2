// A process that is asked one question at a time: whatever it eats, however it ends, costs its parent nothing. One that
// does not answer in its time is killed, and a new one serves the next question.
import { type ChildProcess, fork } from "node:child_process";
import type { Clock } from "@gridwright/contract/clock.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";

/** Loading and the way there and back, on a slow machine, beside the work's own time. */
const GRACE_MS = 10_000;

/** What came of a question: the answer, or why there is none. */
export type Told<A> =
  | { readonly ok: true; readonly answer: A }
  | { readonly ok: false; readonly why: string };

export interface AskedProcess<Q, A> {
  /** Never rejects. */
  ask(question: Q, takes: Millis): Promise<Told<A>>;
  /** Ends the process; the next question starts another. */
  close(): void;
}

interface Ask<Q> {
  readonly id: number;
  readonly question: Q;
  readonly takes: Millis;
}

interface Reply<A> {
  readonly id: number;
  readonly told: Told<A>;
}

async function askOnce<Q, A>(child: ChildProcess, { id, question, takes }: Ask<Q>, io: Clock) {
  const { promise, resolve } = Promise.withResolvers<Told<A>>();
  const no = (why: string): void => resolve({ ok: false, why });
  const hear = (reply: Reply<A>): void => {
    if (reply.id === id) resolve(reply.told);
  };
  const gone = (code: number | null, signal: string | null): void =>
    no(`its process ended (${signal ?? `code ${code}`})`);
  const patience = new AbortController();
  child.on("message", hear);
  child.once("exit", gone);
  const failed = ({ message }: Error): void => no(message);
  child.once("error", failed);
  // What cannot be told is on its way out: its end says why.
  child.send({ id, question }, (error) => {
    if (error !== null) child.kill("SIGKILL");
  });
  void io.sleep(millis(takes + GRACE_MS), patience.signal).then(
    () => {
      child.kill("SIGKILL");
      no("it did not end in its time");
    },
    () => undefined,
  );
  const told = await promise;
  patience.abort();
  child.off("message", hear);
  child.off("exit", gone);
  child.off("error", failed);
  return told;
}

export interface AskedOptions {
  /** The module that the process runs; it calls `answerQuestions`. */
  readonly module: string;
  readonly io: Clock;
  /** Told each child's process id. */
  readonly onStart?: (pid: number) => void;
}

/** Starts nothing until the first question comes. */
export function createAskedProcess<Q, A>({ module, io, onStart }: AskedOptions): AskedProcess<Q, A> {
  let child: ChildProcess | undefined;
  let ids = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const running = (): ChildProcess => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) return child;
    child = fork(module, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
    if (child.pid !== undefined) onStart?.(child.pid);
    return child;
  };
  return {
    ask(question, takes) {
      const next = turn.then(() => askOnce<Q, A>(running(), { id: ++ids, question, takes }, io));
      turn = next;
      return next;
    },
    close() {
      child?.kill("SIGKILL");
      child = undefined;
    },
  };
}
