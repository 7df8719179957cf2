// The pure parts of the client: breaker, back-off, schedule, probe, and the codec around modbus-serial.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, mono } from "@gridwright/contract/units.ts";
import {
  type Breaker,
  type BreakerEvent,
  CLOSED,
  mayAsk,
  nextBreaker,
} from "@gridwright/protocols/modbus/breaker.ts";
import type { Write } from "@gridwright/protocols/modbus/commands.ts";
import type { Span } from "@gridwright/protocols/modbus/plan.ts";
import { choose, dueAfter, nextAction, nextDue, type Turn } from "@gridwright/protocols/modbus/schedule.ts";
import { answer } from "@gridwright/protocols/modbus/server.ts";
import { backoff } from "./backoff.ts";
import { createPduCodec } from "./pdu-codec.ts";
import { probeFor } from "./probe.ts";

const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

test("the breaker: every state and every event", () => {
  const now = mono(90_000);
  const timeout = millis(200);
  const twice: Breaker = { state: "closed", failures: 2 };
  const open: Breaker = { state: "open", since: mono(89_500), wait: millis(1_000) };
  const over: Breaker = { state: "open", since: mono(80_000), wait: millis(8_000) };
  const half: Breaker = { state: "half-open", wait: millis(8_000) };
  const rows: readonly [sentence: string, from: Breaker, event: BreakerEvent, to: Breaker][] = [
    ["a first failure is only counted", CLOSED, "failed", { state: "closed", failures: 1 }],
    [
      "the third in a row opens it for five timeouts",
      twice,
      "failed",
      { state: "open", since: now, wait: millis(1_000) },
    ],
    ["an answer forgets failures", twice, "answered", CLOSED],
    ["asking changes nothing while closed", twice, "asked", twice],
    ["an open one is not asked before its time", open, "asked", open],
    ["after its time one request goes out", over, "asked", { state: "half-open", wait: millis(8_000) }],
    ["a command's failure does not lengthen the pause", open, "failed", open],
    ["a command's answer closes it", open, "answered", CLOSED],
    [
      "the trial failed: twice the pause",
      half,
      "failed",
      { state: "open", since: now, wait: millis(16_000) },
    ],
    ["the trial was answered: closed", half, "answered", CLOSED],
    ["further requests of the trial change nothing", half, "asked", half],
  ];
  for (const [sentence, from, event, to] of rows)
    assert.deepEqual(nextBreaker(from, event, { now, timeout }), to, sentence);
  const longest = nextBreaker({ state: "half-open", wait: millis(29_000) }, "failed", { now, timeout });
  assert.equal(longest.state === "open" && longest.wait, 30_000);
  assert.deepEqual(
    [CLOSED, open, over, half].map((each) => mayAsk(each, now)),
    [true, false, true, true],
  );
});

test("waits between attempts to connect double, end at ten seconds, and shrink with a fast plant", () => {
  const rows: readonly [failures: number, random: number, speed: number, ms: number][] = [
    [1, 1, 1, 250],
    [2, 0.5, 1, 375],
    [4, 0, 1, 1_000],
    [60, 1, 1, 10_000],
    [5, 1, 4, 1_000],
    [3, 1, 60, 100],
  ];
  for (const [failures, random, speed, ms] of rows) assert.equal(backoff(failures, random, speed), ms);
});

test("the group whose deadline passed first is read; a floor of real time keeps a fast plant in check", () => {
  const turn = (dueAt: number, readAt = 20): Turn => ({
    periodMs: 200,
    dueAt: mono(dueAt),
    readAt: mono(readAt),
  });
  const now = { plant: mono(5_000), io: mono(70) };
  const late = turn(4_700);
  assert.deepEqual(choose([turn(4_900), late, turn(5_300)], now), { kind: "read", turn: late });
  assert.deepEqual(choose([turn(5_300), turn(5_120)], now), { kind: "wait", plant: 120, io: 60_000 });
  assert.deepEqual(choose([turn(4_900, 68), turn(5_120)], now), { kind: "wait", plant: 120, io: 3 });
  const two = [turn(4_900), late];
  assert.deepEqual(nextAction({ commands: 2, turns: two }, now), { kind: "command" }, "commands go first");
  assert.deepEqual(nextAction({ commands: 0, turns: two }, now), { kind: "read", turn: late });
  assert.equal(
    dueAfter(turn(4_100), { now: mono(5_000), asked: false }),
    5_200,
    "left alone for a whole period",
  );
  assert.equal(dueAfter(turn(4_900), { now: mono(4_950), asked: true }), 5_100);
  assert.equal(nextDue(turn(4_900), mono(4_950)), 5_100);
  assert.equal(nextDue(turn(4_100), mono(5_000)), 5_000, "what was missed is not caught up");
});

