// Many Modbus TCP devices of forty points each, read once a second by one process: processor, memory, lateness, and
// how they grow with the number of devices.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { plain, table } from "./figures.ts";

const COUNTS = [10, 50, 100, 200, 400];

interface Cost {
  /** Share of one core. */
  readonly cpu: number;
  readonly rssMb: number;
  readonly perSecond: number;
  readonly worstMs: number;
}

const said = async <T>(name: string, ...words: readonly string[]): Promise<{ what: T; stop: () => void }> => {
  const child = fork(join(import.meta.dirname, name), [...words]);
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`${name} ended too soon`)));
  const [what] = (await Promise.race([once(child, "message"), ended])) as [T];
  ended.catch(() => undefined);
  return { what, stop: () => child.connected && child.disconnect() };
};

export async function benchBusMany(): Promise<string> {
  const server = await said<{ port: number }>("modbus-serve.ts");
  const rows: string[][] = [];
  for (const count of COUNTS) {
    const { what: cost, stop } = await said<Cost>("bus-many-control.ts", `${count}`, `${server.what.port}`);
    stop();
    const { cpu, rssMb, perSecond, worstMs } = cost;
    rows.push([
      `${count}`,
      `${plain(cpu * 100, 1)} %`,
      plain((cpu * 1e6) / perSecond, 0),
      plain(rssMb, 0),
      plain(perSecond, 1),
      plain(worstMs, 0),
    ]);
  }
  server.stop();
  return `Devices on a link of their own, 40 points in one block each, once a second, in one process.

${table(["devices", "of one core", "µs per reading", "RSS MB", "readings/s", "worst lateness ms"], rows)}`;
}
