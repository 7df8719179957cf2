// Numbers as people read them: power, shares, ages. Never a bare number without its unit, never torn from it at the
// end of a line.
import { numberText } from "@gridwright/contract/number-text.ts";
import type { Language } from "@gridwright/contract/reasons.ts";

const plain = (value: number, digits: number, language: Language): string =>
  numberText(value, { least: digits, most: digits }, language);

/** `340 W`, `2.4 kW`: a magnitude without sign, from W. */
export function powerText(watts: number, language: Language): string {
  const size = Math.abs(watts);
  if (size < 999.5)
    return `${plain(size < 10 ? Math.round(size) : Math.round(size / 10) * 10, 0, language)}\u00a0W`;
  return `${plain(size / 1_000, size < 99_950 ? 1 : 0, language)}\u00a0kW`;
}

/** `340 Wh`, `4.2 kWh`: from Wh. */
export const energyText = (wh: number, language: Language): string =>
  wh < 999.5 ? `${plain(wh, 0, language)}\u00a0Wh` : `${plain(wh / 1_000, 1, language)}\u00a0kWh`;

/** `340 kB`, `71 MB`: from bytes. */
export const bytesText = (bytes: number, language: Language): string =>
  bytes < 999_500
    ? `${plain(bytes / 1_000, 0, language)}\u00a0kB`
    : `${plain(bytes / 1_000_000, bytes < 9_950_000 ? 1 : 0, language)}\u00a0MB`;

/** `63 %` from 0..1. */
export const shareText = (ratio: number, language: Language): string =>
  `${plain(ratio * 100, 0, language)}\u00a0%`;

/** `40 s`, `5 min`, `3 h`, `2 d`: a rough age from ms. */
export function ageText(ms: number, language: Language): string {
  const size = Math.max(0, ms);
  if (size < 90_000) return `${plain(size / 1_000, 0, language)}\u00a0s`;
  if (size < 5_400_000) return `${plain(size / 60_000, 0, language)}\u00a0min`;
  if (size < 172_800_000) return `${plain(size / 3_600_000, 0, language)}\u00a0h`;
  return `${plain(size / 86_400_000, 0, language)}\u00a0d`;
}
