// A running site with one box: gridwright itself from its command line, a real serial port that is a pseudo terminal, the image on
// an emulated chip in real time, with its boot loader.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveBox } from "@gridwright/firmware-bridge/emulator/box-server.ts";
import { createBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import type { BootLoader } from "@gridwright/firmware-bridge/emulator/flash.ts";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { createPty } from "../links/pty.ts";
import { MAIN, startProgram } from "../tools/real-site.ts";

const PATIENCE_MS = 300_000;

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface BoxSite {
  readonly box: ReturnType<typeof createBox>;
  readonly server: Awaited<ReturnType<typeof serveBox>>;
  readonly pty: ReturnType<typeof createPty>;
  readonly folder: string;
  readonly data: string;
  readonly terminal: readonly string[];
  /** A command beside it; `heard` sees its output as it comes, and may end it. */
  command(args: readonly string[], heard?: (text: string, kill: () => void) => void): Promise<Said>;
  stop(): Promise<void>;
}

export async function startBoxSite(
  lines: readonly string[],
  { supply, boot }: { readonly supply: Supply; readonly boot?: BootLoader },
): Promise<BoxSite> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-box-site-"));
  const data = join(folder, "data");
  const box = createBox(supply, boot === undefined ? {} : { boot });
  const server = await serveBox({ box, io: hostClock() });
  const pty = createPty();
  await pty.plug(server.port);
  const site = join(folder, "site.yaml");
  const head = [
    "gridwright: 1",
    "site: { id: hill, name: Hill }",
    `broker: { port: ${await freePort()} }`,
    "links:",
    `  usb: { kind: box, device: ${pty.path} }`,
  ];
  writeFileSync(site, [...head, ...lines, ""].join("\n"));
  const program = startProgram("run", "--config", site, "--data", data, "--port", "0");
  return {
    ...{ box, server, pty, folder, data, terminal: program.terminal },
    command: (args, heard) =>
      new Promise((resolve) => {
        const words = [MAIN, ...args, "--data", data];
        const child = execFile(process.execPath, words, { timeout: PATIENCE_MS }, (error, out, err) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
        );
        child.stdout?.on("data", (text: string) => heard?.(text, () => void child.kill("SIGKILL")));
      }),
    async stop() {
      program.kill();
      await pty.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks until it holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 180_000,
): Promise<void> {
  for (const end = performance.now() + withinMs; !(await holds()); ) {
    assert.ok(performance.now() < end, `${what}: not in time`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
