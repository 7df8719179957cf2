// What a person sees when something is wrong at the start: a clear sentence with the cure, nothing half-started.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { figure } from "../tools/figure.ts";
import { startVillage, until } from "../tools/village.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const SITE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
const ENDS_MAX_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), "gridwright-trouble-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
const fresh = (name: string): string => {
  const dir = join(folder, name);
  mkdirSync(dir, { recursive: true });
  return dir;
};

/** Runs a command to its end. */
async function gridwright(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: ENDS_MAX_MS,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, said };
}

describe("a start that cannot go on says why and what to do", () => {
  it("the page's port is taken", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, said } = await gridwright("demo", "--data", fresh("port"), "--port", String(port));
    taken.close();
    assert.equal(code, 1);
    assert.match(said, new RegExp(`${port}.*--port 0`));
  });
  it("the demo's folder holds something else", async () => {
    const dir = fresh("precious");
    mkdirSync(join(dir, "demo"));
    writeFileSync(join(dir, "demo", "letters.txt"), "dear reader");
    const { code, said } = await gridwright("demo", "--data", dir);
    assert.equal(code, 1);
    assert.match(said, /holds something that is not the demo's.*--data DIR/);
    assert.deepEqual(readdirSync(join(dir, "demo")), ["letters.txt"]);
  });
  it("a demo runs in this folder already: it is left alone", async () => {
    const dir = fresh("twice");
    const release = lockDataFolder(join(dir, "demo"), "supervisor.lock");
    writeFileSync(join(dir, "demo", "simulated-data"), "");
    writeFileSync(join(dir, "demo", "journal"), "of the running one");
    const { code, said } = await gridwright("demo", "--data", dir, "--port", "0");
    release();
    assert.equal(code, 1);
    assert.match(said, /uses this data folder.*--data DIR/);
    assert.ok(readdirSync(join(dir, "demo")).includes("journal"));
  });
  it("a time zone that does not exist", async () => {
    const site = join(fresh("zone"), "site.yaml");
    writeFileSync(site, readFileSync(SITE, "utf8").replace("Europe/Madrid", "Europe/Madird"));
    const { code, said } = await gridwright("check", site);
    assert.equal(code, 1);
    assert.match(said, /site\.timezone: is no time zone; write an IANA name/);
  });
  it("there is no site file", async () => {
    const { code, said } = await gridwright("run", "--config", join(folder, "nowhere.yaml"));
    assert.equal(code, 1);
    assert.match(said, /nowhere\.yaml cannot be read/);
  });
  it("the site file has mistakes: all are told with their lines, nothing starts", async () => {
    const site = join(fresh("mistakes"), "site.yaml");
    writeFileSync(
      site,
      [
        "gridwright: 1",
        "site: { id: mill, name: Mill }",
        "links: { bus: { kind: modbus-tcp, host: 127.0.0.1, prot: 502 } }",
        "devices: { meter: { link: bus, profile: eastron-sdm360 } }",
        "members: { ada: { name: Ada's } }",
        "assets:",
        "  lamp: { kind: load, name: Lamp, tier: 2, rating: 3 kVA }",
        "control: { tick: 3 kW }",
      ].join("\n"),
    );
    const { code, said } = await gridwright("check", site);
    assert.equal(code, 1);
    for (const expected of [
      /site\.yaml:3 links\.bus\.prot: .*port/,
      /site\.yaml:4 devices\.meter\.profile: .*eastron-sdm630/,
      /site\.yaml:5 members\.ada: has no load/,
      /site\.yaml:8 control\.tick: .*unit "kW" does not fit here; allowed: ms, s, min, h, d/,
    ])
      assert.match(said, expected);
  });
  it("another controller has the data folder", async () => {
    const dir = fresh("locked");
    const site = join(dir, "site.yaml");
    const port = await freePort();
    writeFileSync(site, `${readFileSync(SITE, "utf8")}\nbroker: { port: ${port} }\n`);
    const release = lockDataFolder(dir);
    const { code, said } = await gridwright("run", "--config", site, "--data", dir, "--port", "0");
    release();
    assert.equal(code, 1);
    assert.match(said, /Another controller .* uses this data folder.*--data DIR/);
  });
  it("an unknown word on the command line", async () => {
    const { code, said } = await gridwright("dmeo");
    assert.notEqual(code, 0);
    assert.match(said, /unknown command 'dmeo'.*Did you mean demo/s);
  });
});

describe("a journal whose tail was torn", () => {
  it("is repaired at the start, and the loop goes on", async () => {
    const village = await startVillage({ speed: 60 });
    try {
      const old = village.processes().control.pid;
      const journal = join(village.dataDir, "journal");
      const newest =
        readdirSync(journal)
          .filter((name) => name.endsWith(".gwj"))
          .sort()
          .at(-1) ?? "";
      process.kill(old, "SIGKILL");
      const begun = performance.now();
      appendFileSync(join(journal, newest), Buffer.from([71, 87, 74, 66, 1, 0, 255, 3, 17, 99]));
      await until("control is back", () => village.processes().control.pid !== old, {
        withinMs: 15_000,
        terminal: village.terminal,
      });
      const ms = Math.round(performance.now() - begun);
      const { t } = await village.api<{ t: number }>("/api/v1/state");
      const later = async (): Promise<boolean> =>
        (await village.api<{ t: number }>("/api/v1/state")).t > t + 30_000;
      await until("plant time goes on", later, { withinMs: 15_000, terminal: village.terminal });
      assert.ok(
        village.terminal.some((line) => /journal.*(torn|repaired)/i.test(line)),
        village.terminal.slice(-12).join("\n"),
      );
      figure("back-power", { ms });
    } finally {
      await village.stop();
    }
  });
});
