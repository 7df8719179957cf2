// Replies that went wrong on their way, in every way that bytes can: what a line believes of them is checked against
// the bytes themselves. In process, without sockets and time, so that a million take seconds.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { crc16, encodeMbap, encodeRtu } from "@gridwright/protocols/modbus/frame.ts";
import { type Framing, Line } from "@gridwright/runtime/modbus/line.ts";
import { createPduCodec } from "@gridwright/runtime/modbus/pdu-codec.ts";
import { type Pick, pickFrom } from "../tools/pick.ts";

const still: Clock = {
  now: () => mono(7_000),
  wall: () => epoch(7_000),
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
};

type Mutation = (bytes: Buffer, pick: Pick) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  (bytes, pick) => bytes.fill(bytes.readUInt8(pick(bytes.length)) ^ (1 << pick(8)), pick(bytes.length)),
  (bytes, pick) => {
    const at = pick(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << pick(8)), at);
    return bytes;
  },
  (bytes, pick) => {
    bytes.writeUInt8(pick(256), pick(bytes.length));
    return bytes;
  },
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  },
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.of(pick(256)), bytes.subarray(at)]);
  },
  (bytes, pick) => Buffer.concat([Buffer.from(Array.from({ length: 1 + pick(9) }, () => pick(256))), bytes]),
  (bytes, pick) => Buffer.concat([bytes.subarray(pick(bytes.length)), bytes]),
  (bytes) => bytes,
];

const UNIT = 7;
/** The first transaction of a line. */
const TRANSACTION = 1;

/** A wire that only carries what the test puts on it. */
const createWire = () =>
  Object.assign(new EventEmitter(), {
    destroyed: false,
    write: () => undefined,
    destroy(this: EventEmitter & { destroyed: boolean }) {
      this.destroyed = true;
      this.emit("close");
    },
  });

const framed = (framing: Framing, unit: number, pdu: Uint8Array): Buffer =>
  Buffer.from(
    framing === "mbap" ? encodeMbap({ transaction: TRANSACTION, unit, pdu }) : encodeRtu({ unit, pdu }),
  );

/** The reply as it comes: the right one, an exception or another unit's or function's, then bent once or twice. */
function reply(framing: Framing, good: Uint8Array, pick: Pick): Buffer {
  const code = good[0] ?? 0;
  const kinds = [good, good, Uint8Array.of(code | 0x80, 1 + pick(11)), good.with(0, 1 + pick(24))];
  const unit = pick(8) === 0 ? pick(256) : UNIT;
  let bytes = framed(framing, unit, kinds[pick(kinds.length)] ?? good);
  for (let times = 1 + pick(2); times > 0 && bytes.length > 0; times--)
    bytes = MUTATIONS[pick(MUTATIONS.length)]?.(bytes, pick) ?? bytes;
  return bytes;
}

interface Believed {
  readonly pdu: Uint8Array;
  /** What was asked for. */
  readonly code: number;
  readonly length: number;
}

/** What was believed stands in the bytes: with our unit, a right header or checksum, our function and length. */
function check(framing: Framing, bytes: Buffer, { pdu, code, length }: Believed): void {
  const exception = pdu.length === 2 && pdu[0] === (code | 0x80);
  const answer = pdu.length === length && pdu[0] === code && pdu[1] === length - 2;
  assert.ok(exception || answer, `believed ${Buffer.from(pdu).toString("hex")}`);
  const body = Buffer.from([UNIT, ...pdu]);
  const crc = crc16(body);
  const frame =
    framing === "mbap"
      ? Buffer.concat([Buffer.of(0, TRANSACTION, 0, 0, 0, body.length), body])
      : Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)]);
  assert.ok(bytes.includes(frame), `believed ${frame.toString("hex")} of ${bytes.toString("hex")}`);
}

export interface Outcome {
  readonly believed: number;
  readonly refused: number;
}

/** Puts `count` bent replies on a line. Fails when one is believed wrongly; a throw in the line fails the caller. */
export async function mutate(framing: Framing, count: number, seed: number): Promise<Outcome> {
  const pick = pickFrom(seed);
  const codec = createPduCodec();
  let [believed, refused] = [0, 0];
  for (let turn = 0; turn < count; turn++) {
    const words = 1 + pick(12);
    const table = pick(2) === 0 ? "holding" : "input";
    const asked = codec.read({ table, address: 300 + pick(90), count: words });
    const code = asked.pdu[0] ?? 0;
    const data = Array.from({ length: words * 2 }, () => pick(256));
    const bytes = reply(framing, Uint8Array.of(code, words * 2, ...data), pick);
    const wire = createWire();
    const line = new Line(wire, framing, still);
    const { pdu, answers, length } = asked;
    const answer = line
      .request({ unit: UNIT, pdu, answers, timeout: millis(900) })
      .catch((error: unknown) => {
        assert.ok(error instanceof GridwrightError, String(error));
        return undefined;
      });
    // The request goes out in this turn of the event loop, not in the next.
    const cut = pick(bytes.length + 1);
    wire.emit("data", bytes.subarray(0, cut));
    wire.emit("data", bytes.subarray(cut));
    line.close();
    const pduBelieved = await answer;
    if (pduBelieved === undefined) refused++;
    else {
      believed++;
      check(framing, bytes, { pdu: pduBelieved, code, length });
      if (pduBelieved[0] === code) assert.equal(asked.parse(pduBelieved).length, words);
    }
  }
  return { believed, refused };
}
