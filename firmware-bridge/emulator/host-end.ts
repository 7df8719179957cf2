// The host's end of an emulated box's line: what the box said, and messages with their numbers.
import { decodeMessage, encodeMessage } from "../src/protocol/codec.ts";
import { FIRST_ADDRESS } from "../src/protocol/codes.ts";
import { createCutter } from "../src/protocol/frame.ts";
import type { Message } from "../src/protocol/messages.ts";
import type { Wave } from "./wave.ts";

/** How a box is set up on its line; none: alone, the first address. */
export interface Jumpers {
  readonly address?: number;
  readonly shared?: true;
}

/** What a chip is joined to, whichever it is. */
export interface Ends {
  readonly wave: Wave;
  readonly hear: (byte: number) => void;
  readonly jumpers: Jumpers;
}

/** Whether a jumper of the address (by its bit) is open: all open is the first address. */
export const isOpen = ({ address = FIRST_ADDRESS }: Jumpers, bit: number): boolean =>
  ((address - FIRST_ADDRESS) & (1 << bit)) === 0;

export interface Told {
  readonly atMs: number;
  readonly message: Message;
}

/** All that was said, over every start of the chip. */
export function createListener(atMs: () => number) {
  const told: Told[] = [];
  return {
    told,
    /** Hears one life of the chip, byte by byte. */
    listen(): (byte: number) => void {
      const cut = createCutter();
      return (byte) => {
        for (const piece of cut(Uint8Array.of(byte))) {
          const heard = decodeMessage(piece);
          if (typeof heard === "string") throw new Error(`the box sent a broken frame: ${heard}`);
          told.push({ atMs: atMs(), message: heard.message });
        }
      };
    },
  };
}

export function createSender(
  { write }: { readonly write: (bytes: Uint8Array) => void },
  { address = FIRST_ADDRESS }: Jumpers,
) {
  let sequence = 0;
  return {
    send(message: Message): Uint8Array {
      const frame = encodeMessage(++sequence, message, address);
      write(frame);
      return frame;
    },
    /** The next message gets the number after this one. */
    resume(from: number): void {
      sequence = from;
    },
  };
}
