// A real InfluxDB 1.6 for tests: private ports on loopback, its own data folder, stopped with the test.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../controller/cli/supervisor/ports.ts";

const START_MAX_MS = 20_000;

export interface Influxd {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As a power loss does: no word, no time to finish. */
  kill(): Promise<void>;
}

/** Paths of its certificate, its key and the authority of both. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly caFile: string;
}

interface Wanted {
  readonly ports: { readonly http: number; readonly rpc: number };
  readonly auth: boolean;
  readonly bodyBytesMax: number;
  readonly tls?: Certificate | undefined;
}
const config = (dir: string, { ports, auth, bodyBytesMax, tls }: Wanted): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${ports.rpc}"
[meta]
dir = "${join(dir, "meta")}"
[data]
dir = "${join(dir, "data")}"
wal-dir = "${join(dir, "wal")}"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${ports.http}"
auth-enabled = ${auth}
log-enabled = false
max-body-size = ${bodyBytesMax}
${tls === undefined ? "" : `https-enabled = true\nhttps-certificate = "${tls.cert}"\nhttps-private-key = "${tls.key}"`}
`;

const answers = (url: string, ca: string | undefined): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { signal: AbortSignal.timeout(1_000), agent: false, ...(ca !== undefined && { ca }) };
    const asking = (ca === undefined ? plain : secure)(`${url}/ping`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 204);
    });
    asking.on("error", () => resolve(false));
    asking.end();
  });

/** Does not start it yet. */
export async function prepareInfluxd(
  dir: string,
  { auth = false, bodyBytesMax = 25_000_000, tls }: Partial<Omit<Wanted, "ports">> = {},
): Promise<Influxd> {
  mkdirSync(dir, { recursive: true });
  const ports = { http: await freePort(), rpc: await freePort() };
  const file = join(dir, "influxdb.conf");
  writeFileSync(file, config(dir, { ports, auth, bodyBytesMax, tls }));
  const url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${ports.http}`;
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
      child = spawn("influxd", ["-config", file], { stdio: "ignore" });
      for (
        const until = performance.now() + START_MAX_MS;
        !(await answers(url, tls && readFileSync(tls.caFile, "utf8")));
        await wait(50)
      )
        if (performance.now() > until) throw new Error("influxd did not start");
    },
  };
}