test("a probe has a length that no outstanding answer has", () => {
  const rows: readonly [span: Span, outstanding: readonly number[], probe: string][] = [
    [{ table: "holding", address: 40, count: 6 }, [14], "40+5"],
    [{ table: "holding", address: 40, count: 6 }, [14, 12], "40+7"],
    [{ table: "input", address: 40, count: 1 }, [4], "40+2"],
    [{ table: "coil", address: 3, count: 16 }, [4], "3+8"],
    [{ table: "coil", address: 3, count: 5 }, [3], "3+13"],
    [{ table: "holding", address: 0xffff, count: 1 }, [4], "65535+1"],
  ];
  for (const [span, outstanding, probe] of rows) {
    const { address, count } = probeFor(span, new Set(outstanding));
    assert.equal(`${address}+${count}`, probe);
  }
});

test("requests and answers pass through modbus-serial as the standard has them", () => {
  const codec = createPduCodec();
  const spans: readonly [Span, request: string, response: string, words: readonly number[]][] = [
    [{ table: "coil", address: 0x13, count: 10 }, "010013000a", "0102cd01", [1, 0, 1, 1, 0, 0, 1, 1, 1, 0]],
    [{ table: "discrete", address: 0xc4, count: 3 }, "0200c40003", "020105", [1, 0, 1]],
    [{ table: "holding", address: 0x6b, count: 3 }, "03006b0003", "0306022b00000064", [555, 0, 100]],
    [{ table: "input", address: 8, count: 1 }, "0400080001", "0402000a", [10]],
  ];
  for (const [span, request, response, words] of spans) {
    const asked = codec.read(span);
    const bytes = Buffer.from(response, "hex");
    assert.equal(hex(asked.pdu), request);
    assert.equal(asked.length, bytes.length);
    assert.ok(asked.answers(bytes));
    assert.ok(!asked.answers(Buffer.concat([bytes, Buffer.of(7, 7)])));
    assert.deepEqual(asked.parse(bytes), words);
  }
  const writes: readonly [Write, request: string, echo: string][] = [
    [{ function: 5, address: 0xac, raw: 0xff00 }, "0500acff00", "0500acff00"],
    [{ function: 5, address: 0xac, raw: 0 }, "0500ac0000", "0500ac0000"],
    [{ function: 5, address: 0x203, raw: 300 }, "050203012c", "050203012c"],
    [{ function: 6, address: 0x105, words: [0x1234] }, "0601051234", "0601051234"],
    [{ function: 15, address: 0x13, bits: [1, 0, 1] }, "0f001300030105", "0f00130003"],
    [{ function: 16, address: 0x105, words: [0x1234, 0x5678] }, "10010500020412345678", "1001050002"],
  ];
  for (const [write, request, echo] of writes) {
    const asked = codec.write(write);
    assert.equal(hex(asked.pdu), request);
    assert.ok(asked.answers(Buffer.from(echo, "hex")));
    assert.ok(!asked.answers(Buffer.from(echo.replace(/..$/, "77"), "hex")));
    assert.equal(asked.parse(Buffer.from(echo, "hex")), undefined);
  }
});

test("what modbus-serial would send unchecked is refused before it is sent", () => {
  const codec = createPduCodec();
  const bug = { code: "internal" };
  assert.throws(() => codec.read({ table: "holding", address: 5, count: 126 }), bug);
  assert.throws(() => codec.read({ table: "holding", address: 5, count: 0 }), bug);
  assert.throws(() => codec.read({ table: "input", address: 65_535, count: 2 }), bug);
  assert.throws(() => codec.read({ table: "coil", address: 5, count: 2_001 }), bug);
  assert.throws(() => codec.write({ function: 6, address: 5, words: [3.7] }), bug);
  assert.throws(() => codec.write({ function: 6, address: 5, words: [-4] }), bug);
  assert.throws(() => codec.write({ function: 16, address: 5, words: [] }), bug);
  assert.throws(() => codec.write({ function: 6, address: 5, words: [3, 4] }), bug);
});

test("our answering side understands what modbus-serial asks", () => {
  const codec = createPduCodec();
  const asked = codec.read({ table: "holding", address: 30, count: 4 });
  const response = answer(asked.pdu, {
    read: (_, address, count) => Array.from({ length: count }, (_unused, index) => address * 100 + index),
    write: () => undefined,
  });
  assert.ok(asked.answers(response));
  assert.deepEqual(asked.parse(response), [3_000, 3_001, 3_002, 3_003]);
});
