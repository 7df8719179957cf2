// Which alarms become alerts: what lasts is told once, and once that it is over when it has stayed away for a while. What comes
// and goes brings one of each, not fifty. Pure; times are of a clock that never jumps.
import type { Alarm, Severity } from "@gridwright/contract/alarms.ts";

export interface Alert<A extends Alarm = Alarm> {
  readonly event: "raised" | "over";
  readonly alarm: A;
}

export interface Watched<A extends Alarm = Alarm> {
  readonly alarm: A;
  /** How long it was open in all since it was first seen, ms, and how often it came. */
  readonly openMs: number;
  readonly times: number;
  readonly told: boolean;
  /** Since when it is away; undefined: it is open. */
  readonly awaySince: number | undefined;
}

/** Alarm id → what is known of it. */
export type AlertMemory<A extends Alarm = Alarm> = ReadonlyMap<string, Watched<A>>;

export interface AlertMoment<A extends Alarm = Alarm> {
  /** Alarms that are open, those of the severity that counts. */
  readonly open: readonly A[];
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
export const counts = ({ severity }: Pick<Alarm, "severity">, least: Severity): boolean =>
  ORDER.indexOf(severity) >= ORDER.indexOf(least);

function whileOpen<A extends Alarm>(alarm: A, before: Watched<A> | undefined, passedMs: number): Watched<A> {
  if (before === undefined) return { alarm, openMs: 0, times: 1, told: false, awaySince: undefined };
  if (before.awaySince !== undefined)
    return { ...before, alarm, times: before.times + 1, awaySince: undefined };
  return { ...before, alarm, openMs: before.openMs + passedMs };
}

const isDue = ({ alarm, openMs, times, told }: Watched): boolean =>
  !told && (openMs >= LASTS_MS[alarm.severity] || times >= TIMES_MOST);

/** What to tell now, and what to remember. */
export function alertStep<A extends Alarm>(
  memory: AlertMemory<A>,
  { open, now, passedMs }: AlertMoment<A>,
): { readonly memory: AlertMemory<A>; readonly alerts: readonly Alert<A>[] } {
  const alerts: Alert<A>[] = [];
  const next = new Map<string, Watched<A>>();
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
