// Several names as a person would list them: what they share is said once.
import type { Language } from "@gridwright/contract/reasons.ts";

const NUMBERED = /^(.*\D)(\d+)$/;

/** `Water heater of house 1, 4 and 7`; names that do not differ by a last number are listed in full. */
export function namesText(names: readonly string[], language: Language): string {
  const list = new Intl.ListFormat(language);
  const inOrder = names.toSorted(new Intl.Collator(language, { numeric: true }).compare);
  const parts = inOrder.map((name) => NUMBERED.exec(name));
  const [prefix] = parts.map((part) => part?.[1]);
  if (names.length < 2 || prefix === undefined || parts.some((part) => part?.[1] !== prefix))
    return list.format(inOrder);
  return prefix + list.format(parts.map((part) => part?.[2] ?? ""));
}
