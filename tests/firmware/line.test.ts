// What the image on the emulated chip makes of a bad line: noise, flipped bits, repeats, and words of an earlier life.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { encodeMessage, encodePayload } from "@gridwright/firmware-bridge/src/protocol/codec.ts";
import { cobsEncode, crc16, encodeFrame } from "@gridwright/firmware-bridge/src/protocol/frame.ts";
import { MESSAGES, schemaHash } from "@gridwright/firmware-bridge/src/protocol/messages.ts";
import { createHosted, type HostedBox } from "./hosted-box.ts";
import { noiseBytes } from "./noise.ts";

const NOISE_BYTES = 20_000;
const FRAMES = 12;
const BYTE_MS = 0.085;
const LOW = 0;

function started(): HostedBox {
  const box = createHosted();
  box.run(20);
  box.open();
  box.channel(2);
  return box;
}

const acks = (box: HostedBox): string[] =>
  box.told
    .map(({ message }) => message)
    .filter((one) => one.kind === "ack")
    .map(({ result }) => result);

test("hello names the schema that the host has", () => {
  assert.equal(started().last("hello").schema, schemaHash());
});

test(`${NOISE_BYTES} random bytes switch nothing, and the box answers afterwards`, () => {
  const box = started();
  const before = acks(box).length;
  box.write(noiseBytes(NOISE_BYTES, 0x2545f491));
  assert.equal(box.run(NOISE_BYTES * BYTE_MS + 20), 0, "no reset");
  assert.equal(acks(box).length, before);
  assert.ok(box.history.every(({ port, levels }) => port === "b" || (levels & 0xf0) === 0));
  assert.equal(box.set(2, "on", 500), "done");
});

test(`of ${FRAMES} commands with each single bit flipped none is accepted`, () => {
  const box = started();
  const before = acks(box).length;
  let sent = 0;
  for (let at = 0; at < FRAMES; at++) {
    const channel = at % 3;
    const set = {
      kind: "set",
      session: box.session(),
      channel,
      output: "on",
      ttl_ms: 3_001 + 257 * at,
    } as const;
    const frame = encodeMessage(1_000 + at, set);
    for (let bit = 0; bit < 8 * frame.length; bit++) {
      const flipped = frame.map((byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      // A frame whose outer zero is hurt joins its neighbour: the good one may still be heard, so these stay out.
      if (bit < 8 || bit >= 8 * (frame.length - 1)) continue;
      box.write(flipped);
      sent++;
    }
    box.run(8 * frame.length * frame.length * BYTE_MS);
  }
  box.run(20);
  assert.ok(sent > 1_500, `${sent} sent`);
  assert.deepEqual(acks(box).slice(before), []);
  assert.equal(box.pin(2), LOW);
});

test("a command that comes twice, or late, is refused", () => {
  const box = started();
  const set = { kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: 50 } as const;
  const frame = box.send(set);
  box.run(70);
  assert.equal(box.pin(2), LOW, "its time is over");
  box.write(frame);
  box.run(8);
  assert.equal(box.last("ack").result, "old_sequence");
  box.resume(40);
  assert.equal(box.ask(set), "done");
  box.run(70);
  box.resume(30);
  assert.equal(box.ask(set), "old_sequence");
  assert.equal(box.pin(2), LOW);
});

//  what came between                       how
const BETWEEN: readonly (readonly [string, (box: HostedBox) => void])[] = [
  ["a reset", (box) => box.restart(RESET.external)],
  ["a power cut", (box) => box.restart(RESET.powerOn)],
  ["another host's open", (box) => void box.open()],
];

for (const [name, happens] of BETWEEN) {
  test(`a command from before ${name} is refused`, () => {
    const box = started();
    box.stored();
    const { session } = box.last("hello");
    happens(box);
    box.run(20);
    box.resume(70);
    assert.equal(box.ask({ kind: "set", session, channel: 2, output: "on", ttl_ms: 3_000 }), "wrong_session");
    assert.equal(box.pin(2), LOW);
    assert.notEqual(box.open().session, session);
    assert.equal(box.set(2, "on", 3_000), "done", "what was configured is still known");
  });
}

test("a wrong length, an unknown type, a channel that is none and one without a role are refused by name", () => {
  const box = started();
  const raw = (type: number, sequence: number, payload: readonly number[]): string => {
    box.write(encodeFrame({ address: 1, type, sequence, payload: Uint8Array.from(payload) }));
    box.run(8);
    return box.last("ack").result;
  };
  assert.equal(raw(MESSAGES.set.type, 30, [box.session(), 0, 0, 0, 2]), "wrong_length");
  assert.equal(raw(0x3d, 31, [5]), "unknown_message");
  box.resume(40);
  assert.equal(box.set(7, "on", 300), "wrong_value");
  assert.equal(box.set(3, "on", 300), "unused_channel");
});

test("a frame of another version is dropped without a word", () => {
  const box = started();
  const set = { kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: 900 } as const;
  const payload = encodePayload(set);
  for (const version of [1, 3, 255]) {
    const head = Uint8Array.of(version, 1, MESSAGES.set.type, 60, 0, payload.length, ...payload);
    const crc = crc16(head);
    const before = box.told.length;
    box.write(Uint8Array.of(0, ...cobsEncode(Uint8Array.of(...head, crc & 0xff, crc >> 8)), 0));
    box.run(8);
    const answers = box.told.slice(before).filter(({ message }) => message.kind === "ack");
    assert.deepEqual(answers, [], `version ${version}`);
  }
  assert.equal(box.pin(2), LOW);
});

test("a cable pulled in the middle of a command costs that command alone", () => {
  const box = started();
  const set = { kind: "set", session: box.session(), channel: 2, output: "on", ttl_ms: 900 } as const;
  box.write(encodeMessage(50, set).subarray(0, 11));
  box.run(300);
  box.resume(50);
  assert.equal(box.ask(set), "done");
});

test("the log is read back, the oldest that is left first", () => {
  const box = started();
  for (const output of ["on", "off", "on", "off", "on", "off", "on"] as const) box.set(2, output, 700);
  const next = box.events().length;
  const heard = box.events();
  for (const index of [3, next - 1]) {
    box.send({ kind: "read_log_entry", session: box.session(), index });
    box.run(8);
    assert.deepEqual(box.last("event"), heard[index]);
  }
  assert.equal(box.ask({ kind: "read_log_entry", session: box.session(), index: next }), "no_such_entry");
});
