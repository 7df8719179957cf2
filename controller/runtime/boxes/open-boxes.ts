// The site's boxes with microcontrollers (firmware-bridge): one line per link of kind box, over the same serial ports as
// Modbus has, each with its devices.
import type { Device } from "@gridwright/contract/ports.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import { type Box, type BoxOptions, createBox } from "@gridwright/firmware-bridge/src/box/box.ts";
import { type BoxLine, createBoxLine } from "@gridwright/firmware-bridge/src/line/box-line.ts";
import { openPlace } from "./box-port.ts";

export type OpenBoxesOptions = Omit<BoxOptions, "device">;

export interface OpenBoxes {
  readonly devices: readonly Device[];
  /** Lets go of a box's line, for so long at most. */
  lend(device: string, forMs: Millis, why: string): void;
  takeBack(device: string): void;
  /** What one count of its converter is has changed. */
  calibrated(device: string): void;
  close(): Promise<void>;
}

export function openBoxes({ model, ...around }: OpenBoxesOptions): OpenBoxes {
  const { io, random, log } = around;
  const lines: BoxLine[] = [];
  const devices: Device[] = [];
  const byDevice = new Map<string, { readonly box: Box; readonly line: BoxLine }>();
  for (const [id, link] of Object.entries(model.site.links)) {
    if (link.kind !== "box") continue;
    const own = Object.values(model.devices).filter(({ spec }) => spec.link === id);
    const boxes = own.map((device) => createBox({ device, model, ...around }));
    const open = (signal: AbortSignal) => openPlace(link, io, signal);
    const line = createBoxLine({ boxes, open, place: link.device, io, random, log });
    lines.push(line);
    for (const box of boxes) byDevice.set(box.device.id, { box, line });
    devices.push(...boxes.map((box) => box.device));
  }
  return {
    devices,
    lend(device, forMs, why) {
      log.warn(`the line of box ${device} is lent for up to ${Math.ceil(forMs / 60_000)} min: ${why}`, {
        device,
      });
      byDevice.get(device)?.line.lend(forMs, `its line is lent: ${why}`);
    },
    takeBack(device) {
      log.info(`the line of box ${device} is taken back`, { device });
      byDevice.get(device)?.line.takeBack();
    },
    calibrated: (device) => byDevice.get(device)?.box.calibrated(),
    async close() {
      await Promise.all(lines.map((line) => line.close()));
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}
