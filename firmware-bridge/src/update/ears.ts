// What comes over a line, for who asks one thing at a time and waits for its answer with a deadline.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { elapsed, later, type Millis } from "@gridwright/contract/units.ts";
import type { Wire } from "../line/box-line.ts";

export interface Ears {
  /** What came since the last look, at the latest after this time; empty: nothing. Throws `link-down` once the line ended. */
  some(within: Millis): Promise<Uint8Array>;
  /** So many bytes, or undefined where they do not come in time. Throws `link-down` once the line ended. */
  exactly(count: number, within: Millis): Promise<Uint8Array | undefined>;
  /** What came so far is nobody's answer. */
  forget(): void;
}

export function listen(wire: Pick<Wire, "on" | "once">, io: Clock): Ears {
  let held = Buffer.alloc(0);
  let ended: string | undefined;
  let wake = (): void => undefined;
  const end = (why: string): void => {
    ended ??= why;
    wake();
  };
  wire.on("data", (chunk) => {
    held = Buffer.concat([held, chunk]);
    wake();
  });
  wire.on("error", (error) => end(error.message));
  wire.once("close", () => end("the port was closed"));

  async function has(count: number, within: Millis): Promise<boolean> {
    const until = later(io.now(), within);
    while (held.length < count) {
      if (ended !== undefined)
        throw new GridwrightError(
          "link-down",
          `The line to the box ended: ${ended}. Call again: what was begun is brought to its end.`,
        );
      const left = elapsed(io.now(), until);
      if (left <= 0) return false;
      const over = new AbortController();
      wake = () => over.abort();
      // Rejects only when it is woken.
      await io.sleep(left, over.signal).catch(() => undefined);
    }
    return true;
  }
  const take = (count: number): Uint8Array => {
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
  return {
    some: async (within) => ((await has(1, within)) ? take(held.length) : new Uint8Array()),
    exactly: async (count, within) => ((await has(count, within)) ? take(count) : undefined),
    forget: () => void take(held.length),
  };
}
