// Keeps one connection up: connects with a deadline, hands out a fresh line each time, and waits ever longer between
// attempts. It decides nothing about devices and never holds a request back: without a line there is none.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import { backoff } from "./backoff.ts";
import { Line } from "./line.ts";
import { type ModbusLink, openWire, placeOf } from "./wire.ts";

export interface LinkOptions {
  readonly link: ModbusLink;
  /** Some devices want a pause between connecting and the first request. */
  readonly connectDelay: Millis;
  readonly io: Clock;
  readonly random: () => number;
  readonly speed: () => number;
  readonly log: Log;
  /** Called with each new line. */
  readonly onUp: (line: Line) => void;
  readonly onDown: (why: string) => void;
}

export interface Link {
  /** The line, while there is one. */
  line(): Line | undefined;
  /** An answer came: the next loss begins with a short wait again. */
  proven(): void;
  close(): Promise<void>;
}

/** Starts to connect at once and goes on until closed. */
export function createLink(options: LinkOptions): Link {
  const { link, io, random, speed, connectDelay, log, onUp, onDown } = options;
  const framing = link.kind === "modbus-tcp" ? "mbap" : "rtu";
  const where = placeOf(link);
  const stop = new AbortController();
  let line: Line | undefined;
  let failures = 0;
  let proven = false;

  async function hold(): Promise<string> {
    const fresh = new Line(await openWire(link, io, stop.signal), framing, io);
    if (stop.signal.aborted) fresh.close();
    if (connectDelay > 0) await io.sleep(connectDelay, stop.signal);
    line = fresh;
    onUp(fresh);
    const why = await fresh.closed;
    line = undefined;
    return why;
  }

  async function keep(): Promise<void> {
    while (!stop.signal.aborted) {
      const why = await hold().catch((error: unknown) => messageOf(error));
      if (stop.signal.aborted) return;
      failures++;
      if (failures === 1) log.warn(`Modbus link ${where} is down (${why}); it is tried again and again`);
      proven = false;
      onDown(why);
      // Rejects only when the link is closed.
      await io.sleep(backoff(failures, random(), speed()), stop.signal).catch(() => undefined);
    }
  }
  const done = keep();

  return {
    line: () => line,
    proven() {
      if (!proven) log.info(`Modbus link ${where} is up`);
      proven = true;
      failures = 0;
    },
    async close() {
      stop.abort();
      line?.close();
      await done;
    },
  };
}
