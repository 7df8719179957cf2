import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  crc16,
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  requestLength,
  responseLength,
} from "./frame.ts";

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(" ").map((part) => Number.parseInt(part, 16)));
const hex = (data: Uint8Array): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
const cut = (data: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < data.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(data.slice(at, at + size));
    at += size;
  }
  return parts;
};

test("frames are those of the manuals", () => {
  assert.equal(
    hex(encodeMbap({ transaction: 0x1501, unit: 0x11, pdu: bytes("03 00 6b 00 03") })),
    "15 01 00 00 00 06 11 03 00 6b 00 03",
  );
  // Waveshare's own example: relay 1 on.
  assert.equal(hex(encodeRtu({ unit: 1, pdu: bytes("05 00 00 ff 00") })), "01 05 00 00 ff 00 8c 3a");
  assert.equal(crc16(new TextEncoder().encode("123456789")), 0x4b37);
});

test("a Modbus TCP stream gives the same frames however it is cut", () => {
  const first = { transaction: 7, unit: 3, pdu: bytes("03 02 09 01") };
  const second = { transaction: 8, unit: 5, pdu: bytes("83 02") };
  const stream = Uint8Array.from([...encodeMbap(first), ...encodeMbap(second)]);
  for (const sizes of [[1], [2, 5], [11], [stream.length]]) {
    const read = createMbapReader();
    const frames = cut(stream, sizes).flatMap((part) => [...read(part).frames]);
    assert.deepEqual(frames, [first, second], `cut by ${sizes}`);
  }
});

test("bytes that cannot be Modbus TCP break the stream", () => {
  for (const broken of ["00 07 00 02 00 03 01", "00 07 00 00 00 01 01", "00 07 00 00 01 f4 01"])
    assert.equal(createMbapReader()(bytes(broken)).broken, true, broken);
});

test("an RTU frame is found behind noise, even noise that looks like a header", () => {
  const frame = { unit: 3, pdu: bytes("04 04 43 66 4c cd") };
  const good = encodeRtu(frame);
  for (const noise of ["", "ff", "03 04 f0", "03 04 04 43 66 11 22 33 44", "00 00 83 02"]) {
    const head = noise === "" ? new Uint8Array(0) : bytes(noise);
    const stream = Uint8Array.from([...head, ...good]);
    for (const sizes of [[1], [3, 2], [stream.length]]) {
      const reader = createRtuReader(responseLength);
      const frames = cut(stream, sizes).flatMap((part) => [...reader.read(part)]);
      assert.deepEqual(frames, [frame], `noise ${noise}, cut by ${sizes}`);
    }
  }
});

test("an RTU request is found, coils and registers of any number", () => {
  for (const pdu of [
    "01 00 00 00 10",
    "05 02 03 00 07",
    "0f 00 13 00 0a 02 cd 01",
    "10 00 05 00 02 04 00 0a 01 02",
  ]) {
    const frame = { unit: 9, pdu: bytes(pdu) };
    assert.deepEqual(createRtuReader(requestLength).read(encodeRtu(frame)), [frame], pdu);
  }
});

test("a reset forgets the half of an answer", () => {
  const good = encodeRtu({ unit: 3, pdu: bytes("04 02 09 01") });
  const reader = createRtuReader(responseLength);
  assert.deepEqual(reader.read(good.slice(0, 4)), []);
  reader.reset();
  assert.deepEqual(reader.read(good.slice(4)), []);
});

test("no bytes make a reader throw, and a wrong CRC is never a frame", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      createMbapReader()(noise);
      for (const frame of createRtuReader(responseLength).read(noise))
        assert.ok(hex(noise).includes(hex(encodeRtu(frame))));
    }),
    { numRuns: 200, seed: 7 },
  );
});
