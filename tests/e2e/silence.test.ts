// Law 3: with every process of the controller dead, the houses stay lit. A twin runs on its own; the controller sheds
// loads, is killed with everything it has, and 15 minutes of plant time later the relays are read.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { MAIN, type Program, siteOnFreePorts, startProgram } from "../tools/real-site.ts";
import { askTwin, until } from "../tools/village.ts";

const run = promisify(execFile);
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

function start(...args: readonly string[]): Program {
  const program = startProgram(...args);
  running.push(program.kill);
  return program;
}

describe("with all processes stopped for 15 minutes", () => {
  it("every load that is on by itself has supply again, and no heater heats", async () => {
    const site = await siteOnFreePorts(folder);
    const pacePort = await freePort();
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
