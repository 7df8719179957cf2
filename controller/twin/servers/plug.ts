// What an emulated MQTT plug needs of the plant, and what it says: the firmware of each maker is a pure emulator over
// this, the connection around it is the same for all.
import { type MqttProfile, PROFILE_UNITS } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { tellShare } from "../plant/gradual.ts";
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
  /** A state that it tells: yes or no; undefined: it tells none of that name. */
  flag?(point: string): boolean | undefined;
  relay(): boolean;
  /** Switches; with `holdMs` of plant time it goes back by itself. */
  set(on: boolean, holdMs?: number): void;
  /** Tells it how much, in the catalogue's unit; with `holdMs` of plant time it goes back by itself. */
  tell?(point: string, share: number, holdMs?: number): void;
  /** Plant time, ms since the start and since 1970. */
  now(): number;
  wall(): number;
}

/** One maker's firmware. Settings live in flash: they outlast a power cut. */
export interface Firmware {
  readonly subscribe: string | string[];
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

export type FirmwareOf = (topic: string, hardware: Hardware, profile: MqttProfile) => Firmware;

const DIGITS = 4;

/** What the hardware under a profile's points says now, by the names and in the units of its dialect. */
export function fieldsOf(
  { points }: MqttProfile,
  hardware: Hardware,
): ReadonlyMap<string, number | boolean | undefined> {
  return new Map(
    Object.entries(points).map(([point, { field, unit, sign }]): [string, number | boolean | undefined] => {
      if (/^relay(_\d+)?$/.test(point)) return [field, hardware.relay()];
      const value = hardware.measure(point);
      if (value === undefined) return [field, hardware.flag?.(point)];
      return [field, Number((value / ((PROFILE_UNITS[unit] ?? 1) * sign)).toFixed(DIGITS))];
    }),
  );
}

export interface Rhythm {
  /** Everything is told this often, in plant ms. */
  readonly everyMs: number;
  /** A change of power above this is told at once. */
  readonly watts: number;
}

const POWER_EVERY_MS = 2_000;

/** Tells after each step what is to be said: `relay` when it changed, `all` when it is due or power moved. */
export function occasions(hardware: Hardware, { everyMs, watts }: Rhythm): () => "all" | "relay" | undefined {
  let said = { relay: hardware.relay(), watts: 0, at: hardware.now() };
  return () => {
    const [now, power] = [hardware.now(), hardware.measure("power") ?? 0];
    const since = now - said.at;
    if (since >= everyMs || (since >= POWER_EVERY_MS && Math.abs(power - said.watts) > watts)) {
      said = { relay: hardware.relay(), watts: power, at: now };
      return "all";
    }
    if (hardware.relay() === said.relay) return undefined;
    said = { ...said, relay: hardware.relay() };
    return "relay";
  };
}

/** A relay that remembers over a power cut what it shall do after it: on, off, or as it was. */
export function powerUp(hardware: Hardware, bootMs: number, after: () => boolean | "last") {
  let atCut = hardware.relay();
  return {
    boot: (): number => {
      atCut = hardware.relay();
      hardware.set(false);
      return bootMs;
    },
    powerUp: (): void => {
      const wanted = after();
      hardware.set(wanted === "last" ? atCut : wanted);
    },
  };
}

/** A machine without relay: it is there again after its start. */
export const noRelay = (bootMs: number) => ({ boot: (): number => bootMs, powerUp: (): void => undefined });

/** The object that a payload holds; empty when it holds none. */
export function objectIn(payload: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
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
    flag: (point) => {
      const value = deviceQuantity(world, device.id, point);
      return typeof value === "boolean" ? value : undefined;
    },
    relay: () => world.coils.get(source)?.energised ?? false,
    set: (on, holdMs) =>
      void setCoil(world, source, { energised: on, ...(holdMs !== undefined && { holdMs }) }),
    tell(point, share, holdMs = Number.POSITIVE_INFINITY) {
      const asset = world.bindings.get(`${device.id}/${point}`)?.asset;
      if (asset !== undefined) tellShare(world, asset, { share, until: plantMs(world) + holdMs });
    },
    now: () => plantMs(world),
    wall: () => plantEpoch(world),
  };
}
