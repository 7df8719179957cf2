// A Modbus device on a real loopback socket for tests: it answers from a register image and can be told to misbehave
// on coming requests, in every way that devices and gateways do.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  requestLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import type { Framing } from "./line.ts";

export type Fault =
  | { readonly kind: "never" }
  /** Answers, but only after `ms`: later than the client waits. */
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "twice" }
  | { readonly kind: "other-unit" }
  | { readonly kind: "garbage-before" }
  | { readonly kind: "garbage-only" }
  | { readonly kind: "reset" }
  | { readonly kind: "byte-by-byte" }
  | { readonly kind: "wrong-length" }
  /** The first half of the answer and nothing more. */
  | { readonly kind: "half" }
  | { readonly kind: "exception"; readonly code: number }
  /** Acts on a write but keeps its answer. */
  | { readonly kind: "deaf-answer" };

export interface FakeDevice {
  readonly framing: Framing;
  readonly port: number;
  /** The faults of the next requests, one each; without any it answers well. */
  readonly faults: Fault[];
  /** Requests seen: `unit fc address+count`. */
  readonly seen: string[];
  connections(): number;
  /** Ends all connections with a reset. */
  cut(): void;
  close(): Promise<void>;
}

export interface FakeDeviceOptions {
  readonly framing: Framing;
  /** By unit id. */
  readonly units: Readonly<Record<number, RegisterImage>>;
}

interface Ask {
  readonly unit: number;
  readonly pdu: Uint8Array;
  readonly transaction?: number;
}

const word = (pdu: Uint8Array, at: number): number => ((pdu[at] ?? 0) << 8) | (pdu[at + 1] ?? 0);
const NOISE = Uint8Array.of(0x03, 0x04, 0xf0, 0x12, 0x34);

function frame(framing: Framing, { unit, transaction = 0 }: Ask, pdu: Uint8Array): Uint8Array {
  return framing === "mbap" ? encodeMbap({ transaction, unit, pdu }) : encodeRtu({ unit, pdu });
}

async function trickle(socket: Socket, bytes: Uint8Array): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Reply = (ask: Ask, pdu: Uint8Array) => Uint8Array;

/** The same PDU with another last byte: a value that must not be believed. */
const altered = (pdu: Uint8Array): Uint8Array => pdu.with(-1, (pdu.at(-1) ?? 0) ^ 0x55);

interface Good {
  readonly ask: Ask;
  readonly pdu: Uint8Array;
  readonly reply: Reply;
}

async function late(socket: Socket, bytes: Uint8Array, ms: number): Promise<void> {
  await sleep(ms);
  if (!socket.destroyed) socket.write(bytes);
}

/** Answers in the way of `fault`; resolves when the device is free for the next request. */
async function misbehave(socket: Socket, fault: Fault, { ask, pdu, reply }: Good): Promise<unknown> {
  const bytes = reply(ask, pdu);
  const [code = 0, size = 0, ...data] = pdu;
  switch (fault.kind) {
    case "never":
    case "deaf-answer":
      return undefined;
    case "late":
      return late(socket, bytes, fault.ms);
    case "twice":
      return socket.write(Buffer.concat([bytes, bytes]));
    case "other-unit":
      return socket.write(Buffer.concat([reply({ ...ask, unit: ask.unit + 1 }, altered(pdu)), bytes]));
    case "garbage-before":
      return socket.write(Buffer.concat([NOISE, bytes]));
    case "garbage-only":
      return socket.write(NOISE);
    case "reset":
      return socket.resetAndDestroy();
    case "byte-by-byte":
      return trickle(socket, bytes);
    case "half":
      return socket.write(bytes.subarray(0, bytes.length >> 1));
    case "wrong-length":
      return socket.write(reply(ask, Uint8Array.of(code, size + 2, ...data, 0xab, 0xcd)));
    case "exception":
      return socket.write(reply(ask, Uint8Array.of((ask.pdu[0] ?? 0) | 0x80, fault.code)));
    default:
      return fault satisfies never;
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Node never closes a socket that is reset while it ends, and then hangs at exit. */
function reset(socket: Socket): void {
  if (socket.readableEnded || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

export async function createFakeDevice({ framing, units }: FakeDeviceOptions): Promise<FakeDevice> {
  const faults: Fault[] = [];
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const reply: Reply = frame.bind(undefined, framing);
  async function serve(socket: Socket, ask: Ask): Promise<void> {
    seen.push(`${ask.unit} fc${ask.pdu[0]} ${word(ask.pdu, 1)}+${word(ask.pdu, 3)}`);
    const image = units[ask.unit];
    const fault = faults.shift();
    // A unit that does not exist is silence on a line.
    if (image === undefined || socket.destroyed) return;
    const keeps = fault?.kind === "never" || fault?.kind === "exception";
    const pdu = keeps ? ask.pdu : answer(ask.pdu, image);
    if (fault === undefined) socket.write(reply(ask, pdu));
    else await misbehave(socket, fault, { ask, pdu, reply });
  }
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    const mbap = createMbapReader();
    const rtu = createRtuReader(requestLength);
    // One request after the other, as a device on a line works.
    let busy = Promise.resolve();
    socket.on("data", (chunk) => {
      for (const ask of framing === "mbap" ? mbap(chunk).frames : rtu.read(chunk))
        busy = busy.then(() => serve(socket, ask));
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server);
  const cut = (): void => {
    for (const socket of sockets) reset(socket);
  };
  return {
    framing,
    port,
    faults,
    seen,
    connections: () => connections,
    cut,
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
