import assert from "node:assert/strict";
import { test } from "node:test";
import { createRtuReader, encodeRtu, responseLength } from "../modbus/frame.ts";
import { deviceIdRequest, parseDeviceId, parseServerId } from "./device-id.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const text = (value: string): string => Buffer.from(value).toString("hex");

test("requests are those of the standard", () => {
  assert.deepEqual(deviceIdRequest(2), bytes("2b 0e 01 02"));
});

test("what a device says of itself, in one part or several, cut or foreign", () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    [
      "vendor, product and revision",
      `2b0e 01 81 00 00 03 00 04 ${text("Acme")} 01 05 ${text("PM 70")} 02 03 ${text("2.4")}`,
      { id: { vendor: "Acme", product: "PM 70", revision: "2.4" } },
    ],
    [
      "more follows from object 2",
      `2b0e 01 81 ff 02 02 00 04 ${text("Acme")} 01 05 ${text("PM 70")}`,
      { id: { vendor: "Acme", product: "PM 70" }, next: 2 },
    ],
    [
      "padding and control characters are no text",
      `2b0e 01 01 00 00 01 00 06 ${text("AB")} 00 00 0a 20`,
      { id: { vendor: "AB" } },
    ],
    ["an object of the vendor's own is passed over", `2b0e 03 83 00 00 01 80 02 ${text("xy")}`, { id: {} }],
    [
      "cut in the middle of an object",
      `2b0e 01 81 00 00 02 00 04 ${text("Acme")} 01 09 ${text("PM")}`,
      undefined,
    ],
    ["the answer to another request", "2b0d 01 81 00 00 03 00", undefined],
    ["nothing but its function", "2b", undefined],
  ];
  for (const [sentence, pdu, then] of cases) assert.deepEqual(parseDeviceId(bytes(pdu)), then, sentence);
});

test("a server id is its printable text", () => {
  assert.equal(parseServerId(bytes(`11 07 ff ${text("Ridge8")}`)), "Ridge8");
  assert.equal(parseServerId(bytes(`11 09 ff ${text("Ridge8")}`)), undefined, "its length is wrong");
  assert.equal(parseServerId(bytes("11 02 00 ff")), undefined, "no text at all");
  assert.equal(parseServerId(bytes("03 02 41 42")), undefined, "another function");
});

test("on a line both come whole, byte by byte, with noise before them", () => {
  const id = bytes(`2b0e 01 81 00 00 02 00 04 ${text("Acme")} 01 05 ${text("PM 70")}`);
  const server = bytes(`11 07 ff ${text("Ridge8")}`);
  for (const pdu of [id, server]) {
    const { read } = createRtuReader(responseLength);
    const sent = [0x2b, 0x11, ...encodeRtu({ unit: 7, pdu })];
    const frames = sent.flatMap((byte) => read(Uint8Array.of(byte)));
    assert.deepEqual(frames, [{ unit: 7, pdu }]);
  }
});
