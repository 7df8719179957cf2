// A real site for tests, run as a technician runs it: the village's file on free ports, its plant a twin of its own, every
// program in a process group that is ended with the test.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, parseDocument } from "yaml";
import { freePort } from "../../controller/cli/supervisor/ports.ts";

export const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const VILLAGE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));

/** Writes `site.yaml` into a folder, with what `change` does to the village's; gives its path. */
export async function siteOnFreePorts(
  folder: string,
  change: (site: Document) => void = () => undefined,
): Promise<string> {
  const document = parseDocument(readFileSync(VILLAGE, "utf8"));
  const taken = new Set<number>();
  const { links } = document.toJS() as { links: Record<string, { kind: string }> };
  for (const [id, { kind }] of Object.entries(links))
    if (kind !== "mqtt") document.setIn(["links", id, "port"], await freePort(0, taken));
  document.setIn(["broker", "port"], await freePort(0, taken));
  change(document);
  const file = join(folder, "site.yaml");
  writeFileSync(file, String(document));
  return file;
}

export interface Program {
  readonly terminal: readonly string[];
  kill(): void;
}

/** Starts a command of gridwright in a process group of its own. */
export function startProgram(...args: readonly string[]): Program {
  const terminal: string[] = [];
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const keep = (chunk: Buffer): void => void terminal.push(...chunk.toString().split("\n"));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return {
    terminal,
    kill() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, "SIGKILL");
    },
  };
}
