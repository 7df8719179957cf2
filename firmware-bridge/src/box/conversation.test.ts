import assert from "node:assert/strict";
import { test } from "node:test";
import type { CODES } from "../protocol/codes.ts";
import { MESSAGES, schemaHash } from "../protocol/messages.ts";
import type { Adoption } from "./adoption.ts";
import {
  type Asked,
  AWAY,
  answered,
  type Conversation,
  type Heard,
  MISSES_MAX,
  missed,
  type Said,
  settles,
  spoken,
  toldAgain,
} from "./conversation.ts";

const channel = (place: number): Adoption => ({
  ...{ kind: "configure_channel", channel: place, role: "load", on_silence: "on", level: "active_low" },
  ...{ tier: 2, partner: 255, min_on_s: 7, min_off_s: 11, hold_max_s: 3, run_on_s: 5, silence_ms: 2_100 },
  ...{ idle_ma: 310, run_ma: 1_450, overload_ma: 19_000 },
});
const ALL: readonly Adoption[] = [channel(1), channel(2), channel(3)];
const hello = (schema = schemaHash()): Heard => ({
  ...{ kind: "hello", nonce: 0x1d2c, session: 0x0004_0007, schema, firmware: 23 },
  ...{ reset: "watchdog", channels: 4, uptime_ms: 81_337, log_next: 9 },
});
const ack = (asked: Asked, result: (typeof CODES)["result"][number]): Heard => ({
  kind: "ack",
  of_type: MESSAGES[asked.said.kind].type,
  of_sequence: asked.sequence,
  result,
});
const OPEN: Said = { kind: "open", nonce: 0x1d2c };
const SET: Said = { kind: "set", channel: 2, output: "on", ttl_ms: 61_000 };
const BEAT: Said = { kind: "heartbeat" };

const adopting = answered(AWAY, { said: OPEN, sequence: 3 }, { heard: hello(), all: ALL });
/** The conversation after each channel was answered so. */
function told(results: readonly (typeof CODES)["result"][number][]): Conversation {
  return results.reduce((now, result) => {
    const [said] = now.toAdopt;
    assert.ok(said);
    const asked = { said, sequence: 5 };
    return answered(now, asked, { heard: ack(asked, result), all: ALL });
  }, adopting);
}
const shape = ({ phase, toAdopt, misses }: Conversation): string =>
  `${phase}, ${toAdopt.map((one) => ("channel" in one ? one.channel : "box")).join(" ") || "nothing"} left, ${misses} missed`;

//  case                                                    after                                        then
const COURSE: readonly (readonly [string, Conversation, string])[] = [
  ["a hello begins the adoption", adopting, "adopting, 1 2 3 left, 0 missed"],
  ["each channel is told in turn", told(["done"]), "adopting, 2 3 left, 0 missed"],
  ["it is ready when all are told", told(["done", "done", "done"]), "ready, nothing left, 0 missed"],
  ["a channel that is on takes its words later", told(["channel_on"]), "adopting, 2 3 left, 0 missed"],
  [
    "a value that it does not take makes it foreign",
    told(["done", "wrong_value"]),
    "foreign, 2 3 left, 0 missed",
  ],
  [
    "another table makes it foreign",
    answered(AWAY, { said: OPEN, sequence: 3 }, { heard: hello(0x1234_5678), all: ALL }),
    "foreign, 1 2 3 left, 0 missed",
  ],
  ["another session begins all anew", told(["done", "wrong_session"]), "away, nothing left, 0 missed"],
  ["so does a sequence that it had", told(["old_sequence"]), "away, nothing left, 0 missed"],
  ["a miss is borne", missed(told(["done"])), "adopting, 2 3 left, 1 missed"],
  [
    `${MISSES_MAX} misses in a row are the end`,
    missed(missed(missed(told(["done", "done", "done"])))),
    "away, nothing left, 3 missed",
  ],
];

for (const [name, after, then] of COURSE) test(name, () => assert.equal(shape(after), then));

test("a box whose channels are on is ready, and is told once more what they did not take", () => {
  const on = told(["done", "channel_on", "channel_on"]);
  assert.equal(shape(on), "ready, nothing left, 0 missed");
  assert.equal(shape(toldAgain(on)), "ready, 2 3 left, 0 missed");
  assert.deepEqual(toldAgain(on).later, []);
});

//  asked                                    heard                                                    settles
const SETTLED: readonly (readonly [string, Asked, Heard, boolean])[] = [
  ["an ack of its sequence", { said: SET, sequence: 7 }, ack({ said: SET, sequence: 7 }, "shed"), true],
  ["an ack of another sequence", { said: SET, sequence: 7 }, ack({ said: SET, sequence: 6 }, "done"), false],
  ["an ack of another message", { said: SET, sequence: 7 }, ack({ said: BEAT, sequence: 7 }, "done"), false],
  ["its own hello", { said: OPEN, sequence: 3 }, hello(), true],
  ["another host's hello", { said: { ...OPEN, nonce: 0x77 }, sequence: 3 }, hello(), false],
  ["an event to a heartbeat", { said: BEAT, sequence: 4 }, event(12), false],
  ["the entry of the log", { said: { kind: "read_log_entry", index: 12 }, sequence: 4 }, event(12), true],
  ["a newer event", { said: { kind: "read_log_entry", index: 11 }, sequence: 4 }, event(12), false],
];

function event(index: number): Heard {
  return { kind: "event", index, at_ms: 5_150, event: "shed_sag", channel: 255, value: 18_900 };
}

for (const [name, asked, heard, then] of SETTLED)
  test(`${name} ${then ? "is" : "is not"} the answer`, () => assert.equal(settles(asked, heard), then));

test("a command carries the session and the next sequence, an open neither", () => {
  const ready = { ...told(["done", "done", "done"]), sequence: 40 };
  assert.deepEqual(spoken(ready, SET)?.message, { ...SET, session: 0x0004_0007 });
  assert.equal(spoken(ready, SET)?.asked.sequence, 41);
  assert.deepEqual(spoken(ready, OPEN)?.message, OPEN);
  assert.equal(spoken({ ...ready, sequence: 65_535 }, SET), undefined);
});
