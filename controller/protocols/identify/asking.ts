// What identification asks of a unit and what it is told: questions as data, so that who asks owns the line.

export type Question =
  | {
      readonly kind: "read";
      readonly table: "input" | "holding";
      readonly address: number;
      readonly count: number;
    }
  /** A request of another function than reading registers; its first byte is its code. */
  | { readonly kind: "other"; readonly pdu: Uint8Array };

/** Words of a read, or the PDU of another request's response. */
export type Reply = { readonly words: readonly number[] } | { readonly pdu: Uint8Array };

/** A conversation: it yields questions, is given replies (undefined: refused or silent), and ends with what it found. */
export type Asking<T> = Generator<Question, T, Reply | undefined>;

/** Words of registers; undefined where the device does not give them. */
export function* readWords(
  table: "input" | "holding",
  address: number,
  count: number,
): Asking<readonly number[] | undefined> {
  const reply = yield { kind: "read", table, address, count };
  return reply !== undefined && "words" in reply && reply.words.length === count ? reply.words : undefined;
}
