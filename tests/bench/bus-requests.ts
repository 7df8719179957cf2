// Requests per second against a libmodbus C server: our client, modbus-serial alone, a raw Node client, and a libmodbus
// client in C as the practical limit; then a block of registers against the same registers one by one.
import { bare, type Client, ours, theirs } from "./bus-clients.ts";
import { type Libmodbus, startLibmodbus } from "./bus-libmodbus.ts";
import { cells, plain, spread, table } from "./figures.ts";

const ROUNDS = 4;
const ROUND_MS = 1_000;
const WARM_MS = 300;
const ADDRESS = 7;
/** Points of a three-phase meter, two registers each. */
const POINTS = 40;
const SCANS = 150;

async function round({ ask }: Client, forMs: number): Promise<readonly number[]> {
  const took: number[] = [];
  const until = performance.now() + forMs;
  for (let now = performance.now(); now < until; ) {
    if ((await ask(ADDRESS, 1)) !== ADDRESS) throw new Error("another register than was asked");
    const after = performance.now();
    took.push(after - now);
    now = after;
  }
  return took;
}

async function rates(libmodbus: Libmodbus, clients: readonly Client[]): Promise<string> {
  const contenders = [
    ...clients.map((client) => ({
      name: client.name,
      ask: (forMs: number): Promise<readonly number[]> => round(client, forMs),
    })),
    { name: "libmodbus in C", ask: libmodbus.ask },
  ];
  const took = contenders.map((): number[] => []);
  for (const { ask } of contenders) await ask(WARM_MS);
  for (let turn = 0; turn < ROUNDS; turn++)
    for (const [index, { ask }] of contenders.entries())
      for (const one of await ask(ROUND_MS)) took[index]?.push(one);
  const perSecond = took.map((each) => each.length / ((ROUNDS * ROUND_MS) / 1_000));
  const [mine = Number.NaN] = perSecond;
  const rows = contenders.map(({ name }, index) => {
    const [p50 = "", p99 = ""] = cells(spread((took[index] ?? []).map((ms) => ms * 1_000)));
    const rate = perSecond[index] ?? Number.NaN;
    return [name, plain(rate, 0), p50, p99, plain(mine / rate)];
  });
  return table(["client", "requests/s", "p50 µs", "p99 µs", "gridwright to it"], rows);
}

async function blocks({ ask }: Client): Promise<string> {
  const begun = performance.now();
  for (let scan = 0; scan < SCANS; scan++) await ask(ADDRESS, POINTS * 2);
  const planned = performance.now();
  for (let scan = 0; scan < SCANS; scan++)
    for (let point = 0; point < POINTS; point++) await ask(ADDRESS + 2 * point, 2);
  const single = performance.now() - planned;
  const block = planned - begun;
  return `${POINTS} points of two registers on TCP: ${plain(block / SCANS)} ms as one block, ${plain(single / SCANS)} ms one by one, ${plain(single / block, 0)} times as long.`;
}

export async function benchBusRequests(): Promise<string> {
  const libmodbus = await startLibmodbus();
  if (typeof libmodbus === "string") return `Not measured: ${libmodbus}.`;
  const { port } = libmodbus;
  const clients = await Promise.all([ours(port), theirs(port), bare(port)]);
  const [mine] = clients;
  const text = `One register, one request after the other, over loopback to a libmodbus server in C; ${ROUNDS} rounds of ${ROUND_MS / 1_000} s in turn.

${await rates(libmodbus, clients)}

${await blocks(mine)}`;
  for (const client of clients) client.close();
  await libmodbus.close();
  return text;
}
