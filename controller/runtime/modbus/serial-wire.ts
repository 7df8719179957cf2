// A serial port as a wire. The library keeps what is written to an unplugged port and sends it on the next open, and
// reads a hung-up port in a circle without telling: so one object per connection, nothing written once it is not open,
// and a silent line is closed by the bus. SerialPort.list() ends the process where udevadm is missing: never used.
import { EventEmitter } from "node:events";
import type { Link as LinkSpec } from "@gridwright/contract/site/site.ts";
import { type Millis, millis } from "@gridwright/contract/units.ts";
import type { SerialPort } from "serialport";
import type { Wire } from "./wire.ts";

export type SerialLink = Extract<LinkSpec, { kind: "modbus-rtu" }>;

const START_AND_DATA_BITS = 9;
/** Silence before a frame: 3.5 characters, fixed above 19200 baud (Modbus over serial line 1.02, section 2.5.1.1). */
const SILENCE_CHARACTERS = 3.5;
const SILENCE_LEAST_MS = 1.75;

/** Bits that one character takes on the line. */
export const characterBits = ({ parity, stopBits }: Pick<SerialLink, "parity" | "stopBits">): number =>
  START_AND_DATA_BITS + (parity === "none" ? 0 : 1) + stopBits;

/** The silence that goes before a frame, rounded up to what timers know. */
export function silenceOf(link: Pick<SerialLink, "baud" | "parity" | "stopBits">): Millis {
  const exact = (SILENCE_CHARACTERS * characterBits(link) * 1_000) / link.baud;
  return millis(Math.ceil(Math.max(SILENCE_LEAST_MS, exact)));
}

const opened = (port: SerialPort): Promise<void> =>
  new Promise((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(error)));
  });

function wireOf(port: SerialPort, silenceMs: Millis): Wire {
  let told = false;
  const wire = Object.assign(new EventEmitter(), {
    destroyed: false,
    silenceMs,
    write(bytes: Uint8Array): void {
      if (port.isOpen && !wire.destroyed) port.write(Buffer.from(bytes));
    },
    ready: (isReady: boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        port.set({ dtr: isReady, rts: isReady }, (error) => (error === null ? resolve() : reject(error)));
      }),
    destroy(): void {
      wire.destroyed = true;
      // Closing a port that was pulled out may fail: it is gone all the same.
      if (port.isOpen) port.close(gone);
      else gone();
    },
  });
  function gone(): void {
    if (told) return;
    told = true;
    wire.destroyed = true;
    wire.emit("close");
  }
  const lost = (why: Error | null): void => {
    if (why !== null && !wire.destroyed)
      wire.emit("error", new Error(`the port was unplugged (${why.message})`));
    wire.destroy();
  };
  port.on("data", (chunk: Uint8Array) => wire.emit("data", chunk));
  port.on("error", lost);
  port.once("end", () => lost(new Error("it ended")));
  port.once("close", lost);
  return wire;
}

/** Opens the port for us alone. Rejects with what the system says; a port that opens after `signal` is closed again. */
export async function openSerial(link: SerialLink, signal: AbortSignal): Promise<Wire> {
  // Only sites with serial lines need its native part.
  const { SerialPort: Port } = await import("serialport");
  const { device: path, baud: baudRate, parity, stopBits } = link;
  const port = new Port({ path, baudRate, parity, stopBits, dataBits: 8, autoOpen: false });
  await opened(port);
  const wire = wireOf(port, silenceOf(link));
  signal.addEventListener("abort", () => wire.destroy(), { once: true });
  if (signal.aborted) wire.destroy();
  return wire;
}
