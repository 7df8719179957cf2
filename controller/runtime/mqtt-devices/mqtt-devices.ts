// The site's MQTT devices as device ports: those whose profile speaks an MQTT dialect, each on its own topic.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus, Device } from "@gridwright/contract/ports.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { Millis } from "@gridwright/contract/units.ts";
import type { Silent } from "@gridwright/protocols/mqtt/dialect.ts";
import { DIALECTS } from "@gridwright/protocols/mqtt/dialects.ts";
import { createMqttDevice } from "./mqtt-device.ts";

export interface MqttDevicesOptions {
  /** Devices of any kind; those that are not MQTT are left out. */
  readonly devices: readonly DeviceModel[];
  /** The coil's state without any command, after the contact's wiring was applied. */
  readonly silentOf: (device: string) => Silent;
  readonly bus: Bus;
  /** Plant time. */
  readonly clock: Clock;
  readonly io: Clock;
  readonly log: Log;
  /** Longest wait for a device to confirm a command, in real ms. */
  readonly confirmMs?: Millis;
}

export function createMqttDevices({ devices, silentOf, ...shared }: MqttDevicesOptions): readonly Device[] {
  return devices.flatMap(({ id, spec, profile }) => {
    if (!("reportMs" in profile) || spec.topic === undefined) return [];
    const dialect = DIALECTS[profile.protocol](spec.topic, profile);
    return [createMqttDevice({ id, profile, dialect, silent: silentOf(id), ...shared })];
  });
}
