// A line beside the accounts, booked: chained and signed as a slot is, moving no energy.
import type { SettleOptions } from "./settler.ts";

/** Rejects where nothing is settled yet, and with the card's own error. */
export async function bookNote(
  { kept, wall }: Pick<SettleOptions, "kept" | "wall">,
  { by, text }: { readonly by: string; readonly text: string },
): Promise<void> {
  const { newest } = kept.book;
  if (newest === undefined) throw new Error("nothing is settled yet");
  await kept.write([{ k: "note", at: wall(), text, by }], newest);
}
