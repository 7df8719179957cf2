// Numbers in a language, with formatters that are made once: to make one takes longer than to use it a hundred times.
import type { Language } from "./reasons.ts";

export interface Digits {
  /** Behind the point. */
  readonly least: number;
  readonly most: number;
}

const formats = new Map<string, Intl.NumberFormat>();

/** `1,234.5` or `1.234,5`. */
export function numberText(value: number, { least, most }: Digits, language: Language): string {
  const name = `${language} ${least} ${most}`;
  const format =
    formats.get(name) ??
    new Intl.NumberFormat(language, { minimumFractionDigits: least, maximumFractionDigits: most });
  formats.set(name, format);
  return format.format(value);
}
