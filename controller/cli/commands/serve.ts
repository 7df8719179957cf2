// Runs a set of processes in the foreground until Ctrl-C, and says where to look.

import type { Startup } from "../processes/startup.ts";
import { type Supervised, supervise } from "../supervisor/supervise.ts";
import type { Terminal } from "../supervisor/terminal.ts";

export interface ServeOptions {
  readonly startups: readonly Startup[];
  readonly terminal: Terminal;
  /** Called at the very end. */
  readonly release?: () => void;
  /** The technicians' flows: started once everything else serves. */
  readonly flows?: Parameters<Supervised["addFlows"]>[0];
  /** Lines to print once everything serves. */
  readonly welcome: (supervised: Supervised) => readonly string[];
}

/** A process that never comes up would be waited for for ever: without us each ends by itself. */
function endUnready(terminal: Terminal, release: (() => void) | undefined): never {
  terminal.say("ending …");
  release?.();
  process.exit(0);
}

/** Resolves when a signal has ended everything. */
export async function serve({ startups, terminal, release, welcome, flows }: ServeOptions): Promise<void> {
  const ending = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.resolve());
  let over = false;
  // What processes say while they end is of no use: each misses those that went before it.
  const line: Terminal["line"] = (process_, raw) => (over ? undefined : terminal.line(process_, raw));
  try {
    const supervised = await Promise.race([supervise(startups, { ...terminal, line }), ending.promise]);
    if (supervised === undefined) return endUnready(terminal, release);
    for (const text of welcome(supervised)) terminal.say(text);
    terminal.event({ event: "running", ...supervised.started });
    if (flows !== undefined) supervised.addFlows(flows);
    await ending.promise;
    over = true;
    terminal.say("ending …");
    await supervised.stop();
  } finally {
    release?.();
  }
}
