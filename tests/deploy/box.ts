// A fresh Debian with its own running systemd, its own processes and a network of loopback alone: an overlay over a tree that
// debootstrap made once (kept in .cache), booted by systemd-nspawn. What is written there goes with it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));
const SUITE = "bookworm";
const INCLUDE = "systemd,systemd-sysv,dbus,socat,iproute2,libstdc++6";
const BOOT_MS = 120_000;
const RUN_MS = 300_000;

/** For `skip`: false, or why there is no box here. */
export const noBox = (): false | string => {
  const missing = needs("debootstrap", "systemd-container");
  if (missing !== false) return missing;
  return process.getuid?.() === 0 ? false : "skipped: only root boots a Debian of its own";
};

export interface Ran {
  readonly status: number | null;
  /** Both outputs as one text. */
  readonly output: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** `name=value` of the session's cookie; empty: none was set. */
  readonly cookie: string;
}

export interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly cookie?: string;
}

export interface Box {
  /** Its root folder, seen from here. */
  readonly root: string;
  run(...command: readonly string[]): Ran;
  /** Asks the page on the box's loopback. */
  ask(asked: Asked): Answer;
  /** Power off and on. */
  boot(): Promise<void>;
  close(): void;
}

/** Made at the first use; throws with what debootstrap said where that fails. */
function debian(): string {
  const tree = join(CACHE, `debian-${SUITE}`);
  if (existsSync(tree)) return tree;
  const draft = `${tree}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const args = ["--variant=minbase", `--include=${INCLUDE}`, SUITE, draft];
  const { status, stdout } = spawnSync("debootstrap", args, { encoding: "utf8", maxBuffer: 64e6 });
  if (status !== 0) throw new Error(`debootstrap gave no Debian: ${stdout.slice(-500)}`);
  renameSync(draft, tree);
  return tree;
}

const childOf = (pid: number | undefined): number | undefined => {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? undefined : Number(text.split(" ")[0]);
};

/** Reads its order from the command line and prints the answer. */
const ASK = `
const { method, path, body, cookie } = JSON.parse(process.argv[1]);
const headers = { origin: "http://127.0.0.1:8080", ...(body && { "content-type": "application/json" }), ...(cookie && { cookie }) };
const answer = await fetch("http://127.0.0.1:8080" + path, { method, headers, body: body && JSON.stringify(body) });
const set = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
console.log(JSON.stringify({ status: answer.status, body: await answer.text(), cookie: set }));
`;

interface Machine {
  readonly pid: number;
  readonly container: ChildProcess;
}

async function bootAt(root: string): Promise<Machine> {
  const name = `gridwright-test-${process.pid}`;
  const flags = ["-q", "-D", root, "-M", name, "--register=no", "--keep-unit", "--private-network", "-b"];
  const container = spawn("systemd-nspawn", [...flags, "--console=read-only"], { stdio: "ignore" });
  // Its first child is not yet the system's first process: the one that stands is asked each time.
  let pid = 0;
  const state = async (): Promise<boolean> => {
    pid = childOf(container.pid) ?? 0;
    return pid > 0 && /^(running|degraded)/.test(inside(pid, ["systemctl", "is-system-running"]).output);
  };
  await until(state, true, BOOT_MS);
  return { pid, container };
}

function inside(pid: number, command: readonly string[]): Ran {
  const args = ["-t", String(pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "env", "-i"];
  const env = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C"];
  const { status, stdout, stderr } = spawnSync("nsenter", [...args, ...env, ...command], {
    encoding: "utf8",
    timeout: RUN_MS,
  });
  return { status, output: `${stdout}${stderr}` };
}

function halt({ pid, container }: Machine): Promise<unknown> {
  const gone = new Promise((done) => container.once("exit", done));
  process.kill(pid, "SIGKILL");
  return gone;
}

export async function openBox(): Promise<Box> {
  const lower = debian();
  const folder = mkdtempSync(join(tmpdir(), "gridwright-box-"));
  const [upper, work, root] = ["upper", "work", "root"].map((name) => join(folder, name));
  for (const path of [upper, work, root]) mkdirSync(path ?? "");
  const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  const mounted = spawnSync("mount", ["-t", "overlay", "overlay", "-o", layers, root ?? ""]);
  if (mounted.status !== 0) throw new Error(`no overlay here: ${mounted.stderr}`);
  let machine = await bootAt(root ?? "");
  return {
    root: root ?? "",
    run: (...command) => inside(machine.pid, command),
    ask(asked) {
      const args = ["-t", String(machine.pid), "-n", process.execPath, "--input-type=module", "-e", ASK];
      const { stdout, stderr } = spawnSync("nsenter", [...args, JSON.stringify(asked)], { encoding: "utf8" });
      if (stdout === "") throw new Error(stderr);
      return JSON.parse(stdout) as Answer;
    },
    async boot() {
      await halt(machine);
      machine = await bootAt(root ?? "");
    },
    close() {
      process.kill(machine.pid, "SIGKILL");
      spawnSync("umount", ["-l", root ?? ""]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
