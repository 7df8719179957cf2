// The gate lets in what is signed, new and allowed; each other gets its reason. Asking and answering over one bus.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { Answer, Request, RequestEnvelope } from "@gridwright/contract/request.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { covers } from "@gridwright/protocols/mqtt/topic-filter.ts";
import { figure } from "../../../tests/tools/figure.ts";
import { signRequest } from "./request-mac.ts";
import { createRequester, risingSeq } from "./requester.ts";
import { createRequestGate } from "./requests.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const KEYS: Readonly<Record<string, Buffer>> = {
  "house-4": Buffer.alloc(24, 4),
  workshop: Buffer.alloc(24, 9),
};

/** A bus within one process; messages arrive at once. */
function fakeBus() {
  const listeners: [string, (topic: string, payload: string, retained: boolean) => void][] = [];
  const said: [string, string][] = [];
  const deliver = (topic: string, payload: string, retained = false): void => {
    for (const [filter, listener] of listeners) if (covers(filter, topic)) listener(topic, payload, retained);
  };
  const bus: Bus = {
    publish: (topic, payload) => {
      said.push([topic, payload]);
      deliver(topic, payload);
    },
    subscribe: (filter, listener) => {
      listeners.push([filter, listener]);
    },
    connected: true,
    close: async () => undefined,
  };
  const answers = (): Answer[] =>
    said.flatMap(([topic, payload]) => (topic.includes("/answer/") ? [JSON.parse(payload) as Answer] : []));
  return { bus, deliver, answers };
}

function gateAt(time: { now: number }, seqFloor = {}) {
  const fake = fakeBus();
  const gate = createRequestGate({
    siteId: "valley",
    keys: (issuer) => (Object.hasOwn(KEYS, issuer) ? KEYS[issuer] : undefined),
    roles: (issuer) => (issuer === "workshop" ? ["technician", "member"] : ["member"]),
    bus: fake.bus,
    now: () => mono(time.now),
    log,
    seqFloor,
  });
  return { ...fake, gate };
}

const wish = (change: Partial<Request> = {}): Request => ({
  id: "wish-0001",
  issuer: "house-4",
  role: "member",
  seq: 12,
  ttlMs: 60_000,
  body: { kind: "switch", asset: "house-4-heater", on: true, why: "bath" },
  ...change,
});
const signed = (change: Partial<Request> = {}, key = "house-4"): RequestEnvelope =>
  signRequest(wish(change), KEYS[key] ?? Buffer.alloc(24));
const TOPIC = "gridwright/valley/request/house-4";

test("a signed, new request in an allowed role comes in once", () => {
  const { gate, deliver } = gateAt({ now: 5_000 });
  deliver(TOPIC, JSON.stringify(signed()));
  deliver(TOPIC, JSON.stringify(signed()));
  assert.deepEqual(gate.take(), [wish()]);
  assert.deepEqual(gate.take(), []);
  assert.deepEqual(gate.seqFloor(), { "house-4": 12 });
});

test("what the gate refuses, and why", () => {
  const { mac } = signed();
  //  case                                       topic's issuer  message                                              reason
  const table: [string, string, unknown, string][] = [
    ["signed with another's key", "house-4", signed({}, "workshop"), "answer-forged"],
    ["changed after it was signed", "house-4", { ...signed(), ttlMs: 90_000 }, "answer-forged"],
    ["said on another's topic", "workshop", signed(), "answer-forged"],
    ["from a stranger", "house-9", signed({ issuer: "house-9" }), "answer-forged"],
    ["from a name that every object has", "constructor", signed({ issuer: "constructor" }), "answer-forged"],
    ["in a role that is not its own", "house-4", signed({ role: "technician" }), "answer-role"],
    ["with a seq that was used", "house-4", signed({ id: "wish-0002", seq: 11 }), "answer-replayed"],
    ["with a field too many", "house-4", { ...signed(), force: true }, "answer-malformed"],
    ["with a ttl beyond measure", "house-4", { ...signed(), ttlMs: 900_001 }, "answer-malformed"],
    ["with half a signature", "house-4", { ...signed(), mac: mac.slice(0, 32) }, "answer-malformed"],
  ];
  for (const [what, issuer, message, reason] of table) {
    const { gate, deliver, answers } = gateAt({ now: 5_000 }, { "house-4": 11 });
    deliver(`gridwright/valley/request/${issuer}`, JSON.stringify(message));
    assert.deepEqual(gate.take(), [], what);
    const [answer, ...rest] = answers();
    assert.deepEqual([answer?.reason.code, answer?.issuer, rest.length], [reason, issuer, 0], what);
    assert.deepEqual([gate.refused, gate.seqFloor()["house-4"]], [1, 11], what);
  }
  figure("R6", { ways: table.length });
});

