// The drill: a village runs and is backed up meanwhile, its machine is lost with everything on it, and a bare one goes on from
// the backup: the same site file, the same ledger, the same people, flows, journal and decisions.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { openVersions } from "@gridwright/flows/runtime/versions.ts";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { MAIN, type Program, siteOnFreePorts, startProgram } from "../tools/real-site.ts";
import { until } from "../tools/village.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-drill-"));
const [lostData, stick, newData] = ["data", "stick", "new"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const passphraseFile = join(folder, "passphrase");
const ANA = { login: "ana", password: "seven dry winters" };
const running: Program[] = [];
let site: string;
let pacePort: number;
let backup: string;

const gridwright = (...args: readonly string[]) => promisify(execFile)(process.execPath, [MAIN, ...args]);

function start(sign: string, ...args: readonly string[]): Promise<Program> {
  const program = startProgram(...args);
  running.push(program);
  const isUp = (): boolean => program.terminal.some((line) => line.includes(sign));
  return until(sign, isUp, { withinMs: 60_000, terminal: program.terminal }).then(() => program);
}

const pageOf = (data: string): string => {
  const { processes } = JSON.parse(readFileSync(join(data, "run.json"), "utf8")) as {
    processes: { services: { ports: { page: number } } };
  };
  return `http://127.0.0.1:${processes.services.ports.page}`;
};
const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

async function records(data: string): Promise<readonly string[]> {
  const all: JournalRecord[] = [];
  for await (const read of readJournal({ dir: join(data, "journal"), from: START }))
    all.push(...read.records);
  return all.map((record) => JSON.stringify(record));
}
const ledgerOf = (data: string): string =>
  readdirSync(join(data, "ledger"))
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => readFileSync(join(data, "ledger", name), "utf8"))
    .join("");
const slotsOf = (data: string): number =>
  existsSync(join(data, "ledger")) ? ledgerOf(data).split("\n").length - 1 : 0;

async function villageRuns(): Promise<void> {
  await start("runs at 60×", "twin", site, "--data", lostData, "--speed", "60", "--pace-port", `${pacePort}`);
  openVersions(join(lostData, "flows", "versions")).add({
    ...{ at: 1_790_000_000_000, by: "ana", message: "the compressor rests at noon" },
    flows: [{ id: "f1", type: "tab" }],
  });
  const run = await start(
    "#invite=",
    "run",
    "--config",
    site,
    "--data",
    lostData,
    "--port",
    "0",
    "--pace",
    `127.0.0.1:${pacePort}`,
  );
  const invite = /#invite=(\S+)/.exec(run.terminal.join("\n"))?.[1] ?? "";
  const joined = await post(`${pageOf(lostData)}/api/v1/join`, { as: "person", invite, name: "Ana", ...ANA });
  assert.equal(joined.status, 204);
  await until("some quarters of an hour are settled", () => slotsOf(lostData) > 3, {
    ...{ withinMs: 300_000, everyMs: 500, terminal: run.terminal },
  });
}

before(async () => {
  mkdirSync(lostData);
  writeFileSync(passphraseFile, "five old pumps by the mill\n", { mode: 0o600 });
  site = await siteOnFreePorts(folder);
  pacePort = await freePort();
  await villageRuns();
});
after(() => {
  for (const program of running) program.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe("from a lost machine to a bare one", () => {
  let lost: {
    readonly ledger: string;
    readonly records: readonly string[];
    readonly before: readonly string[];
  };
  it("a backup is made while the village runs", async () => {
    const before = await records(lostData);
    const { stdout } = await gridwright(
      "backup",
      "--data",
      lostData,
      "--to",
      stick,
      "--keep",
      "1d",
      "--passphrase-file",
      passphraseFile,
    );
    assert.match(stdout, /read again and whole/);
    const [name = "", ...others] = readdirSync(stick);
    assert.deepEqual(others, []);
    backup = join(stick, name);
    assert.match(
      (await gridwright("restore", backup, "--check", "--passphrase-file", passphraseFile)).stdout,
      /is whole/,
    );
    await until("the village went on", () => slotsOf(lostData) > 4, { withinMs: 240_000, everyMs: 500 });
    running.at(-1)?.kill();
    lost = { ledger: ledgerOf(lostData), records: await records(lostData), before };
    cpSync(site, join(folder, "site-before.yaml"));
  });
  it("restored, it has the site file, the ledger, the flows and every record up to the backup", async () => {
    const { stdout } = await gridwright(
      "restore",
      backup,
      "--data",
      newData,
      "--passphrase-file",
      passphraseFile,
    );
    assert.match(stdout, /restored into/);
    assert.equal(readFileSync(join(newData, "site", "site.yaml"), "utf8"), readFileSync(site, "utf8"));
    const flows = (data: string): string =>
      readFileSync(join(data, "flows", "versions", "000001.json"), "utf8");
    assert.equal(flows(newData), flows(lostData));
    assert.ok(slotsOf(newData) > 3 && lost.ledger.startsWith(ledgerOf(newData)));
    const kept = await records(newData);
    assert.ok(kept.length >= lost.before.length, `${kept.length} of ${lost.before.length} records`);
    assert.deepEqual(kept, lost.records.slice(0, kept.length));
    assert.ok(kept.some((line) => line.startsWith('{"k":"decision"')));
  });
  it("its ledger proves itself by the key of the lost machine", async () => {
    const key = async (data: string) =>
      /signed by key (\w+)/.exec((await gridwright("verify", data)).stdout)?.[1];
    assert.equal(await key(newData), await key(lostData));
  });
  it("it is not restored over itself, nor with another passphrase", async () => {
    await assert.rejects(
      gridwright("restore", backup, "--data", newData, "--passphrase-file", passphraseFile),
      {
        stderr: /holds something already/,
      },
    );
    writeFileSync(passphraseFile, "five old pumps by the mil\n");
    await assert.rejects(
      gridwright("restore", backup, "--data", join(folder, "b"), "--passphrase-file", passphraseFile),
      {
        stderr: /not the passphrase/,
      },
    );
    assert.equal(existsSync(join(folder, "b")), false);
  });
  it("it runs, and Ana signs in as she did", async () => {
    const siteFile = join(newData, "site", "site.yaml");
    await start(
      "is running:",
      "run",
      "--config",
      siteFile,
      "--data",
      newData,
      "--port",
      "0",
      "--pace",
      `127.0.0.1:${pacePort}`,
    );
    const page = pageOf(newData);
    const wrong = await post(`${page}/api/v1/session`, { ...ANA, password: "seven dry wintres" });
    assert.equal(wrong.status, 401);
    const right = await post(`${page}/api/v1/session`, ANA);
    assert.equal(right.status, 204);
    const cookie = right.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const asAna = async (path: string): Promise<unknown> =>
      (await fetch(page + path, { headers: { cookie } })).json();
    const { person } = (await asAna("/api/v1/me")) as { person: { role: string } };
    assert.equal(person.role, "admin");
    const acts = async (): Promise<boolean> =>
      ((await asAna("/api/v1/health")) as { control: { state: string } }).control.state === "live";
    await until("control acts again", acts, { withinMs: 30_000, everyMs: 250 });
  });
  it("and goes on with its ledger where the backup ended", async () => {
    const slots = slotsOf(newData);
    await until("the next quarter of an hour is settled", () => slotsOf(newData) > slots, {
      withinMs: 300_000,
      everyMs: 500,
    });
    const { stdout } = await gridwright("verify", newData);
    assert.match(stdout, /Every line follows the one before it/);
  });
});
