// Messages to payloads and back, driven by the table: there is no code per message. Pure. What does not fit (a number
// too large, a word the list does not have, a wrong length) is an error when sending and undefined when receiving.

import { bytesOf, CODES, FIRST_ADDRESS, type FieldKind, isCode } from "./codes.ts";
import { type Broken, decodeFrame, encodeFrame } from "./frame.ts";
import { fieldsOf, MESSAGE_NAMES, MESSAGES, type Message, payloadBytes } from "./messages.ts";

export interface Received {
  readonly address: number;
  readonly sequence: number;
  readonly message: Message;
}

const BY_TYPE = new Map<number, (typeof MESSAGE_NAMES)[number]>(
  MESSAGE_NAMES.map((name) => [MESSAGES[name].type, name]),
);

/** The least and the greatest number of a kind. */
export function rangeOf(kind: FieldKind): readonly [least: number, greatest: number] {
  if (isCode(kind)) return [0, CODES[kind].length - 1];
  const span = 2 ** (8 * bytesOf(kind));
  return kind === "i32" ? [-span / 2, span / 2 - 1] : [0, span - 1];
}

function toNumber(kind: FieldKind, value: unknown): number {
  const words: readonly unknown[] = isCode(kind) ? CODES[kind] : [];
  const number = isCode(kind) ? words.indexOf(value) : Number(value);
  const [least, greatest] = rangeOf(kind);
  if (!Number.isInteger(number) || number < least || number > greatest) {
    throw new RangeError(`${String(value)} is no ${kind}`);
  }
  return number;
}

/** Throws RangeError, which names the value, where a field does not fit its kind. */
export function encodePayload(message: Message): Uint8Array {
  const values: Readonly<Record<string, unknown>> = message;
  return Uint8Array.from(
    fieldsOf(message.kind).flatMap(([field, kind]) => {
      const number = toNumber(kind, values[field]);
      return Array.from({ length: bytesOf(kind) }, (_, at) => Math.floor(number / 2 ** (8 * at)) & 0xff);
    }),
  );
}

/** Throws RangeError where a field does not fit its kind, the sequence leaves 0 … 65 535 or the address 0 … 255. */
export function encodeMessage(sequence: number, message: Message, address = FIRST_ADDRESS): Uint8Array {
  toNumber("u16", sequence);
  toNumber("u8", address);
  const { type } = MESSAGES[message.kind];
  return encodeFrame({ address, type, sequence, payload: encodePayload(message) });
}

function readNumber(bytes: Uint8Array, kind: FieldKind): number {
  const number = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return kind === "i32" ? number | 0 : number;
}

/** The message in a payload, or undefined where the type is unknown, the length differs or a word is not in its list. */
export function decodePayload(type: number, payload: Uint8Array): Message | undefined {
  const name = BY_TYPE.get(type);
  if (name === undefined || payload.length !== payloadBytes(name)) return undefined;
  const values: Record<string, unknown> = { kind: name };
  let at = 0;
  for (const [field, kind] of fieldsOf(name)) {
    const number = readNumber(payload.subarray(at, at + bytesOf(kind)), kind);
    values[field] = isCode(kind) ? CODES[kind][number] : number;
    if (values[field] === undefined) return undefined;
    at += bytesOf(kind);
  }
  return values as Message;
}

/** What stood between two zeros as a message, or what is wrong with it. */
export function decodeMessage(stuffed: Uint8Array): Received | Broken | "unknown" {
  const frame = decodeFrame(stuffed);
  if (typeof frame === "string") return frame;
  const message = decodePayload(frame.type, frame.payload);
  return message === undefined ? "unknown" : { address: frame.address, sequence: frame.sequence, message };
}
