import assert from "node:assert/strict";
import { test } from "node:test";
import shared from "../../generated/vectors.json" with { type: "json" };
import { decodeMessage, decodePayload, encodeMessage, encodePayload } from "./codec.ts";
import { CHANNELS, PAYLOAD_BYTES_MAX } from "./codes.ts";
import { MESSAGE_NAMES, MESSAGES, type Message, payloadBytes } from "./messages.ts";

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
const set = { kind: "set", session: 0x4a3b2c1d, channel: 2, output: "on", ttl_ms: 61_234 } as const;

//  message, and its payload reckoned by hand
const BY_HAND: readonly (readonly [Message, string])[] = [
  [set, "1d2c3b4a0201" + "32ef0000"],
  [{ kind: "heartbeat", session: 0x807060a5 }, "a5607080"],
  [{ kind: "set_source", session: 0x00010203, source: "generator" }, "0302010003"],
  [
    {
      kind: "measure",
      voltage_cv: 23_017,
      current_ma: 70_000,
      frequency_mhz: 49_985,
      apparent_va: 3_333,
      power_w: -1_234,
      energy_wh: 5,
      thermistor: 0x0203,
    },
    "e959" + "70110100" + "41c30000" + "050d0000" + "2efbffff" + "05000000" + "0302",
  ],
];

for (const [message, payload] of BY_HAND) {
  test(`${message.kind} is ${payload}`, () => {
    assert.equal(hex(encodePayload(message)), payload);
    assert.deepEqual(decodePayload(MESSAGES[message.kind].type, Buffer.from(payload, "hex")), message);
  });
}

for (const [at, { address, sequence, message, frame }] of shared.entries()) {
  test(`shared vector ${at} (${message.kind}) is written and read as it stands in the file`, () => {
    assert.equal(hex(encodeMessage(sequence, message as Message, address)), frame);
    assert.deepEqual(decodeMessage(Buffer.from(frame, "hex").subarray(1, -1)), {
      address,
      sequence,
      message,
    });
  });
}

test("what does not fit its field is not sent", () => {
  const wrong: readonly unknown[] = [
    { ...set, channel: 256 },
    { ...set, channel: -3 },
    { ...set, ttl_ms: 2.5 },
    { ...set, output: "dim" },
    { ...set, session: undefined },
  ];
  for (const message of wrong) assert.throws(() => encodePayload(message as Message), RangeError);
  assert.throws(() => encodeMessage(65_536, set), RangeError);
});

test("an unknown type, another length and a word that is in no list are no message", () => {
  const payload = encodePayload(set);
  assert.equal(decodePayload(0x3f, payload), undefined);
  assert.equal(decodePayload(MESSAGES.set.type, payload.subarray(1)), undefined);
  assert.equal(decodePayload(MESSAGES.set.type, payload.with(5, 2)), undefined);
});

test("types differ, every payload fits a frame, and commands but open begin with the session", () => {
  const types = MESSAGE_NAMES.map((name) => MESSAGES[name].type);
  assert.equal(new Set(types).size, types.length);
  for (const name of MESSAGE_NAMES) {
    assert.ok(payloadBytes(name) <= PAYLOAD_BYTES_MAX, name);
    const first = Object.keys(MESSAGES[name].fields)[0];
    if (MESSAGES[name].from === "host" && name !== "open") assert.equal(first, "session", name);
  }
  const causes = Object.keys(MESSAGES.state.fields).filter((field) => field.startsWith("cause_"));
  assert.equal(causes.length, CHANNELS);
});
