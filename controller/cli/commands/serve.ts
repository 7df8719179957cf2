// Runs a set of processes in the foreground until Ctrl-C, and says where to look.

import type { Startup } from "../processes/startup.ts";
import { type Supervised, supervise } from "../supervisor/supervise.ts";
import type { Terminal } from "../supervisor/terminal.ts";

export interface ServeOptions {
  readonly startups: readonly Startup[];
  readonly terminal: Terminal;
  /** Lines to print once everything serves. */
  readonly welcome: (supervised: Supervised) => readonly string[];
}

/** Resolves when a signal has ended everything. */
export async function serve({ startups, terminal, welcome }: ServeOptions): Promise<void> {
  const ending = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.resolve());
  const supervised = await supervise(startups, terminal);
  for (const line of welcome(supervised)) terminal.say(line);
  await ending.promise;
  terminal.say("ending …");
  await supervised.stop();
}
