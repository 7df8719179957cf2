// The receiving end of a service manager's notify socket: a real unix datagram socket, read by a child, since Node has none.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { until } from "../tools/until.ts";

export interface Manager {
  readonly socket: string;
  /** Every word so far. */
  heard(): readonly string[];
  stop(): void;
}

/** `socket`: a path, or `@` and a name. */
export async function startManager(socket: string): Promise<Manager> {
  const address = socket.startsWith("@") ? `ABSTRACT-RECV:${socket.slice(1)}` : `UNIX-RECV:${socket}`;
  const receiver = spawn("socat", ["-u", address, "-"], { stdio: ["ignore", "pipe", "inherit"] });
  const words: string[] = [];
  createInterface({ input: receiver.stdout }).on("line", (line) => words.push(line));
  // A name of the abstract kind is seen nowhere: its first words may be lost.
  if (!socket.startsWith("@")) await until(async () => existsSync(socket), true, 5_000);
  return { socket, heard: () => words, stop: () => void receiver.kill() };
}
