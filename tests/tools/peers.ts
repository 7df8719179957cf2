// Independent programs as peers: mbpoll reads Modbus, mosquitto_sub reads the bus. What they say is believed.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const DEADLINE_MS = 10_000;

export interface MbpollQuery {
  readonly port: number;
  readonly unit: number;
  /** 0-based. */
  readonly address: number;
  /** mbpoll's -t: 0 coils, 3 input registers, 4 holding, with :float or :int. */
  readonly type: string;
  readonly count?: number;
}

/** The values that mbpoll reads over Modbus TCP, in order; big word first. */
export async function mbpoll({ port, unit, address, type, count = 1 }: MbpollQuery): Promise<number[]> {
  const args = ["-m", "tcp", "-0", "-1", "-q", "-B", "-a", `${unit}`, "-r", `${address}`, "-t", type];
  const { stdout } = await run("mbpoll", [...args, "-c", `${count}`, "-p", `${port}`, "127.0.0.1"], {
    timeout: DEADLINE_MS,
  });
  return [...stdout.matchAll(/^\[\d+\]:\s+(-?[\d.]+)/gm)].map(([, value]) => Number(value));
}

/** The first message on a topic that mosquitto_sub gets as the operator. */
export async function mosquittoSub(dataDir: string, port: number, topic: string): Promise<string> {
  const { operator = "" } = JSON.parse(
    readFileSync(join(dataDir, "secrets", "broker.json"), "utf8"),
  ) as Record<string, string>;
  const login = ["-h", "127.0.0.1", "-p", `${port}`, "-u", "operator", "-P", operator];
  const { stdout } = await run("mosquitto_sub", [...login, "-t", topic, "-C", "1", "-W", "8"], {
    timeout: DEADLINE_MS,
    maxBuffer: 1e7,
  });
  return stdout;
}

/** Whether a process runs; one that has ended and waits for its parent to notice does not. */
export function alive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH"))
      return false;
    throw error;
  }
}
