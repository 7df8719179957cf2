// What is well and what is not with the machine itself: clock, supply, heat, memory, room, wear. Pure; figures by their sources.
import type { Check, DoctorWord, Finding, FindingSeverity } from "@gridwright/contract/doctor-words.ts";
import type { BoardFacts, CardFacts, ClockFacts } from "./facts.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Older than this program: such a clock was never set. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
/** What a clock may be behind the journal without anybody being told. */
const BORNE_MS = 120_000;

export function finding(
  check: Check,
  severity: FindingSeverity,
  told: readonly [code: DoctorWord, params?: Finding["params"]],
): Finding {
  const [code, params = {}] = told;
  return { check, severity, code, params };
}

export function clockFindings({
  wall,
  newestRecord,
  isSynchronised,
  hasChip,
}: ClockFacts): readonly Finding[] {
  if (wall < EARLIEST_MS) return [finding("clock", "critical", ["clock-past"])];
  const behindMs = (newestRecord ?? 0) - wall;
  if (behindMs > BORNE_MS) return [finding("clock", "critical", ["clock-behind", { behindMs }])];
  if (isSynchronised === undefined) return [finding("clock", "unknown", ["clock-unknown"])];
  if (isSynchronised) return [finding("clock", "ok", ["clock-ok"])];
  return [
    hasChip ? finding("clock", "info", ["clock-chip"]) : finding("clock", "warning", ["clock-unsynced"]),
  ];
}

/** Bits of the firmware's word (vcgencmd get_throttled); those of «since the start» lie 16 higher. */
const BITS = { undervoltage: 0x1, capped: 0x2, throttled: 0x4, softLimit: 0x8 } as const;
const BEFORE = 16;

export function powerFindings({ throttled }: BoardFacts): readonly Finding[] {
  if (throttled === undefined) return [finding("power", "unknown", ["power-unknown"])];
  if ((throttled & BITS.undervoltage) !== 0) return [finding("power", "critical", ["power-low"])];
  if ((throttled & (BITS.undervoltage << BEFORE)) !== 0)
    return [finding("power", "warning", ["power-low-before"])];
  return [finding("power", "ok", ["power-ok"])];
}

/** The Pi's firmware slows down from 80 °C on, and hard at 85 °C. */
const HOT_C = 75;
const HEAT_BITS = BITS.capped | BITS.throttled | BITS.softLimit;

export function heatFindings({ celsius, throttled = 0 }: BoardFacts): readonly Finding[] {
  if ((throttled & HEAT_BITS) !== 0) return [finding("heat", "warning", ["heat-throttled"])];
  const before = (throttled & (HEAT_BITS << BEFORE)) !== 0;
  if (celsius === undefined && !before) return [finding("heat", "unknown", ["heat-unknown"])];
  if (celsius !== undefined && celsius >= HOT_C)
    return [finding("heat", "warning", ["heat-high", { tempC: Math.round(celsius) }])];
  if (before) return [finding("heat", "info", ["heat-throttled-before"])];
  return [finding("heat", "ok", ["heat-ok", { tempC: Math.round(celsius ?? 0) }])];
}

const MEMORY_LOW_RATIO = 0.1;
const MEMORY_NONE_RATIO = 0.04;
const SWAP_BORNE_BYTES = 50_000_000;

export function memoryFindings({
  availableBytes,
  memoryBytes,
  swapUsedBytes,
  oomKills,
}: BoardFacts): readonly Finding[] {
  const ratio = availableBytes / memoryBytes;
  const found: Finding[] = [];
  if (ratio < MEMORY_LOW_RATIO) {
    const severity = ratio < MEMORY_NONE_RATIO ? "critical" : "warning";
    found.push(finding("memory", severity, ["memory-low", { freeBytes: availableBytes }]));
  }
  if (oomKills > 0) found.push(finding("memory", "warning", ["memory-killed", { times: oomKills }]));
  if (swapUsedBytes > SWAP_BORNE_BYTES)
    found.push(finding("memory", "info", ["memory-swap", { swapBytes: swapUsedBytes }]));
  return found.length > 0 ? found : [finding("memory", "ok", ["memory-ok", { freeBytes: availableBytes }])];
}

const ROOM_LOW_RATIO = 0.1;
const ROOM_NONE_RATIO = 0.03;

export function roomFindings({ freeBytes, totalBytes }: CardFacts): readonly Finding[] {
  if (freeBytes === undefined || totalBytes === undefined || totalBytes === 0)
    return [finding("room", "unknown", ["room-unknown"])];
  const freeRatio = freeBytes / totalBytes;
  if (freeRatio >= ROOM_LOW_RATIO) return [finding("room", "ok", ["room-ok", { freeBytes }])];
  const severity = freeRatio < ROOM_NONE_RATIO ? "critical" : "warning";
  return [finding("room", severity, ["room-low", { freeBytes, freeRatio }])];
}

/** What a card is asked for at most in a day before a person is told. */
export const DAY_BYTES_MOST = 250_000_000;
/** Times that cells of a common card (TLC) can be written; makers promise 300 to 1,000. */
const CELL_CYCLES = 300;
/** Small synced writes cost a card several times what they hold. */
const AMPLIFICATION = 10;
const YEARS_LEAST = 5;
/** More is not told: the rest of a card ages too. */
const YEARS_MOST = 50;
const WORN_RATIO = 0.8;

/** Bytes a day of the whole medium; undefined before an hour has passed, or where it is not told. */
export const dayBytesOf = ({ writtenBytes, upMs }: CardFacts): number | undefined =>
  writtenBytes === undefined || upMs < HOUR_MS ? undefined : (writtenBytes * DAY_MS) / upMs;

/** An estimate, rounded: whole years for a card of this size at this rate. */
function yearsOf(sizeBytes: number | undefined, dayBytes: number): number {
  if (sizeBytes === undefined || dayBytes <= 0) return YEARS_MOST;
  return Math.min(YEARS_MOST, Math.round((sizeBytes * CELL_CYCLES) / AMPLIFICATION / dayBytes / 365));
}

const writersOf = (processes: CardFacts["processes"]): string =>
  Object.entries(processes)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `${name} ${Math.round(bytes / 1e6)} MB`)
    .join(", ");

export function wearFindings(card: CardFacts): readonly Finding[] {
  const { usedRatio, sizeBytes, processes } = card;
  const worn =
    usedRatio !== undefined && usedRatio >= WORN_RATIO
      ? [finding("wear", "critical", ["wear-worn", { usedRatio }])]
      : [];
  const dayBytes = dayBytesOf(card);
  if (dayBytes === undefined) return worn.length > 0 ? worn : [finding("wear", "unknown", ["wear-unknown"])];
  const years = yearsOf(sizeBytes, dayBytes);
  if (dayBytes > DAY_BYTES_MOST)
    return [
      ...worn,
      finding("wear", "warning", ["wear-high", { dayBytes, by: writersOf(processes) || "?" }]),
    ];
  if (years < YEARS_LEAST) return [...worn, finding("wear", "warning", ["wear-short", { dayBytes, years }])];
  return worn.length > 0 ? worn : [finding("wear", "ok", ["wear-ok", { dayBytes, years }])];
}
