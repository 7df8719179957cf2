// One connection for a technician: a link opened once, one request at a time, each with its deadline. Nothing is
// retried and nothing is polled; who uses it decides what an answer means.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import { type Framing, Line } from "../modbus/line.ts";
import { type ModbusLink, openWire } from "../modbus/wire.ts";

export interface Exchange {
  readonly framing: Framing;
  readonly line: Line;
  close(): void;
}

export const framingOf = (link: ModbusLink): Framing => (link.kind === "modbus-tcp" ? "mbap" : "rtu");

/** Connects once. Rejects with `link-down` when nobody is there within a deadline. */
export async function openExchange(
  link: ModbusLink,
  io: Clock,
  { signal, pause = millis(0) }: { readonly signal: AbortSignal; readonly pause?: Millis },
): Promise<Exchange> {
  const framing = framingOf(link);
  const line = new Line(await openWire(link, io, signal), framing, io);
  // Some devices want a moment between connecting and the first request.
  if (pause > 0) await io.sleep(pause, signal).catch(() => line.close());
  if (signal.aborted) line.close();
  if (signal.aborted) throw new GridwrightError("link-down", "ended by you");
  return { framing, line, close: () => line.close() };
}
