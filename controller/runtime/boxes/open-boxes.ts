// The site's boxes with microcontrollers (firmware-bridge): one line per link of kind box, over the same serial ports as
// Modbus has, each with its devices.
import type { Device } from "@gridwright/contract/ports.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { type BoxOptions, createBox } from "@gridwright/firmware-bridge/src/box/box.ts";
import { type BoxLine, createBoxLine } from "@gridwright/firmware-bridge/src/line/box-line.ts";
import { openWire } from "../modbus/wire.ts";

export type OpenBoxesOptions = Omit<BoxOptions, "device">;

export interface OpenBoxes {
  readonly devices: readonly Device[];
  close(): Promise<void>;
}

export function openBoxes({ model, ...around }: OpenBoxesOptions): OpenBoxes {
  const { io, random, log } = around;
  const lines: BoxLine[] = [];
  const devices: Device[] = [];
  for (const [id, link] of Object.entries(model.site.links)) {
    if (link.kind !== "box") continue;
    const own = Object.values(model.devices).filter(({ spec }) => spec.link === id);
    const boxes = own.map((device) => createBox({ device, model, ...around }));
    const port = { kind: "modbus-rtu", parity: "none", stopBits: 1, timeout: seconds(1) } as const;
    const { device, baud } = link;
    const open = (signal: AbortSignal) => openWire({ ...port, device, baud }, io, signal);
    lines.push(createBoxLine({ boxes, open, place: device, io, random, log }));
    devices.push(...boxes.map((box) => box.device));
  }
  return {
    devices,
    async close() {
      await Promise.all(lines.map((line) => line.close()));
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}
