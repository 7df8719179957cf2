// Requests and responses as bytes. Writes are modbus-serial's, which is given a port that only captures their
// bytes; its transports, timers and promises (and their traps, handbook) are never used. Reads are ours, without state,
// for speed and pipelining. Ranges are checked before, length and echo after.
import { EventEmitter } from "node:events";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Write } from "@gridwright/protocols/modbus/commands.ts";
import type { Span } from "@gridwright/protocols/modbus/plan.ts";
import modbusSerial from "modbus-serial";

/** A request and how to understand its response. */
export interface Asked<T> {
  readonly pdu: Uint8Array;
  /** Bytes of its answer's PDU. */
  readonly length: number;
  /** Whether a response could be the answer to this request: function, length, and for a write its echo. */
  answers(response: Uint8Array): boolean;
  /** The value of a response that answers. */
  parse(response: Uint8Array): T;
}

export interface PduCodec {
  /** Registers as 0..65535, coils as 0 or 1. Throws `internal` for a span that Modbus does not allow. */
  read(span: Span): Asked<readonly number[]>;
  write(write: Write): Asked<void>;
}

const READ_CODES = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;
const BITS_MAX = 2_000;
const REGISTERS_MAX = 125;
const COIL_ON = 0xff00;
/** The codec's own frames never reach a line: any unit will do. */
const UNIT = 1;

const bug = (what: string): GridwrightError =>
  new GridwrightError("internal", `not a Modbus request: ${what}`);
const isWord = (value: number, max = 0xffff): boolean =>
  Number.isInteger(value) && value >= 0 && value <= max;

function checkSpan({ table, address, count }: Span): void {
  const max = table === "coil" || table === "discrete" ? BITS_MAX : REGISTERS_MAX;
  if (!isWord(address) || !isWord(count, max) || count < 1 || address + count > 0x1_0000)
    throw bug(`${table} ${address}+${count}`);
}

function checkWrite(write: Write): void {
  const values = "raw" in write ? [write.raw] : "bits" in write ? write.bits : write.words;
  const max = write.function === 15 ? 1 : 0xffff;
  const many = write.function === 15 || write.function === 16;
  if (!isWord(write.address) || values.length < 1 || (!many && values.length > 1) || values.length > 100)
    throw bug(`write of ${values.length} values at ${write.address}`);
  if (values.some((value) => !isWord(value, max))) throw bug(`write of ${values} at ${write.address}`);
}

/** A port as modbus-serial wants it; the last bytes written are in `sent`. */
function createPort() {
  const port = Object.assign(new EventEmitter(), {
    isOpen: true,
    sent: new Uint8Array(0) as Uint8Array,
    open: (done: () => void): void => done(),
    close: (done: () => void): void => done(),
    write: (frame: Uint8Array): void => {
      port.sent = frame;
    },
  });
  return port;
}

/** Bytes of a response PDU to a read of `span`. */
export const responseBytes = ({ table, count }: Pick<Span, "table" | "count">): number =>
  2 + (table === "coil" || table === "discrete" ? Math.ceil(count / 8) : 2 * count);

const same = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);

/** A timed coil is no standard request: modbus-serial writes only on and off. */
function timedCoil({ address, raw }: Write & { function: 5 }): Uint8Array {
  return Uint8Array.of(5, address >> 8, address & 0xff, raw >> 8, raw & 0xff);
}

/** modbus-serial's encoding of a write; it needs no more of it than the bytes. */
function createEncoder(): (write: Write) => Uint8Array {
  const port = createPort();
  const client = new modbusSerial.default(port);
  client.open(() => undefined);
  const done = (): void => undefined;
  return (write) => {
    const { address } = write;
    if ("raw" in write) client.writeFC5(UNIT, address, write.raw === COIL_ON, done);
    else if ("bits" in write) client.writeFC15(UNIT, address, write.bits.map(Boolean), done);
    else if (write.function === 6) client.writeFC6(UNIT, address, write.words[0] ?? 0, done);
    else client.writeFC16(UNIT, address, [...write.words], done);
    return Uint8Array.from(port.sent.subarray(1, -2));
  };
}

/** Words of a read's response that has the right length. */
function wordsOf(response: Uint8Array, count: number): readonly number[] {
  const words = new Array<number>(count);
  for (let index = 0; index < count; index++)
    words[index] = ((response[2 + 2 * index] ?? 0) << 8) | (response[3 + 2 * index] ?? 0);
  return words;
}

const bitsOf = (response: Uint8Array, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => ((response[2 + (index >> 3)] ?? 0) >> (index & 7)) & 1);

/** Reads are what a line does all day: they are encoded here, without state, so that they may be pipelined. */
function askRead(span: Span): Asked<readonly number[]> {
  checkSpan(span);
  const { table, address, count } = span;
  const code = READ_CODES[table];
  const length = responseBytes(span);
  const valuesOf = table === "coil" || table === "discrete" ? bitsOf : wordsOf;
  return {
    pdu: Uint8Array.of(code, address >> 8, address & 0xff, count >> 8, count & 0xff),
    length,
    answers: (response) => response[0] === code && response.length === length && response[1] === length - 2,
    parse: (response) => valuesOf(response, count),
  };
}

function askWrite(encode: (write: Write) => Uint8Array, write: Write): Asked<void> {
  checkWrite(write);
  const timed = write.function === 5 && write.raw !== 0 && write.raw !== COIL_ON;
  const pdu = timed ? timedCoil(write) : encode(write);
  // Every write is answered by the first five bytes of its request.
  const echo = pdu.slice(0, 5);
  return { pdu, length: echo.length, parse: () => undefined, answers: (response) => same(response, echo) };
}

export function createPduCodec(): PduCodec {
  const encode = createEncoder();
  return { read: askRead, write: (write) => askWrite(encode, write) };
}
