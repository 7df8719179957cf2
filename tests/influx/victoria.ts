// A real VictoriaMetrics for tests: a private port on loopback, its own data folder, stopped with the test.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import type { Influxd } from "./influxd.ts";

const START_MAX_MS = 20_000;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** Does not start it yet. A point that comes twice counts once, as it should be set where one runs. */
export async function prepareVictoria(dir: string): Promise<Influxd> {
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
    child = undefined;
  };
  return {
    url,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    async start() {
      const flags = {
        storageDataPath: dir,
        httpListenAddr: `127.0.0.1:${port}`,
        retentionPeriod: "100y",
        "dedup.minScrapeInterval": "1ms",
        "memory.allowedBytes": "200MB",
        loggerLevel: "ERROR",
      };
      const args = Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
      child = spawn("victoria-metrics", args, { stdio: "ignore" });
      for (const until = performance.now() + START_MAX_MS; !(await answers(url)); await wait(50))
        if (performance.now() > until) throw new Error("victoria-metrics did not start");
    },
  };
}
