// Tells on the live bus, every few seconds, how each Modbus link does: for `gridwright bus`. Retained, so that whoever
// asks has an answer at once; nothing waits for it.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type BusesMessage, type BusStatus, type BusUnit, topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import type { BusHealth, ModbusBus } from "../modbus/modbus-bus.ts";

export interface BusReportOptions {
  /** Modbus links by id. */
  readonly buses: ReadonlyMap<string, Pick<ModbusBus, "health" | "devices">>;
  readonly bus: Pick<Bus, "publish">;
  readonly siteId: string;
  /** Real time. */
  readonly io: Clock;
}

const EVERY = seconds(5);

/** What a link did up to its last report. */
interface Before {
  readonly at: Mono;
  readonly busyMs: number;
}

function utilisation({ busyMs }: BusHealth, before: Before | undefined, now: Mono): number | null {
  if (before === undefined) return null;
  const passed = elapsed(before.at, now);
  return passed <= 0 ? null : Math.min(1, (busyMs - before.busyMs) / passed);
}

type Reported = Pick<ModbusBus, "health" | "devices">;

function statusOf(one: Reported, health: BusHealth, share: number | null): BusStatus {
  const { up, why, requests, timeouts, strays, connections, breakers, latency } = health;
  const units = one.devices.map((device): readonly [string, BusUnit] => {
    const { errors, lastError } = device.status();
    const breaker = breakers[device.id] ?? "closed";
    return [device.id, { breaker, errors, ...(lastError !== undefined && { lastError }) }];
  });
  return {
    ...{ up, ...(why !== undefined && { why }), requests, timeouts, strays, connections },
    ...{ utilisation: share, ...(latency && { latency }), units: Object.fromEntries(units) },
  };
}

/** Publishes at once and then every 5 s, until the returned function is called. */
export function reportBuses({ buses, bus, siteId, io }: BusReportOptions): () => void {
  const before = new Map<string, Before>();
  const stop = new AbortController();
  const report = (): void => {
    const now = io.now();
    const all: Record<string, BusStatus> = {};
    for (const [id, one] of buses) {
      const health = one.health();
      all[id] = statusOf(one, health, utilisation(health, before.get(id), now));
      before.set(id, { at: now, busyMs: health.busyMs });
    }
    const message: BusesMessage = { t: io.wall(), buses: all };
    bus.publish(topics(siteId).buses, JSON.stringify(message), { retain: true });
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      report();
      // Rejects only when it is stopped.
      await io.sleep(EVERY, stop.signal).catch(() => undefined);
    }
  };
  if (buses.size > 0) void run();
  return () => stop.abort();
}
