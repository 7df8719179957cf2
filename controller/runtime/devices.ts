// Opens every device of a site: one bus per Modbus link, one adapter per MQTT device, one line per link of boxes. A device that is not there
// yet is opened all the same; it answers when it comes.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { Bus, Device } from "@gridwright/contract/ports.ts";
import type { BoxGains } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { type OpenBoxes, openBoxes } from "./boxes/open-boxes.ts";
import { createModbusBus, type ModbusBus } from "./modbus/modbus-bus.ts";
import { createMqttDevices } from "./mqtt-devices/mqtt-devices.ts";

export interface OpenDevices {
  readonly devices: ReadonlyMap<string, Device>;
  readonly boxes: Omit<OpenBoxes, "devices" | "close">;
  /** Modbus links by id. */
  readonly buses: ReadonlyMap<string, ModbusBus>;
  /** Resolves when all buses have read what is due now. */
  idle(): Promise<void>;
  /** Answers of all buses so far. */
  answers(): number;
  close(): Promise<void>;
}

export interface OpenDevicesOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  /** Plant time. */
  readonly plant: Clock;
  /** Real time. */
  readonly io: Clock;
  readonly speed: () => number;
  readonly random: () => number;
  readonly log: Log;
  /** Which source carries the bus. */
  readonly mode: () => GridMode;
  /** What a box did up to then is told already. */
  readonly toldUntil: Epoch;
  /** What one count of a box's converter is, where it was calibrated. */
  readonly gains?: (device: string) => BoxGains | undefined;
}

/** The coil's state without any command, by device: true when what it switches is on and its contact opens. */
function silentCoil(model: SiteModel, device: string): boolean | "hold" {
  const actuator = Object.values(model.assets).find((asset) => asset.actuator?.device === device)?.actuator;
  if (actuator === undefined) return "hold";
  return actuator.silent === "hold" ? "hold" : actuator.silent !== actuator.inverted;
}

export function openDevices(options: OpenDevicesOptions): OpenDevices {
  const { model, bus, plant, io, speed, random, log } = options;
  const models = Object.values(model.devices);
  const buses = new Map<string, ModbusBus>();
  for (const [id, link] of Object.entries(model.site.links)) {
    if (link.kind === "mqtt" || link.kind === "box") continue;
    const devices = models.filter(({ spec }) => spec.link === id);
    buses.set(id, createModbusBus({ link, devices, clock: plant, io, random, log, speed }));
  }
  const silentOf = (device: string) => silentCoil(model, device);
  const plugs = createMqttDevices({ devices: models, silentOf, bus, clock: plant, io, log });
  const boxes = openBoxes(options);
  const all = [...[...buses.values()].flatMap(({ devices }) => devices), ...plugs, ...boxes.devices];
  return {
    devices: new Map(all.map((device) => [device.id, device])),
    boxes,
    buses,
    idle: async () => void (await Promise.all([...buses.values()].map((one) => one.idle()))),
    answers: () => [...buses.values()].reduce((sum, one) => sum + one.answers(), 0),
    async close() {
      await Promise.all([...[...buses.values()].map((one) => one.close()), boxes.close()]);
      await Promise.all(plugs.map((plug) => plug.close()));
    },
  };
}
