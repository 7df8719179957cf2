// Commands that wait for a box: one per channel, the newest. Each ends by the box's own word, by its caller's patience or
// with the line. A lease is counted from when it was asked for, so that a late or repeated frame never lengthens it.
import { type ErrorCode, GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command } from "@gridwright/contract/ports.ts";
import { elapsed, later, type Mono, millis } from "@gridwright/contract/units.ts";
import { CHANNELS, LEASE_MAX_MS } from "../protocol/codes.ts";
import type { Heard, Said } from "./conversation.ts";

/** So long a channel is held in its state of rest when a deviation is released; then its own policy holds it there. */
const RELEASE_MS = 1_000;
/** What a channel waits for may be switched on by the next command. */
const INTERLOCK_PAUSE = millis(150);

interface Order {
  readonly channel: number;
  readonly output: "on" | "off";
  readonly leaseMs: number;
  readonly from: Mono;
  notBefore: Mono;
  readonly settle: (error?: GridwrightError) => void;
}

export interface Orders {
  /** Resolves when the box took it; rejects with link-down, request-timeout or command-refused. */
  give(command: Command, now: Mono, signal: AbortSignal): Promise<void>;
  /** The next one to be said now, oldest first. */
  next(now: Mono): Said | undefined;
  /** When that will be; undefined: none waits. */
  dueAt(): Mono | undefined;
  /** What the box answered to it. */
  answered(said: Said, heard: Heard, now: Mono): void;
  /** Nothing that waits will be said any more. */
  fail(code: ErrorCode, why: string): void;
}

function channelOf({ point, set }: Command): number | undefined {
  const [, number] = /^relay_(\d)$/.exec(point) ?? [];
  const channel = Number(number) - 1;
  return set.kind === "switch" && channel >= 0 && channel < CHANNELS ? channel : undefined;
}

type Fail = (code: ErrorCode, why: string) => GridwrightError;

/** What the box's word means for the order that it answers. */
function heed(order: Order, heard: Extract<Heard, { kind: "ack" }>, at: { now: Mono; fail: Fail }): void {
  const { result } = heard;
  if (result === "interlock") order.notBefore = later(at.now, INTERLOCK_PAUSE);
  else if (result === "done" || result === "waiting") order.settle();
  // With another session the line opens the box anew and refuses what waits.
  else if (result !== "wrong_session" && result !== "old_sequence")
    order.settle(at.fail("command-refused", `channel ${order.channel + 1}: ${result.replaceAll("_", " ")}`));
}

/** What is to be said of an order now; one whose lease is over is refused. */
function sayOf(order: Order, now: Mono, fail: Fail): Said | undefined {
  const { channel, output, leaseMs, from } = order;
  const left = Math.round(leaseMs - elapsed(from, now));
  if (left > 0) return { kind: "set", channel, output, ttl_ms: left };
  order.settle(fail("request-timeout", `channel ${channel + 1}: its lease ended before the box had it`));
  return undefined;
}

export function createOrders(device: string): Orders {
  const waiting = new Map<number, Order>();
  const fail: Fail = (code, why) => new GridwrightError(code, `${device}: ${why}`, { place: { device } });

  function give(command: Command, now: Mono, signal: AbortSignal): Promise<void> {
    const channel = channelOf(command);
    if (channel === undefined || command.set.kind !== "switch")
      return Promise.reject(fail("internal", `${command.point} is no channel that can be told so`));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (why?: GridwrightError): void => {
      signal.removeEventListener("abort", late);
      if (waiting.get(channel) === order) waiting.delete(channel);
      if (why === undefined) resolve();
      else reject(why);
    };
    const late = (): void =>
      settle(fail("request-timeout", `channel ${channel + 1} was not confirmed in time`));
    const leaseMs = Math.min(command.leaseMs ?? RELEASE_MS, LEASE_MAX_MS);
    const output = command.set.on ? "on" : "off";
    const order: Order = { channel, output, leaseMs, from: now, notBefore: now, settle };
    waiting.get(channel)?.settle(fail("request-timeout", "a newer command took its place"));
    waiting.set(channel, order);
    signal.addEventListener("abort", late, { once: true });
    if (signal.aborted) late();
    return promise;
  }

  return {
    give,
    next(now) {
      const order = [...waiting.values()].find(({ notBefore }) => notBefore <= now);
      return order && sayOf(order, now, fail);
    },
    dueAt: () => [...waiting.values()].map(({ notBefore }) => notBefore).sort((a, b) => a - b)[0],
    answered(said, heard, now) {
      if (said.kind !== "set" || heard.kind !== "ack") return;
      const order = waiting.get(said.channel);
      // A newer one may have taken its place meanwhile.
      if (order?.output === said.output) heed(order, heard, { now, fail });
    },
    fail(code, why) {
      for (const order of [...waiting.values()]) order.settle(fail(code, why));
    },
  };
}