test("a retained request is refused, garbage is counted", () => {
  const { gate, deliver, answers } = gateAt({ now: 5_000 });
  deliver(TOPIC, JSON.stringify(signed()), true);
  assert.deepEqual(answers()[0]?.reason.params, { why: "requests must not be retained" });
  for (const garbage of ["", "null", "[7]", "{", '{"id":3}', `{"id":"${"x".repeat(5_000)}"}`])
    deliver(TOPIC, garbage);
  assert.deepEqual([gate.take().length, gate.refused, answers().length], [0, 7, 1]);
});

test("a replay after the answer is refused, whatever the order", () => {
  const { gate, deliver, answers } = gateAt({ now: 5_000 });
  deliver(TOPIC, JSON.stringify(signed({ seq: 31 })));
  gate.take();
  deliver(TOPIC, JSON.stringify(signed({ seq: 31 })));
  deliver(TOPIC, JSON.stringify(signed({ seq: 30, id: "wish-0003" })));
  assert.deepEqual(
    answers().map(({ id, reason }) => [id, reason.code]),
    [
      ["wish-0001", "answer-replayed"],
      ["wish-0003", "answer-replayed"],
    ],
  );
});

test("an id that comes again, signed anew with a higher seq, is no second request", () => {
  const { gate, deliver, answers } = gateAt({ now: 5_000 });
  deliver(TOPIC, JSON.stringify(signed({ seq: 31 })));
  deliver(TOPIC, JSON.stringify(signed({ seq: 32 })));
  assert.deepEqual(
    gate.take().map(({ seq }) => seq),
    [31],
  );
  assert.deepEqual(
    answers().map(({ reason }) => reason.code),
    ["answer-replayed"],
  );
});

test("a wish that waited longer than its time to live is too late; a hold never is", () => {
  const time = { now: 5_000 };
  const { gate, deliver, answers } = gateAt(time);
  const body = { kind: "hold", asset: "saw", why: "blade" } as const;
  deliver(TOPIC, JSON.stringify(signed({ ttlMs: 700 })));
  deliver(TOPIC, JSON.stringify(signed({ id: "hold-0001", seq: 13, ttlMs: 700, body })));
  time.now = 5_701;
  assert.deepEqual(
    gate.take().map(({ id }) => id),
    ["hold-0001"],
  );
  assert.deepEqual(
    answers().map(({ reason }) => reason.code),
    ["answer-expired"],
  );
});

test("a flood leaves the gate with a bounded queue", () => {
  const { gate, deliver } = gateAt({ now: 5_000 });
  for (let seq = 40; seq < 1_040; seq += 1)
    deliver(TOPIC, JSON.stringify(signed({ seq, id: `wish-${seq}` })));
  assert.deepEqual([gate.take().length, gate.refused], [256, 744]);
});

/** A clock whose sleepers wake when told. */
function fakeClock() {
  const wake: (() => void)[] = [];
  const clock: Clock = {
    now: () => mono(3_000),
    wall: () => epoch(1_700_000),
    sleep: (_duration, signal) =>
      new Promise((resolve, reject) => {
        wake.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  return {
    clock,
    wakeAll: () => {
      for (const one of wake.splice(0)) one();
    },
  };
}

test("who asks gets control's answer to that question, or learns that there is none", async () => {
  const { gate, bus } = gateAt({ now: 5_000 });
  const { clock, wakeAll } = fakeClock();
  let byte = 16;
  const asking = createRequester({
    bus,
    siteId: "valley",
    issuer: "workshop",
    key: KEYS.workshop ?? Buffer.alloc(0),
    seq: risingSeq(clock),
    random: (bytes) => new Uint8Array(bytes).fill(byte++),
    io: clock,
  });
  const body = { kind: "clear-hold", asset: "saw", why: "new blade" } as const;
  const ask = () => asking.send({ role: "technician", body, ttlMs: millis(30_000) });
  const [first, second] = [ask(), ask()];
  const taken = gate.take();
  assert.deepEqual(
    taken.map(({ seq }) => seq),
    [1_700_000, 1_700_001],
  );
  for (const { id, issuer } of taken.toReversed())
    gate.answer({ id, issuer, outcome: "accepted", reason: { code: "answer-accepted", params: { of: id } } });
  assert.equal((await first).id, "10".repeat(12));
  assert.equal((await second).id, "11".repeat(12));
  const lost = ask();
  wakeAll();
  await assert.rejects(lost, { code: "request-timeout" });
});
