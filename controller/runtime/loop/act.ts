// Sends orders to devices. One command per actuator is under way; a newer order waits behind it and replaces an older
// one that waits. Whether it worked is seen in the readings (core/leases.ts), not here; a refusal is only logged.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Device } from "@gridwright/contract/ports.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";
import type { Order } from "@gridwright/core/leases.ts";

const COMMAND_MAX: Millis = seconds(5);

export interface Actors {
  send(orders: readonly Order[]): void;
  /** Commands that failed since the last call, in words, by asset. */
  failures(): readonly { readonly asset: string; readonly why: string }[];
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Resolves when each command that is under way now was answered or refused; what waits behind it does not count. */
  confirmed(): Promise<void>;
}

interface ActOptions {
  readonly devices: ReadonlyMap<string, Device>;
  readonly log: Log;
}

export function createActors({ devices, log }: ActOptions): Actors {
  const busy = new Map<string, Promise<void>>();
  const underWay = new Map<string, Promise<void>>();
  const waiting = new Map<string, Order>();
  let failed: { asset: string; why: string }[] = [];

  const command = async (order: Order): Promise<void> => {
    try {
      await devices.get(order.device)?.command(order, AbortSignal.timeout(COMMAND_MAX));
    } catch (error) {
      const why = messageOf(error);
      failed.push({ asset: order.asset, why });
      log.warn(`${order.asset}: command to ${order.device}/${order.point} failed: ${why}`);
    }
  };
  const run = async (order: Order): Promise<void> => {
    const one = command(order);
    underWay.set(order.asset, one);
    await one;
    underWay.delete(order.asset);
    const next = waiting.get(order.asset);
    waiting.delete(order.asset);
    if (next !== undefined) return run(next);
    busy.delete(order.asset);
  };

  return {
    send(orders) {
      for (const order of orders)
        if (busy.has(order.asset)) waiting.set(order.asset, order);
        else busy.set(order.asset, run(order));
    },
    failures() {
      const now = failed;
      failed = [];
      return now;
    },
    idle: async () => void (await Promise.all(busy.values())),
    confirmed: async () => void (await Promise.all(underWay.values())),
  };
}
