// A demo village for tests: started as a user starts it, in a folder of its own, on free ports; asked over the same
// doors that people use (page API, broker) and over the twin's own line for what is true.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { RequestBody } from "@gridwright/contract/request.ts";
import type { Started } from "../../controller/cli/processes/startup.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
/** The machine may be busy with other tests. */
const START_MAX_MS = 180_000;

export type Processes = Readonly<Record<"broker" | "twin" | "control" | "services", Started>>;

export interface Village {
  readonly dataDir: string;
  readonly supervisor: ChildProcess;
  /** Everything the terminal showed. */
  readonly terminal: readonly string[];
  processes(): Processes & { readonly flows?: Started };
  /** GET of the page's server; parsed. */
  api<T>(path: string): Promise<T>;
  /** What a technician asks of control over the page. Rejects where that is no answer of control's. */
  ask(body: RequestBody): Promise<{ readonly outcome: string }>;
  /** A number of the page's /metrics; NaN while it is not known. */
  metric(name: string): Promise<number>;
  /** One line to the twin; its answer. */
  twin(message: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface VillageOptions {
  readonly speed?: number;
  /** A site file instead of the village's own. */
  readonly site?: string;
  readonly scenario?: string;
  /** With the technicians' flows. */
  readonly flows?: boolean;
  /** The village's saw and extractor on an emulated box; in real time. */
  readonly box?: boolean;
}

export async function startVillage({
  speed = 60,
  site,
  scenario,
  flows,
  box,
}: VillageOptions = {}): Promise<Village> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-village-"));
  const flags = ["--data", folder, "--port", "0", "--any-ports", "--speed", String(speed)];
  const args = [MAIN, "demo", ...(site === undefined ? [] : [site]), ...flags];
  if (flows) args.push("--flows");
  if (box) args.push("--box");
  if (scenario !== undefined) args.push("--scenario", scenario);
  const supervisor = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const terminal: string[] = [];
  for (const stream of [supervisor.stdout, supervisor.stderr])
    createInterface({ input: stream }).on("line", (line) => terminal.push(line));
  const dataDir = join(folder, "demo");
  const runFile = join(dataDir, "run.json");
  const processes: Village["processes"] = () =>
    (JSON.parse(readFileSync(runFile, "utf8")) as { processes: Processes }).processes;
  const ready = (): boolean => existsSync(runFile) && readFileSync(runFile, "utf8").includes('"page"');
  const stop = async (): Promise<void> => {
    supervisor.kill("SIGTERM");
    if (supervisor.exitCode === null && supervisor.signalCode === null)
      await new Promise((done) => supervisor.once("exit", done));
    rmSync(folder, { recursive: true, force: true });
  };
  const alive = (): boolean => supervisor.exitCode === null;
  await until("the village serves its page", ready, { withinMs: START_MAX_MS, terminal, alive }).catch(
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
  return {
    dataDir,
    supervisor,
    terminal,
    processes,
    async api<T>(path: string) {
      const answer = await fetch(`http://127.0.0.1:${processes().services.ports.page}${path}`, {
        signal: AbortSignal.timeout(5_000),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    ask: (body) => askControl(processes().services.ports.page ?? 0, body),
    metric: (name) => askMetric(processes().services.ports.page ?? 0, name),
    twin: (message) => askTwin(processes().twin.ports.pace ?? 0, message),
    stop,
  };
}

async function askControl(port: number, body: RequestBody): Promise<{ readonly outcome: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/requests`, {
    ...{ method: "POST", signal: AbortSignal.timeout(15_000) },
    headers: { "content-type": "application/json", cookie: "gridwright-demo-role=technician" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { outcome: string };
}

/** A number of what the page on that port tells Prometheus; NaN while it is not known. */
async function askMetric(port: number, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
  const line = (await answer.text()).split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

/** Sends one line to the twin's pace line and gives the next answer. */
export function askTwin(port: number, message: unknown): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const socket = connect({ host: "127.0.0.1", port });
  socket.setTimeout(5_000, () => reject(new Error("the twin did not answer")));
  socket.once("error", reject);
  const lines = createInterface({ input: socket });
  lines.once("error", reject);
  lines.on("line", (line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    if ("answer" in parsed) resolve(parsed.answer);
  });
  socket.write(`${JSON.stringify(message)}\n`);
  return promise.finally(() => socket.destroy());
}

interface Until {
  readonly withinMs: number;
  readonly terminal?: readonly string[];
  readonly alive?: () => boolean;
  readonly everyMs?: number;
}

/** Waits until `condition` holds; fails with the sentence and the last lines of the terminal. */
export async function until(
  sentence: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs, terminal = [], alive = () => true, everyMs = 50 }: Until,
): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < withinMs) {
    if (await condition()) return performance.now() - begun;
    if (!alive()) break;
    await wait(everyMs);
  }
  const how = alive() ? `not within ${withinMs} ms` : "its process ended before";
  throw new Error(`${how}: ${sentence}\n${terminal.slice(-25).join("\n")}`);
}
