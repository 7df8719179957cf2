// modbus-serial as the PDU codec, and as nothing else: it is given a port that captures the request's bytes and is fed
// the response's, both synchronously. Its transports, timers and promises (and their traps, handbook) are never used.
// What it does not check is checked here: ranges before, length and echo after.
import { EventEmitter } from "node:events";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Write } from "@gridwright/protocols/modbus/commands.ts";
import { encodeRtu } from "@gridwright/protocols/modbus/frame.ts";
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

type ModbusSerial = InstanceType<typeof modbusSerial.default>;
type Done<R> = (error: Error | null, result: R) => void;

/** Bytes of a response PDU to a read of `span`. */
export const responseBytes = ({ table, count }: Pick<Span, "table" | "count">): number =>
  2 + (table === "coil" || table === "discrete" ? Math.ceil(count / 8) : 2 * count);

const same = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);

/** A timed coil is no standard request: modbus-serial writes only on and off. */
function timedCoil({ address, raw }: Write & { function: 5 }): Uint8Array {
  return Uint8Array.of(5, address >> 8, address & 0xff, raw >> 8, raw & 0xff);
}

/** Lets modbus-serial encode one request and understand one response. */
type Ask = <R, T>(
  start: (client: ModbusSerial, done: Done<R>) => void,
  value: (result: R) => T,
) => Pick<Asked<T>, "pdu" | "parse">;

function createAsk(): Ask {
  const port = createPort();
  const client = new modbusSerial.default(port);
  client.open(() => undefined);
  return <R, T>(start: (client: ModbusSerial, done: Done<R>) => void, value: (result: R) => T) => {
    let outcome: { readonly error: Error | null; readonly result: R } | undefined;
    start(client, (error, result) => {
      outcome = { error, result };
    });
    const pdu = Uint8Array.from(port.sent.subarray(1, -2));
    const parse = (response: Uint8Array): T => {
      port.emit("data", Buffer.from(encodeRtu({ unit: UNIT, pdu: response })));
      if (outcome === undefined || outcome.error)
        throw new GridwrightError("reply-malformed", "The codec refused the answer.", {
          cause: outcome?.error,
        });
      return value(outcome.result);
    };
    return { pdu, parse };
  };
}

function startWrite(client: ModbusSerial, write: Write, done: Done<unknown>): void {
  if ("raw" in write) client.writeFC5(UNIT, write.address, write.raw === COIL_ON, done as never);
  else if ("bits" in write) client.writeFC15(UNIT, write.address, write.bits.map(Boolean), done as never);
  else if (write.function === 6) client.writeFC6(UNIT, write.address, write.words[0] ?? 0, done as never);
  else client.writeFC16(UNIT, write.address, [...write.words], done as never);
}

function askRead(ask: Ask, span: Span): Asked<readonly number[]> {
  checkSpan(span);
  const code = READ_CODES[span.table];
  const { address, count } = span;
  const asked = ask<{ data: (number | boolean)[] }, readonly number[]>(
    (client, done) => client[`writeFC${code}`](UNIT, address, count, done as never),
    ({ data }) => data.slice(0, count).map(Number),
  );
  const length = responseBytes(span);
  return {
    ...asked,
    length,
    answers: (response) => response[0] === code && response.length === length && response[1] === length - 2,
  };
}

function askWrite(ask: Ask, write: Write): Asked<void> {
  checkWrite(write);
  const asked = ask<unknown, void>(
    (client, done) => startWrite(client, write, done),
    () => undefined,
  );
  const timed = write.function === 5 && write.raw !== 0 && write.raw !== COIL_ON;
  const pdu = timed ? timedCoil(write) : asked.pdu;
  // Every write is answered by the first five bytes of its request.
  const echo = pdu.slice(0, 5);
  return { pdu, length: echo.length, parse: asked.parse, answers: (response) => same(response, echo) };
}

/** A codec for one connection: one request at a time, as its port has one slot. */
export function createPduCodec(): PduCodec {
  const ask = createAsk();
  return { read: (span) => askRead(ask, span), write: (write) => askWrite(ask, write) };
}
