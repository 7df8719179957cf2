// The broker's message emitter: mqemitter with a ring in place of the arrays that it shifts. With 32 publishers its
// queue grows long and Array.shift moves it all for each message; the ring is several times faster (npm run bench).
import { GridwrightError } from "@gridwright/contract/errors.ts";
import mqemitter from "mqemitter";
import { createRing } from "./ring.ts";

/** Messages that are handed out at the same time. */
const CONCURRENCY = 100;

/** An emitter for the broker's `mq` option. Throws `internal` where mqemitter's insides are no longer as known. */
export function createEmitter(): mqemitter.MQEmitter {
  const emitter = mqemitter({ concurrency: CONCURRENCY, matchEmptyLevels: true });
  for (const queue of ["_messageQueue", "_messageCallbacks"]) {
    if (!Array.isArray(Reflect.get(emitter, queue)))
      throw new GridwrightError("internal", `mqemitter has no ${queue} any more: see broker/emitter.ts`);
    Reflect.set(emitter, queue, createRing());
  }
  return emitter;
}
