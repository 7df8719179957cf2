// Modbus TCP clients that ask one server for the same register, one request after the other.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { millis } from "@gridwright/contract/units.ts";
import { encodeMbap } from "@gridwright/protocols/modbus/frame.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { Line } from "@gridwright/runtime/modbus/line.ts";
import { createPduCodec } from "@gridwright/runtime/modbus/pdu-codec.ts";
import modbusSerial from "modbus-serial";

const TIMEOUT_MS = 1_000;

export interface Client {
  readonly name: string;
  /** Reads `count` holding registers from `address`; resolves with the first. */
  ask(address: number, count: number): Promise<number>;
  close(): void;
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

export async function ours(port: number): Promise<Client> {
  const line = new Line(await socketTo(port), "mbap", hostClock());
  const codec = createPduCodec();
  const timeout = millis(TIMEOUT_MS);
  return {
    name: "gridwright",
    async ask(address, count) {
      const { pdu, answers, parse } = codec.read({ table: "holding", address, count });
      return parse(await line.request({ unit: 1, pdu, answers, timeout }))[0] ?? Number.NaN;
    },
    close: () => line.close(),
  };
}

export async function theirs(port: number): Promise<Client> {
  const client = new modbusSerial.default();
  await client.connectTCP("127.0.0.1", { port });
  client.setID(1);
  client.setTimeout(TIMEOUT_MS);
  return {
    name: "modbus-serial alone",
    ask: async (address, count) => (await client.readHoldingRegisters(address, count)).data[0] ?? Number.NaN,
    close: () => client.close(() => undefined),
  };
}

/** No checks, no deadline: what a socket costs at least. */
export async function bare(port: number): Promise<Client> {
  const socket = await socketTo(port);
  let done: (value: number) => void = () => undefined;
  socket.on("data", (chunk) => done(chunk.readUInt16BE(9)));
  return {
    name: "a raw Node client",
    ask: (address, count) =>
      new Promise((resolve) => {
        done = resolve;
        const pdu = Uint8Array.of(3, address >> 8, address & 0xff, 0, count);
        socket.write(encodeMbap({ transaction: 1, unit: 1, pdu }));
      }),
    close: () => socket.destroy(),
  };
}
