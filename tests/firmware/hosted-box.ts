// A box with a host on its line: the session opened, channels configured, and short words for what the tests do.
import assert from "node:assert/strict";
import { createBox, type EmulatedBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import { AMPS_PER_COUNT, type Supply, VOLTS_PER_COUNT } from "@gridwright/firmware-bridge/emulator/wave.ts";
import type { Message } from "@gridwright/firmware-bridge/src/protocol/messages.ts";

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;
type Channel = Omit<Of<"configure_channel">, "kind" | "session" | "channel">;
type Feeder = Omit<Of<"configure_box">, "kind" | "session">;

export const HEATER: Channel = {
  role: "load",
  on_silence: "off",
  level: "active_high",
  tier: 3,
  partner: 255,
  min_on_s: 0,
  min_off_s: 0,
  hold_max_s: 0,
  run_on_s: 0,
  silence_ms: 0,
  idle_ma: 300,
  run_ma: 2_000,
  overload_ma: 0,
};

export const FEEDER: Feeder = {
  duty: "feeder_box",
  nominal_dv: 2_300,
  rated_ma: 20_000,
  rated_va: 4_600,
  overload_percent: 150,
  slow_s: 0,
  volt_gain: VOLTS_PER_COUNT * 10_000,
  amp_gain: AMPS_PER_COUNT * 10_000,
  quiet_s: 1,
  stagger_s: 0,
};

/** ms for a frame there, a tick and a frame back. */
const ANSWER_MS = 8;
/** Events go before it. */
const BUSY_MS = 60;
const STORE_MS = 700;

/** What a host needs of a box, whatever chip it is. */
type OnLine = Pick<EmulatedBox, "told" | "send" | "resume" | "run">;

export function hostOn<B extends OnLine>(box: B) {
  let session = 0;
  const last = <K extends Message["kind"]>(kind: K): Of<K> => {
    const found = box.told.findLast(({ message }) => message.kind === kind)?.message;
    assert.ok(found, `the box said no ${kind}`);
    return found as Of<K>;
  };
  const open = (): Of<"hello"> => {
    box.send({ kind: "open", nonce: 0x5eed_c0de });
    box.run(ANSWER_MS);
    session = last("hello").session;
    box.resume(0);
    return last("hello");
  };
  const acks = (): number => box.told.filter(({ message }) => message.kind === "ack").length;
  const ask = (message: Message): string => {
    const before = acks();
    box.send(message);
    box.run(ANSWER_MS);
    for (let waited = 0; acks() === before; waited++) {
      assert.ok(waited < BUSY_MS, "the box did not answer");
      box.run(1);
    }
    return last("ack").result;
  };
  return {
    ...box,
    last,
    open,
    ask,
    session: () => session,
    set: (channel: number, output: "on" | "off", ttl_ms: number) =>
      ask({ kind: "set", session, channel, output, ttl_ms }),
    channel: (channel: number, of: Partial<Channel> = {}) =>
      ask({ kind: "configure_channel", session, channel, ...HEATER, ...of }),
    guard: (of: Partial<Feeder> = {}) => ask({ kind: "configure_box", session, ...FEEDER, ...of }),
    source: (source: Of<"set_source">["source"]) => ask({ kind: "set_source", session, source }),
    beat: () => box.send({ kind: "heartbeat", session }),
    stored: () => box.run(STORE_MS),
    events: () => box.told.map(({ message }) => message).filter((one) => one.kind === "event"),
  };
}

export const createHosted = (supply?: Supply) => hostOn(createBox(supply));
export type HostedBox = ReturnType<typeof createHosted>;

/** ms until the condition holds, looked at each quarter of a millisecond; Infinity where it never did. */
export function until(
  box: Pick<EmulatedBox, "run" | "atMs">,
  holds: () => boolean,
  withinMs: number,
): number {
  const from = box.atMs();
  while (!holds()) {
    if (box.atMs() - from > withinMs) return Number.POSITIVE_INFINITY;
    box.run(0.25);
  }
  return box.atMs() - from;
}
