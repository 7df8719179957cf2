// The few words of STK500 version 1 that optiboot knows (Atmel application note AVR061): how flash is read and written through
// the boot loader of an ATmega328P. A page is asked back after it was written: optiboot itself proves nothing.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import type { Ears } from "./ears.ts";

export const PAGE_BYTES = 128;
/** Of an ATmega328P. */
export const SIGNATURE = "1e950f";

const LEAVE = 0x51;
const LOAD_ADDRESS = 0x55;
const WRITE_PAGE = 0x64;
const READ_PAGE = 0x74;
const READ_SIGNATURE = 0x75;
const END_OF_COMMAND = 0x20;
const IN_SYNC = 0x14;
const OK = 0x10;
const FLASH = 0x46;
/** A page travels for 12 ms at 115 200 and is written within 9 ms; this machine may be busy. */
const ANSWER = millis(3_000);
/** The boot loader listens for a second after a reset and after each byte, and blinks for 0.3 s before. */
const CALL = millis(60);
const SETTLED = millis(250);

export interface Stk500 {
  /**
   * Whether a boot loader answers now. A lost or a left byte would make the next command another one, on which it resets. So it is
   * called by single ends of a command: each two of them are answered, whichever they are, and after an answer to the last one
   * nothing is left.
   */
  call(): Promise<boolean>;
  /** As hex. */
  signature(): Promise<string>;
  read(at: number, bytes: number): Promise<Uint8Array>;
  write(at: number, page: Uint8Array): Promise<void>;
  /** The box starts its own program. */
  leave(): Promise<void>;
}

interface Line {
  readonly wire: { write(bytes: Uint8Array): unknown };
  readonly ears: Ears;
  readonly io: Clock;
}

/** What is mended by a reset and the same once more. */
export const isLost = (error: unknown): boolean =>
  error instanceof GridwrightError && (error.code === "request-timeout" || error.code === "reply-malformed");

export function createStk500({ wire, ears }: Line): Stk500 {
  async function ask(
    command: readonly number[],
    answerBytes = 0,
    content: Uint8Array = new Uint8Array(),
  ): Promise<Uint8Array> {
    ears.forget();
    wire.write(Uint8Array.of(...command, ...content, END_OF_COMMAND));
    const answer = await ears.exactly(answerBytes + 2, ANSWER);
    if (answer === undefined)
      throw new GridwrightError("request-timeout", "The boot loader does not answer any more.");
    if (answer[0] !== IN_SYNC || answer.at(-1) !== OK)
      throw new GridwrightError("reply-malformed", "The boot loader answers something else.");
    return answer.subarray(1, -1);
  }
  /** Says the end of a command, and what comes of it. */
  async function ended(within: Millis): Promise<"silent" | "answered" | "otherwise"> {
    wire.write(Uint8Array.of(END_OF_COMMAND));
    const answer = await ears.exactly(2, within);
    if (answer === undefined) return "silent";
    return answer[0] === IN_SYNC && answer[1] === OK ? "answered" : "otherwise";
  }
  const length = (bytes: number): readonly number[] => [bytes >> 8, bytes & 0xff, FLASH];
  /** It counts in words. */
  const goTo = (at: number): Promise<Uint8Array> => ask([LOAD_ADDRESS, (at >> 1) & 0xff, at >> 9]);
  return {
    async call() {
      ears.forget();
      if ((await ended(CALL)) !== "answered") return false;
      // What it had not read yet is answered too; only then whether a byte is left can be told.
      while ((await ears.some(SETTLED)).length > 0);
      const first = await ended(SETTLED);
      return first === "answered" || (first === "silent" && (await ended(ANSWER)) === "answered");
    },
    signature: async () => Buffer.from(await ask([READ_SIGNATURE], 3)).toString("hex"),
    async read(at, bytes) {
      await goTo(at);
      return ask([READ_PAGE, ...length(bytes)], bytes);
    },
    async write(at, page) {
      await goTo(at);
      await ask([WRITE_PAGE, ...length(page.length)], 0, page);
    },
    leave: async () => void (await ask([LEAVE])),
  };
}
