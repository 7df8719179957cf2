// A village that runs from an installation is updated while it serves: a release that does well stays, one whose control does not
// come up is taken back by itself within minutes, and the page answers again.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { lookAt } from "../../controller/cli/commands/health-look.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { MAIN, type Program, siteOnFreePorts, startProgram } from "../tools/real-site.ts";
import { until } from "../tools/village.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DEV = join(ROOT, "controller", "cli", "dev", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "gridwright-update-"));
const [root, data, stick] = ["opt", "data", "stick"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const pidFile = join(folder, "pid");
const running: Program[] = [];
let flags: readonly string[];

/** What a release of this tree consists of, with a version of its own; its packages lie above the releases. */
function releaseOf(version: string, spoil?: (release: string) => void): string {
  const release = join(folder, `release-${version}`);
  for (const part of ["controller", "dashboards/web/dist", "firmware-bridge/src", "flows/src"])
    cpSync(join(ROOT, part), join(release, part), {
      recursive: true,
      filter: (path) => !/node_modules|\\.test\\.ts$/.test(path.slice(ROOT.length)),
    });
  writeFileSync(
    join(release, "package.json"),
    JSON.stringify({ name: "gridwright", version, type: "module" }),
  );
  spoil?.(release);
  return release;
}

const gridwright = (...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err }),
    );
  });

/** Ends what the last start left: by the id that it wrote down. */
const stopIt = (): void => {
  execFileSync("sh", ["-c", `[ -e ${pidFile} ] && kill -TERM -$(cat ${pidFile}) || true`], {
    stdio: "ignore",
  });
};

async function villageRuns(): Promise<void> {
  const site = await siteOnFreePorts(folder);
  const pace = await freePort();
  const twin = startProgram("twin", site, "--data", data, "--speed", "2", "--pace-port", `${pace}`);
  running.push(twin);
  await until("the twin runs", () => twin.terminal.some((line) => line.includes("runs at 2×")), {
    ...{ withinMs: 120_000, terminal: twin.terminal },
  });
  const run = `run --config ${site} --data ${data} --port 0 --pace 127.0.0.1:${pace}`;
  const start = join(folder, "start.sh");
  writeFileSync(
    start,
    `setsid ${process.execPath} ${root}/current/controller/cli/main.ts ${run} >>${folder}/log 2>&1 &\necho $! >${pidFile}\n`,
  );
  const stop = `kill -TERM -$(cat ${pidFile}); for i in $(seq 75); do kill -0 -$(cat ${pidFile}) 2>/dev/null || exit 0; sleep 0.2; done; kill -KILL -$(cat ${pidFile})`;
  flags = [
    "--root",
    root,
    "--data",
    data,
    "--key",
    join(folder, "update-key.pem"),
    "--stop",
    stop,
    "--start",
    `sh ${start}`,
  ];
  execFileSync("sh", [start]);
  await until(
    "all is well",
    async () => {
      const { acts, devices, page } = await lookAt(data);
      return acts && devices > 20 && page;
    },
    { withinMs: 240_000, everyMs: 500 },
  );
}

before(async () => {
  for (const made of [join(root, "releases"), data, stick]) mkdirSync(made, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  cpSync(releaseOf("0.1.0"), join(root, "releases", "0.1.0"), { recursive: true });
  symlinkSync("releases/0.1.0", join(root, "current"));
  execFileSync(process.execPath, [DEV, "release-key", folder]);
  const releases = [
    releaseOf("0.2.0"),
    releaseOf("0.3.0", (release) =>
      writeFileSync(
        join(release, "controller", "cli", "processes", "control.ts"),
        "throw new Error('a slip');\n",
      ),
    ),
  ];
  for (const release of releases)
    execFileSync(process.execPath, [DEV, "release", release, join(folder, "update-key.private.pem"), stick]);
  await villageRuns();
});
after(() => {
  stopIt();
  for (const program of running) program.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe("a running village is updated from a stick", () => {
  it("a release that does well runs from then on", async () => {
    const { code, said } = await gridwright("update", join(stick, "gridwright-0.2.0-any.gwu"), ...flags);
    assert.equal(code, 0, said);
    assert.match(said, /version 0\.2\.0 runs$/m);
    assert.equal(readlinkSync(join(root, "current")), "releases/0.2.0");
    assert.ok((await lookAt(data)).page);
  });
  it("the newest of the stick, whose control does not come up, is taken back", async () => {
    const { code, said } = await gridwright("update", stick, ...flags, "--patience", "30 s");
    assert.equal(code, 1, said);
    assert.match(said, /version 0\.2\.0 runs again; the new one was taken back: control does not act/);
    assert.equal(readlinkSync(join(root, "current")), "releases/0.2.0");
    assert.match(readFileSync(join(root, "update.json"), "utf8"), /control does not act/);
    await until(
      "all is well again",
      async () => {
        const { acts, page } = await lookAt(data);
        return acts && page;
      },
      { withinMs: 240_000, everyMs: 500 },
    );
  });
  it("and a person may go back to the release before", async () => {
    const { code, said } = await gridwright("update", "--back", ...flags);
    assert.equal(code, 0, said);
    assert.match(said, /version 0\.1\.0 runs$/m);
  });
});
