#!/usr/bin/env node
// The front door: plain JavaScript without dependencies, for any Node from 18 on. It installs what is missing, builds
// the page when its sources changed, then runs the TypeScript sources under the pinned Node 24 and ends with them.
// It must do nothing but look when nothing is missing, and never write to stdout: that belongs to the command.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = fs;
const ROOT = dirname(fileURLToPath(import.meta.url));
const MODULES = join(ROOT, "node_modules");
const WEB = join(ROOT, "dashboards", "web");
const LOCK = join(ROOT, ".cache", "bootstrap.lock");
const INSTALL_STAMP = join(MODULES, ".gridwright-stamp");
const PAGE_STAMP = join(WEB, "dist", ".gridwright-stamp");
const NODE_MAJOR_MIN = 24;
const LOCK_WAIT_MS_MAX = 15 * 60_000;
const LOCK_SILENT_MS_MAX = 60_000;
const PROGRESS_EVERY_MS = 10_000;

class Stop extends Error {}

const say = (text) => process.stderr.write(`gridwright: ${text}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const readOr = (path, otherwise) => (existsSync(path) ? readFileSync(path, "utf8") : otherwise);

// ---- what is there, what should be there ----

function manifests() {
  const root = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const folders = (root.workspaces ?? []).flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(join(ROOT, parent))
      ? readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`)
      : [];
  });
  return ["package.json", "package-lock.json", ".npmrc", ...folders.sort().map((f) => `${f}/package.json`)];
}

function installHash() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of manifests()) hash.update(`${file}\n${readOr(join(ROOT, file), "")}\n`);
  return hash.digest("hex");
}

function pageSources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (/^(node_modules|dist(\..*)?)$/.test(entry.name) || /\.test\.ts$/.test(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? pageSources(path) : [path];
    });
}

function pageHash() {
  const hash = createHash("sha256").update(readOr(join(ROOT, "package-lock.json"), ""));
  for (const path of [...pageSources(WEB), ...pageSources(join(ROOT, "controller", "contract"))]) {
    hash.update(`${path.slice(ROOT.length)}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

const installed = () => readOr(INSTALL_STAMP, "") === installHash();
const pageBuilt = () => !existsSync(join(WEB, "index.html")) || readOr(PAGE_STAMP, "") === pageHash();

/** True when what npm last installed is what the lockfile asks for, whoever ran npm. */
function agreesWithLockfile() {
  const wanted = JSON.parse(readOr(join(ROOT, "package-lock.json"), "{}")).packages ?? {};
  const present = JSON.parse(readOr(join(MODULES, ".package-lock.json"), "{}")).packages ?? {};
  const stale = ([path, entry]) =>
    path.includes("node_modules/") && belongsHere(entry) && present[path]?.version !== entry.version;
  return Object.keys(wanted).length > 0 && !Object.entries(wanted).some(stale) && lockfileKnowsAll(wanted);
}

function belongsHere({ optional, os = [], cpu = [], libc = ["glibc"] }) {
  return !optional || (os.includes(process.platform) && cpu.includes(process.arch) && libc.includes("glibc"));
}

function lockfileKnowsAll(packages) {
  return manifests()
    .filter((file) => file.endsWith("package.json") && existsSync(join(ROOT, file)))
    .every((file) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(ROOT, file), "utf8"));
      const locked = packages[dirname(file) === "." ? "" : dirname(file)];
      const same = (asked, known = {}) => Object.keys(asked).every((name) => known[name] === asked[name]);
      return same(dependencies, locked?.dependencies) && same(devDependencies, locked?.devDependencies);
    });
}

/** The Node that runs the sources: this one if new enough, else the one npm installed for this machine. */
function modernNode() {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR_MIN) return process.execPath;
  const path = join(MODULES, `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(path)) return path;
  throw new Stop(
    `needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version} and npm has no Node for ` +
      `${process.platform}-${process.arch} here. Install Node ${NODE_MAJOR_MIN}, or on 64-bit Linux remove ` +
      "node_modules and start again.",
  );
}

// ---- doing it ----

/** Runs a command with its output on stderr, and says every ten seconds that it still runs. */
function work(what, command, args) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    say(`${what} …`);
    const timer = setInterval(() => say(`${what}: ${seconds()} s so far …`), PROGRESS_EVERY_MS);
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2] });
    const end = (error) => {
      clearInterval(timer);
      if (error) reject(new Stop(`${what} failed: ${error}`));
      else resolve(say(`${what}: done in ${seconds()} s`));
    };
    child.on("error", (error) => end(`${command} cannot be started (${error.message}). Is it installed?`));
    child.on("exit", (code, signal) =>
      end(code === 0 ? "" : `${command} ended with ${signal ?? `code ${code}`}.`),
    );
  });
}

