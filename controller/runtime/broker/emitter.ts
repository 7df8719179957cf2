// The broker's message emitter: mqemitter keeps the subscriptions, the handing out is ours. mqemitter's own shifts
// a long array for each message, which costs most of its speed with many publishers, and it recurses over what
// waits for nobody: a backlog of a few thousand messages whose only subscriber left ends the process (stack overflow).
import { GridwrightError } from "@gridwright/contract/errors.ts";
import mqemitter from "mqemitter";
import { createRing } from "./ring.ts";

/** Messages that are handed out at the same time. */
const CONCURRENCY = 100;

type Message = mqemitter.Message;
type Listener = (message: Message, done: () => void) => void;
type Done = (error?: Error) => void;
interface Matcher {
  match(topic: string): readonly Listener[];
}

/**
 * An emitter for the broker's `mq` option. `next` numbers messages in the order in which they are handed out: aedes does
 * it as they come, and a client drops what has a lower number than its last. A retained message is stored before it is
 * handed out, so the one behind it overtook it, and a plug's «Online» was lost.
 * Throws `internal` where mqemitter's insides are no longer as known.
 */
export function createEmitter(next: () => number): mqemitter.MQEmitter {
  const emitter = mqemitter({ matchEmptyLevels: true });
  const matcher = Reflect.get(emitter, "_matcher") as Matcher | undefined;
  if (typeof matcher?.match !== "function")
    throw new GridwrightError("internal", "mqemitter has no _matcher any more: see broker/emitter.ts");
  const hand = createHandingOut(matcher);
  emitter.emit = (message, done = () => undefined) => {
    if (Reflect.get(emitter, "closed") === true) done(new Error("the broker is closed"));
    else {
      if ("brokerCounter" in message) message.brokerCounter = next();
      hand(message, done);
    }
  };
  return emitter;
}

/** Hands each message to all that match, at most `CONCURRENCY` at a time, the rest in order and without recursion. */
export function createHandingOut(matcher: Matcher): (message: Message, done: Done) => void {
  const waiting = createRing<readonly [Message, Done]>();
  let current = 0;
  let draining = false;
  const start = (message: Message, done: Done): void => {
    const listeners = matcher.match(message.topic);
    let left = listeners.length;
    if (left === 0) {
      done();
      return;
    }
    current += 1;
    const release = (): void => {
      left -= 1;
      if (left !== 0) return;
      current -= 1;
      done();
      drain();
    };
    for (const listener of listeners) listener(message, release);
  };
  const drain = (): void => {
    if (draining) return;
    draining = true;
    while (current < CONCURRENCY) {
      const next = waiting.shift();
      if (next === undefined) break;
      start(...next);
    }
    draining = false;
  };
  return (message, done) => {
    waiting.push([message, done]);
    drain();
  };
}
