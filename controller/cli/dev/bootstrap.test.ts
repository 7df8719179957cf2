import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "./root.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

const TARGET = `
const [what, ...rest] = process.argv.slice(2);
if (what === "wait") {
  process.on("SIGTERM", () => process.exit(43));
  setInterval(() => undefined, 1700);
}
console.log(JSON.stringify(process.argv.slice(2)));
if (what === "fail") process.exit(Number(rest[0]));
`;
const NPM = `#!/bin/sh
echo "npm $1" >> npm.log
[ -e broken ] && exit 7
sleep 0.3
mkdir -p node_modules
`;
const VITE = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const out = process.argv[process.argv.indexOf("--outDir") + 1];
mkdirSync(out, { recursive: true });
writeFileSync(out + "/index.html", "built");
appendFileSync("vite.log", "built\\n");
`;

/** A clone with nothing installed, whose npm and vite only leave a trace. */
function bareClone(files: Readonly<Record<string, string>> = {}): string {
  const root = fs.mkdtempSync(join(tmpdir(), "gridwright-clone-"));
  folders.push(root);
  const all = {
    "gridwright.mjs": fs.readFileSync(join(ROOT, "gridwright.mjs"), "utf8"),
    "package.json": '{ "name": "gridwright", "type": "module", "workspaces": ["controller/*"] }',
    "package-lock.json": "{}",
    "controller/cli/main.ts": TARGET,
    "controller/cli/dev/main.ts": 'console.log("dev", process.argv[2]);',
    "controller/contract/units.ts": "export {};",
    "bin/npm": NPM,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) put(root, path, text);
  return root;
}

function put(root: string, path: string, text: string): void {
  fs.mkdirSync(join(root, path, ".."), { recursive: true });
  fs.writeFileSync(join(root, path), text, { mode: 0o755 });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

function start(root: string, ...args: readonly string[]) {
  const { npm_execpath: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, "gridwright.mjs"), ...args], {
    cwd: root,
    env: { ...env, PATH: `${join(root, "bin")}${delimiter}${env.PATH ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { promise, resolve } = Promise.withResolvers<Ended>();
  let [out, said] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  child.on("close", (code) => resolve({ code, out, said }));
  return { child, ended: promise };
}

const run = (root: string, ...args: readonly string[]): Promise<Ended> => start(root, ...args).ended;
const log = (root: string, name: string): string[] =>
  fs.existsSync(join(root, name)) ? fs.readFileSync(join(root, name), "utf8").trim().split("\n") : [];

//  typed                                what the program is given
const COMMANDS: readonly (readonly [readonly string[], string])[] = [
  [["start"], '["demo","--flows"]'],
  [["start", "--port", "0"], '["demo","--flows","--port","0"]'],
  [["start", "--config", "site.yaml"], '["run","--config","site.yaml"]'],
  [["start", "--config=site.yaml"], '["run","--config=site.yaml"]'],
  [["check", "site.yaml"], '["check","site.yaml"]'],
  [["--help"], '["--help"]'],
  [[], "[]"],
  [["dev", "check"], "dev check"],
];

const installed = bareClone();
for (const [typed, given] of COMMANDS) {
  test(`gridwright ${typed.join(" ")} runs ${given}`, async () => {
    assert.equal((await run(installed, ...typed)).out.trim(), given);
  });
}

test("what is installed is not installed again, until package.json changes", async () => {
  const root = bareClone();
  assert.match((await run(root, "check")).said, /installing packages \(npm ci\)/);
  assert.equal((await run(root, "check")).said, "");
  put(root, "package.json", '{ "name": "gridwright", "version": "0.3.7" }');
  await run(root, "check");
  assert.deepEqual(log(root, "npm.log"), ["npm ci", "npm install"]);
});

test("without a lockfile npm makes one", async () => {
  const root = bareClone();
  fs.rmSync(join(root, "package-lock.json"));
  await run(root, "check");
  assert.deepEqual(log(root, "npm.log"), ["npm install"]);
});

test("two first starts at once install once", async () => {
  const root = bareClone();
  const both = await Promise.all([run(root, "check"), run(root, "check")]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.deepEqual(log(root, "npm.log"), ["npm ci"]);
});

test("a lock left by a dead process holds nobody up", async () => {
  const root = bareClone({ ".cache/bootstrap.lock/pid": "4194303" });
  assert.equal((await run(root, "check")).code, 0);
  assert.equal(fs.existsSync(join(root, ".cache/bootstrap.lock")), false);
});

test("an npm that fails is said, nothing runs, and the next start tries again", async () => {
  const root = bareClone({ broken: "" });
  const { code, out, said } = await run(root, "check");
  assert.deepEqual([code, out], [1, ""]);
  assert.match(said, /installing packages \(npm ci\) failed: npm ended with code 7/);
  fs.rmSync(join(root, "broken"));
  assert.equal((await run(root, "check")).code, 0);
});

test("the exit code is the program's", async () => assert.equal((await run(installed, "fail", "7")).code, 7));

test("a signal reaches the program, and gridwright ends as it does", async () => {
  const { child, ended } = start(installed, "wait");
  child.stdout.once("data", () => child.kill("SIGTERM"));
  assert.equal((await ended).code, 43);
});

const PAGE = {
  "dashboards/web/index.html": "<main></main>",
  "node_modules/vite/bin/vite.js": VITE,
};

test("the page is built when its sources or the contract changed, and only for those who show it", async () => {
  const root = bareClone(PAGE);
  const built = async (...args: string[]): Promise<number> => {
    await run(root, ...args);
    return log(root, "vite.log").length;
  };
  assert.equal(await built("check"), 0);
  assert.equal(await built("start"), 1);
  assert.equal(await built("run"), 1);
  put(root, "dashboards/web/src/page.ts", "export {};");
  assert.equal(await built("dev", "test"), 2);
  put(root, "controller/contract/units.ts", "export const a = 3;");
  assert.equal(await built("dev", "bench"), 3);
  assert.deepEqual(fs.readdirSync(join(root, "dashboards/web/dist")).sort(), [
    ".gridwright-stamp",
    "index.html",
  ]);
});

test("a page that cannot be built keeps nobody in the dark, but fails a test", async () => {
  const root = bareClone({ ...PAGE, "node_modules/vite/bin/vite.js": "process.exit(3);" });
  const { out, said } = await run(root, "start");
  assert.equal(out.trim(), '["demo","--flows"]');
  assert.match(said, /building the page failed.*Going on without a new page/);
  assert.equal((await run(root, "dev", "test")).code, 1);
});
