// The answering side of Modbus: one request PDU in, one response PDU out, with the exceptions of the standard
// (Modbus application protocol 1.1b3). Pure: the twin's sockets and the client's tests share it.
import type { RegisterPoint } from "@gridwright/contract/profile.ts";

export type Table = RegisterPoint["table"];

/** Exception codes: 1 function, 2 address, 3 value, 4 device failure, 6 busy, 11 no answer behind a gateway. */
export interface Refusal {
  readonly exception: 1 | 2 | 3 | 4 | 6 | 10 | 11;
}
export const refusal = (exception: Refusal["exception"]): Refusal => ({ exception });

/** What a device holds. Coils and discrete inputs are 0 or 1, registers 0..65535; addresses as on the wire. */
export interface RegisterImage {
  read(table: Table, address: number, count: number): readonly number[] | Refusal;
  write(table: "coil" | "holding", address: number, values: readonly number[]): Refusal | undefined;
  /** Function 5 with a value that is neither on nor off: a vendor's timed command. Missing: exception 3. */
  pulse?(address: number, raw: number): Refusal | undefined;
}

interface Reading {
  readonly table: Table;
  readonly max: number;
}
const READS: Readonly<Record<number, Reading>> = {
  1: { table: "coil", max: 2_000 },
  2: { table: "discrete", max: 2_000 },
  3: { table: "holding", max: 125 },
  4: { table: "input", max: 125 },
};
const COILS_WRITE_MAX = 1_968;
const REGISTERS_WRITE_MAX = 123;
const COIL_ON = 0xff00;

const word = (pdu: Uint8Array, at: number): number => ((pdu[at] ?? 0) << 8) | (pdu[at + 1] ?? 0);
const isRefusal = (answer: readonly number[] | Refusal | undefined): answer is Refusal =>
  answer !== undefined && "exception" in answer;

const refuse = (code: number, { exception }: Refusal): Uint8Array =>
  Uint8Array.of((code | 0x80) & 0xff, exception);

function packBits(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [index, value] of values.entries())
    if (value !== 0) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  return bytes;
}

const packWords = (values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));

function read(pdu: Uint8Array, image: RegisterImage, { table, max }: Reading): Uint8Array | Refusal {
  const [address, count] = [word(pdu, 1), word(pdu, 3)];
  if (pdu.length !== 5 || count < 1 || count > max) return refusal(3);
  if (address + count > 0x1_0000) return refusal(2);
  const values = image.read(table, address, count);
  if (isRefusal(values)) return values;
  const data = table === "coil" || table === "discrete" ? packBits(values) : packWords(values);
  return Uint8Array.of(pdu[0] ?? 0, data.length, ...data);
}

function writeCoil(pdu: Uint8Array, image: RegisterImage): Refusal | undefined {
  const [address, raw] = [word(pdu, 1), word(pdu, 3)];
  if (pdu.length !== 5) return refusal(3);
  if (raw === COIL_ON || raw === 0) return image.write("coil", address, [raw === 0 ? 0 : 1]);
  return image.pulse === undefined ? refusal(3) : image.pulse(address, raw);
}

function writeRegister(pdu: Uint8Array, image: RegisterImage): Refusal | undefined {
  return pdu.length === 5 ? image.write("holding", word(pdu, 1), [word(pdu, 3)]) : refusal(3);
}

function writeMany(pdu: Uint8Array, image: RegisterImage, table: "coil" | "holding"): Refusal | undefined {
  const [address, count, size] = [word(pdu, 1), word(pdu, 3), pdu[5] ?? 0];
  const [max, bytes] =
    table === "coil" ? [COILS_WRITE_MAX, Math.ceil(count / 8)] : [REGISTERS_WRITE_MAX, count * 2];
  if (count < 1 || count > max || size !== bytes || pdu.length !== 6 + size) return refusal(3);
  if (address + count > 0x1_0000) return refusal(2);
  const values = Array.from({ length: count }, (_, index) =>
    table === "coil" ? ((pdu[6 + (index >> 3)] ?? 0) >> (index & 7)) & 1 : word(pdu, 6 + index * 2),
  );
  return image.write(table, address, values);
}

type Write = (pdu: Uint8Array, image: RegisterImage) => Refusal | undefined;
const WRITES: Readonly<Record<number, Write>> = {
  5: writeCoil,
  6: writeRegister,
  15: (pdu, image) => writeMany(pdu, image, "coil"),
  16: (pdu, image) => writeMany(pdu, image, "holding"),
};

/** The response to one request: functions 1–6, 15 and 16; anything else is exception 1. Never throws on bytes. */
export function answer(pdu: Uint8Array, image: RegisterImage): Uint8Array {
  const code = pdu[0] ?? 0;
  const reading = READS[code];
  if (reading !== undefined) {
    const response = read(pdu, image, reading);
    return "exception" in response ? refuse(code, response) : response;
  }
  const write = WRITES[code];
  if (write === undefined) return refuse(code, refusal(1));
  const refused = write(pdu, image);
  return refused === undefined ? pdu.slice(0, 5) : refuse(code, refused);
}
