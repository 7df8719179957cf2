// Law 3: with every process of the controller dead, the houses stay lit. A twin runs on its own; the controller sheds
// loads, is killed with everything it has, and 15 minutes of plant time later the relays are read.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse, parseDocument } from "yaml";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { askTwin, until } from "../tools/village.ts";

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const VILLAGE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
const SILENCE_PLANT_MS = 15 * 60_000;

type Relays = Readonly<Record<string, { readonly supplied: boolean }>>;
interface Answer {
  readonly m: number;
  readonly relays: Relays;
}
interface Consumer {
  readonly onSilence?: string;
}

const folder = mkdtempSync(join(tmpdir(), "gridwright-silence-"));
const running: (() => void)[] = [];
after(() => {
  for (const stop of running) stop();
  rmSync(folder, { recursive: true, force: true });
});

async function siteOnFreePorts(): Promise<string> {
  const document = parseDocument(readFileSync(VILLAGE, "utf8"));
  const taken = new Set<number>();
  const { links } = document.toJS() as { links: Record<string, { kind: string }> };
  for (const [id, { kind }] of Object.entries(links))
    if (kind !== "mqtt") document.setIn(["links", id, "port"], await freePort(0, taken));
  document.setIn(["broker", "port"], await freePort(0, taken));
  const file = join(folder, "site.yaml");
  writeFileSync(file, String(document));
  return file;
}

function start(...args: readonly string[]) {
  const terminal: string[] = [];
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const keep = (chunk: Buffer): void => void terminal.push(...chunk.toString().split("\n"));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const kill = (): void => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, "SIGKILL");
  };
  running.push(kill);
  return { terminal, kill };
}

describe("with all processes stopped for 15 minutes", () => {
  it("every load that is on by itself has supply again, and no heater heats", async () => {
    const site = await siteOnFreePorts();
    const pacePort = await freePort(0, new Set());
    const data = ["--data", join(folder, "data")];
    const twin = start("twin", site, ...data, "--speed", "60", "--pace-port", `${pacePort}`);
    await until("the twin runs", () => twin.terminal.some((line) => line.includes("runs at 60×")), {
      withinMs: 30_000,
      terminal: twin.terminal,
    });
    const control = start("run", "--config", site, ...data, "--port", "0", "--pace", `127.0.0.1:${pacePort}`);
    const ask = async (): Promise<Answer> => (await askTwin(pacePort, { query: [] })) as Answer;

    const { assets } = parse(readFileSync(site, "utf8")) as { assets: Record<string, Consumer> };
    const lit = Object.keys(assets).filter((id) => assets[id]?.onSilence === "on");
    const dark = (relays: Relays): readonly string[] => lit.filter((id) => relays[id]?.supplied !== true);
    await until("control runs", () => control.terminal.some((line) => line.includes("is running:")), {
      withinMs: 30_000,
      terminal: control.terminal,
    });
    for (const asset of ["house-3-sockets", "house-6-basics", "cold-store"]) {
      const hold = [MAIN, "hold", asset, "--why", "fuse work", ...data];
      const taken = async (): Promise<boolean> => {
        const { stdout } = await run(process.execPath, hold).catch((error: { stdout: string }) => error);
        return stdout.includes("taken");
      };
      await until(`${asset} is held`, taken, { withinMs: 30_000, terminal: control.terminal });
    }
    const held = async (): Promise<boolean> => dark((await ask()).relays).length >= 3;
    await until("three loads are held off", held, { withinMs: 30_000, terminal: control.terminal });

    control.kill();
    const { m } = await ask();
    await until("15 minutes have passed in the plant", async () => (await ask()).m > m + SILENCE_PLANT_MS, {
      withinMs: 60_000,
      everyMs: 250,
      terminal: twin.terminal,
    });
    const { relays } = await ask();
    assert.deepEqual(dark(relays), []);
    const heating = Object.keys(assets).filter(
      (id) => assets[id]?.onSilence === "off" && relays[id]?.supplied,
    );
    assert.deepEqual(heating, []);
  });
});
