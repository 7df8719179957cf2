// Which alarms become alerts: what lasts is told once, and once that it is over when it has stayed away for a while. What comes
// and goes brings one of each, not fifty. Pure; times are of a clock that never jumps.
import type { Alarm, Severity } from "@gridwright/contract/alarms.ts";

export interface Alert {
  readonly event: "raised" | "over";
  readonly alarm: Alarm;
}

export interface Watched {
  readonly alarm: Alarm;
  /** How long it was open in all since it was first seen, ms, and how often it came. */
  readonly openMs: number;
  readonly times: number;
  readonly told: boolean;
  /** Since when it is away; undefined: it is open. */
  readonly awaySince: number | undefined;
}

/** Alarm id → what is known of it. */
export type AlertMemory = ReadonlyMap<string, Watched>;

export interface AlertMoment {
  /** Alarms that are open, those of the severity that counts. */
  readonly open: readonly Alarm[];
  /** ms of the clock, and since the last moment. */
  readonly now: number;
  readonly passedMs: number;
}

/** Open for so long in all before it is told, ms. */
const LASTS_MS: Readonly<Record<Severity, number>> = { critical: 5_000, warning: 20_000, info: 60_000 };
/** One that came so often is told, however short it was. */
const TIMES_MOST = 3;
/** Away for so long before it is over, ms. */
const OVER_MS = 120_000;

const ORDER: readonly Severity[] = ["info", "warning", "critical"];
export const counts = ({ severity }: Alarm, least: Severity): boolean =>
  ORDER.indexOf(severity) >= ORDER.indexOf(least);

function whileOpen(alarm: Alarm, before: Watched | undefined, passedMs: number): Watched {
  if (before === undefined) return { alarm, openMs: 0, times: 1, told: false, awaySince: undefined };
  if (before.awaySince !== undefined)
    return { ...before, alarm, times: before.times + 1, awaySince: undefined };
  return { ...before, alarm, openMs: before.openMs + passedMs };
}

const isDue = ({ alarm, openMs, times, told }: Watched): boolean =>
  !told && (openMs >= LASTS_MS[alarm.severity] || times >= TIMES_MOST);

/** What to tell now, and what to remember. */
export function alertStep(
  memory: AlertMemory,
  { open, now, passedMs }: AlertMoment,
): { readonly memory: AlertMemory; readonly alerts: readonly Alert[] } {
  const alerts: Alert[] = [];
  const next = new Map<string, Watched>();
  for (const alarm of open) {
    const watched = whileOpen(alarm, memory.get(alarm.id), passedMs);
    if (isDue(watched)) alerts.push({ event: "raised", alarm });
    next.set(alarm.id, { ...watched, told: watched.told || isDue(watched) });
  }
  for (const [id, watched] of memory) {
    if (next.has(id)) continue;
    const awaySince = watched.awaySince ?? now;
    if (now - awaySince < OVER_MS) next.set(id, { ...watched, awaySince });
    else if (watched.told) alerts.push({ event: "over", alarm: watched.alarm });
  }
  return { memory: next, alerts };
}
