// Messages that every implementation must encode to the same bytes: for each row of the table one with ordinary values,
// one with the greatest and one that is full of zero bytes, which the framing must hide. Pure, and the same each time.

import { encodeMessage, rangeOf } from "./codec.ts";
import { ADDRESS_MAX, CODES, type FieldKind, isCode } from "./codes.ts";
import { fieldsOf, MESSAGE_NAMES, type Message } from "./messages.ts";

export interface Vector {
  readonly address: number;
  readonly sequence: number;
  readonly message: Message;
  readonly frame: Uint8Array;
}

const PRIME = 7919;
type Pick = (kind: FieldKind, place: number) => number;
const PICKS: readonly Pick[] = [
  (kind, place) => ((place + 3) * PRIME * PRIME) % (rangeOf(kind)[1] + 1),
  (kind) => rangeOf(kind)[1],
  (kind, place) => (place % 3 === 1 ? rangeOf(kind)[0] : 0),
];

export function vectors(): Vector[] {
  return MESSAGE_NAMES.flatMap((kind, at) =>
    PICKS.map((pick, variant) => {
      const values = fieldsOf(kind).map(([field, of], place) => {
        const number = pick(of, place);
        return [field, isCode(of) ? CODES[of][number] : number];
      });
      const message = { kind, ...Object.fromEntries(values) } as Message;
      const sequence = ((at + 2) * PRIME * (variant === 2 ? 0 : 1)) & 0xffff;
      const address = 1 + ((5 * at + variant) % ADDRESS_MAX);
      return { address, sequence, message, frame: encodeMessage(sequence, message, address) };
    }),
  );
}
