// What an emulated MQTT plug needs of the plant, and what it says: the firmware of each maker is a pure emulator over
// this, the connection around it is the same for all.
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { deviceQuantity } from "../plant/quantity.ts";
import { setCoil } from "../plant/relays.ts";
import { type PlantWorld, plantEpoch, plantMs } from "../plant/world.ts";

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
}

/** The hardware under a plug's firmware. */
export interface Hardware {
  /** A measured value in the catalogue's unit; undefined: the plug does not measure it. */
  measure(point: string): number | undefined;
  relay(): boolean;
  /** Switches; with `holdMs` of plant time it goes back by itself. */
  set(on: boolean, holdMs?: number): void;
  /** Plant time, ms since the start and since 1970. */
  now(): number;
  wall(): number;
}

/** One maker's firmware. Settings live in flash: they outlast a power cut. */
export interface Firmware {
  readonly subscribe: string;
  readonly will: Message;
  /** Said once after connecting. */
  hello(): readonly Message[];
  receive(topic: string, payload: string): readonly Message[];
  /** Called after each step of the world: periodic and changed values. */
  tick(): readonly Message[];
  /** Power came back: gives the plant ms until it is up; its relay is open until then. */
  boot(): number;
  /** It is up: the relay follows its setting. */
  powerUp(): void;
}

/** The relay point of a plug's profile: the first one it may switch. */
const relayPoint = (device: DeviceModel): string =>
  device.points.find((point) => point === "relay" || point.startsWith("relay_")) ?? "relay";

export function hardwareOf(world: PlantWorld, device: DeviceModel): Hardware {
  const source = `${device.id}/${relayPoint(device)}`;
  return {
    measure: (point) => {
      const value = deviceQuantity(world, device.id, point);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    },
    relay: () => world.coils.get(source)?.energised ?? false,
    set: (on, holdMs) =>
      void setCoil(world, source, { energised: on, ...(holdMs !== undefined && { holdMs }) }),
    now: () => plantMs(world),
    wall: () => plantEpoch(world),
  };
}
