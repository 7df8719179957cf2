// Tells the service manager that this process is up, and that it still does its work. Node cannot send datagrams over unix
// sockets, so one small child carries the words; where it is lost the next word starts another. Whoever calls `alive` must
// have done something: a word from a bare timer would keep a process that hangs.
import { type ChildProcess, spawn } from "node:child_process";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";

export interface Notify {
  ready(): void;
  /** As often as there is something to tell; passed on a few times per patience. */
  alive(): void;
  close(): void;
}

export interface NotifyOptions {
  /** As the manager names it: a path, or `@` and a name of the abstract kind. */
  readonly socket: string;
  /** After this long without a word the manager ends the process; in ms. None: it does not wait for words. */
  readonly patienceMs?: number;
  readonly io: Clock;
  readonly log: Log;
}

/** Words per patience: two may be lost. */
const WORDS = 4;

const addressOf = (socket: string): string =>
  socket.startsWith("@") ? `ABSTRACT-SENDTO:${socket.slice(1)}` : `UNIX-SENDTO:${socket}`;

export function openNotify({ socket, patienceMs, io, log }: NotifyOptions): Notify {
  let carrier: ChildProcess | undefined;
  let toldAt: Mono | undefined;
  const start = (): ChildProcess => {
    const child = spawn("socat", ["-u", "-", addressOf(socket)], { stdio: ["pipe", "ignore", "ignore"] });
    const gone = (why: string): void => {
      if (carrier !== child) return;
      carrier = undefined;
      log.warn(`the service manager cannot be told anything: ${why}`);
    };
    child.on("error", (error) => gone(error.message));
    child.on("exit", (code, signal) => gone(`socat ended with ${signal ?? code}`));
    child.stdin?.on("error", (error) => gone(error.message));
    return child;
  };
  const tell = (word: string): void => {
    carrier ??= start();
    carrier.stdin?.write(`${word}\n`);
  };
  return {
    ready: () => tell("READY=1"),
    alive() {
      if (patienceMs === undefined) return;
      const now = io.now();
      if (toldAt !== undefined && elapsed(toldAt, now) < patienceMs / WORDS) return;
      toldAt = now;
      tell("WATCHDOG=1");
    },
    close() {
      const child = carrier;
      carrier = undefined;
      child?.stdin?.end();
    },
  };
}