async function install() {
  if (installed()) return;
  if (!agreesWithLockfile()) {
    const fresh = !existsSync(MODULES) && existsSync(join(ROOT, "package-lock.json"));
    const verb = fresh
      ? ["ci"]
      : ["install", ...(existsSync(join(ROOT, "package-lock.json")) ? ["--no-save"] : [])];
    const cli = process.env.npm_execpath ?? "";
    const npm = basename(cli) === "npm-cli.js" ? [process.execPath, cli] : ["npm"];
    const flags = ["--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
    await work(`installing packages (npm ${verb[0]})`, npm[0], [...npm.slice(1), ...verb, ...flags]);
  }
  writeFileSync(INSTALL_STAMP, installHash());
}

async function buildPage(node) {
  if (pageBuilt()) return;
  const [fresh, old, dist] = ["dist.new", "dist.old", "dist"].map((name) => join(WEB, name));
  const stamp = pageHash();
  const vite = join(MODULES, "vite", "bin", "vite.js");
  const args = [vite, "build", WEB, "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  await work("building the page", node, args);
  writeFileSync(join(fresh, ".gridwright-stamp"), stamp);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function abandoned() {
  try {
    if (Date.now() - fs.statSync(LOCK).mtimeMs > LOCK_SILENT_MS_MAX) return true;
    const owner = Number(readOr(join(LOCK, "pid"), "0"));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH" || error.code === "ENOENT";
  }
}

async function takeLock() {
  const giveUp = Date.now() + LOCK_WAIT_MS_MAX;
  fs.mkdirSync(dirname(LOCK), { recursive: true });
  for (let waits = 0; Date.now() < giveUp; waits += 1) {
    try {
      fs.mkdirSync(LOCK);
      writeFileSync(join(LOCK, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (abandoned()) rmSync(LOCK, { recursive: true, force: true });
    else await sleep(200);
    if (waits === 2) say("waiting for another gridwright that is installing …");
  }
  throw new Stop(`another gridwright has been installing for too long. If none runs, remove ${LOCK}.`);
}

/** One bootstrap at a time; the lock is touched each second, so that one left by a dead process is known as such. */
async function locked(action) {
  await takeLock();
  const beat = setInterval(() => fs.utimesSync(LOCK, new Date(), new Date()), 1000);
  try {
    return await action();
  } finally {
    clearInterval(beat);
    rmSync(LOCK, { recursive: true, force: true });
  }
}

// ---- from the command line to the program, which a Ctrl-C at a terminal reaches by itself ----

function commandOf([first, ...rest]) {
  if (first !== "start") return first === undefined ? [] : [first, ...rest];
  const withSite = rest.some((arg) => arg === "--config" || arg.startsWith("--config="));
  return withSite ? ["run", ...rest] : ["demo", "--flows", ...rest];
}

const isTest = ([first, second]) => first === "dev" && /^(test|bench|package)$/.test(second);
const wantsPage = (command) => ["demo", "run"].includes(command[0]) || isTest(command);

async function preparePage(command, node) {
  try {
    await locked(() => buildPage(node));
  } catch (error) {
    if (isTest(command) || !(error instanceof Stop)) throw error;
    say(`${error.message} Going on without a new page.`);
  }
}

function run(node, command) {
  const dev = command[0] === "dev";
  const [entry, args] = dev ? [["dev", "main.ts"], command.slice(1)] : [["main.ts"], command];
  const target = join(ROOT, "controller", "cli", ...entry);
  const flags = ["--disable-warning=ExperimentalWarning", target, ...args];
  const child = spawn(node, flags, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // Whoever ends npm means the program, which would run on unseen.
  setInterval((parent) => process.ppid === parent || child.kill(), 500, process.ppid).unref();
  child.on("error", (error) => fail(new Stop(`${node} cannot be started: ${error.message}`)));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(error) {
  say(error instanceof Stop ? error.message : error.stack);
  process.exit(1);
}

async function main() {
  const command = commandOf(process.argv.slice(2));
  if (!installed()) await locked(install);
  const node = modernNode();
  if (wantsPage(command) && !pageBuilt()) await preparePage(command, node);
  run(node, command);
}

main().catch(fail);
