// Requests per second of our Modbus line against modbus-serial alone and a bare socket, on the same plain server:
// one register, one request after the other. What differs is what the client itself costs.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { millis } from "@gridwright/contract/units.ts";
import { encodeMbap } from "@gridwright/protocols/modbus/frame.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { Line } from "@gridwright/runtime/modbus/line.ts";
import { createPduCodec } from "@gridwright/runtime/modbus/pdu-codec.ts";
import modbusSerial from "modbus-serial";
import { cells, plain, spread, table } from "./figures.ts";

const ROUNDS = 4;
const ROUND_MS = 1_200;
const WARM_MS = 300;
const ADDRESS = 7;
const TIMEOUT_MS = 1_000;

interface Client {
  readonly name: string;
  /** One request; resolves with the register's value. */
  ask(): Promise<number>;
  close(): void;
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

async function ours(port: number): Promise<Client> {
  const line = new Line(await socketTo(port), "mbap", hostClock());
  const codec = createPduCodec();
  const timeout = millis(TIMEOUT_MS);
  return {
    name: "gridwright's line",
    async ask() {
      const asked = codec.read({ table: "holding", address: ADDRESS, count: 1 });
      const pdu = await line.request({ unit: 1, pdu: asked.pdu, answers: asked.answers, timeout });
      return asked.parse(pdu)[0] ?? Number.NaN;
    },
    close: () => line.close(),
  };
}

async function theirs(port: number): Promise<Client> {
  const client = new modbusSerial.default();
  await client.connectTCP("127.0.0.1", { port });
  client.setID(1);
  client.setTimeout(TIMEOUT_MS);
  return {
    name: "modbus-serial alone",
    ask: async () => (await client.readHoldingRegisters(ADDRESS, 1)).data[0] ?? Number.NaN,
    close: () => client.close(() => undefined),
  };
}

/** No checks, no deadline: what a socket costs at least. */
async function bare(port: number): Promise<Client> {
  const socket = await socketTo(port);
  const request = encodeMbap({ transaction: 1, unit: 1, pdu: Uint8Array.of(3, 0, ADDRESS, 0, 1) });
  let done: (value: number) => void = () => undefined;
  socket.on("data", (chunk) => done(chunk.readUInt16BE(9)));
  return {
    name: "a bare socket",
    ask: () =>
      new Promise((resolve) => {
        done = resolve;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

async function round({ ask }: Client, forMs: number): Promise<readonly number[]> {
  const took: number[] = [];
  const until = performance.now() + forMs;
  for (let now = performance.now(); now < until; ) {
    await ask();
    const after = performance.now();
    took.push(after - now);
    now = after;
  }
  return took;
}

export async function benchModbus(): Promise<string> {
  const server = fork(join(import.meta.dirname, "modbus-serve.ts"));
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const clients = await Promise.all([ours(port), theirs(port), bare(port)]);
  const took = clients.map((): number[] => []);
  for (const client of clients) await round(client, WARM_MS);
  for (let turn = 0; turn < ROUNDS; turn++)
    for (const [index, client] of clients.entries()) took[index]?.push(...(await round(client, ROUND_MS)));
  for (const client of clients) client.close();
  server.disconnect();
  await once(server, "exit");
  return report(clients, took);
}

const rate = (took: readonly number[]): number => took.length / ((ROUNDS * ROUND_MS) / 1_000);

function report(clients: readonly Client[], took: readonly (readonly number[])[]): string {
  const reference = rate(took[1] ?? []);
  const rows = clients.map(({ name }, index) => {
    const mine = took[index] ?? [];
    return [name, plain(rate(mine), 0), ...cells(spread(mine)).slice(0, 2), plain(rate(mine) / reference)];
  });
  return `One register, one request after the other, over loopback to a server process; ${ROUNDS} rounds of ${ROUND_MS / 1_000} s in turn.

${table(["client", "requests/s", "p50 ms", "p99 ms", "to modbus-serial"], rows)}`;
}
