// A box's port; and for one update: opened for us alone, with the wire that resets the board. Control lets go of a port a moment after
// it said so, and is waited for.
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import type { BoxPort } from "@gridwright/firmware-bridge/src/update/course.ts";
import { openWire, type Wire } from "../modbus/wire.ts";

export interface PortPlace {
  readonly device: string;
  readonly baud: number;
}

/** A box's port as it is opened for one connection. Rejects with `link-down`. */
export const openPlace = ({ device, baud }: PortPlace, io: Clock, signal: AbortSignal): Promise<Wire> =>
  openWire(
    { kind: "modbus-rtu", device, baud, parity: "none", stopBits: 1, timeout: seconds(1) },
    io,
    signal,
  );

const TRIES = 25;
const PAUSE = millis(200);
/** As avrdude does it: the edge goes to the reset pin through a capacitor. */
const DOWN = millis(250);

/** Rejects with `link-down`. */
export async function openBoxPort(
  place: PortPlace,
  io: Clock,
  signal: AbortSignal,
): Promise<BoxPort & { readonly wire: Wire }> {
  for (let at = 1; ; at++) {
    try {
      const wire = await openPlace(place, io, signal);
      return { wire, reset: () => reset(wire, io) };
    } catch (error) {
      const isTaken = /lock|busy|temporarily/i.test(messageOf(error));
      if (!isTaken || at === TRIES || signal.aborted) throw error;
      await io.sleep(PAUSE, signal);
    }
  }
}

async function reset(wire: Wire, io: Clock): Promise<void> {
  if (wire.ready === undefined) throw new Error("this port has no DTR");
  await wire.ready(false);
  await io.sleep(DOWN);
  await wire.ready(true);
}
