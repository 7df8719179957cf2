// Runs one program of the tool chain to its end, with its output kept for the report.
// Must not print: the caller decides whether the output is worth showing.

import { spawn } from "node:child_process";
import { ROOT } from "./root.ts";

const OUTPUT_CHARS_MAX = 400_000;

export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Standard output and error as one text, its end where it is too long. A program that cannot start is not ok. */
export function runProgram(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const env = { ...inherited, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) };
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}\n` }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** The same, for a program that people should watch while it runs; gives its exit code. */
export function runVisibly(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
