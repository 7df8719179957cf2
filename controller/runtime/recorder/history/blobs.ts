// Blocks of the history as they come from the card. One that is damaged is told and left out: it is a gap, and never
// costs the others.
import { messageOf } from "@gridwright/contract/errors.ts";
export type OnDamage = (why: string) => void;

const bytesOf = (blob: unknown): Uint8Array => {
  if (blob instanceof Uint8Array) return blob;
  throw new TypeError("a history block is no blob");
};

/** What the rows' `data` hold, in order. */
export function blobsOf<T>(
  rows: readonly object[],
  decode: (blob: Uint8Array) => readonly T[],
  onDamage: OnDamage,
): readonly T[] {
  return rows.flatMap((row) => {
    try {
      return decode(bytesOf("data" in row ? row.data : undefined));
    } catch (error) {
      onDamage(messageOf(error));
      return [];
    }
  });
}
