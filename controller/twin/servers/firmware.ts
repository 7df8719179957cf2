// The firmware of each kind of MQTT device that the twin offers, by the protocol of its profile.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { esphome } from "./esphome.ts";
import { jsonDevice } from "./json-device.ts";
import { moonraker } from "./moonraker.ts";
import { octoprint } from "./octoprint.ts";
import type { FirmwareOf } from "./plug.ts";
import { shellyGen1 } from "./shelly-gen1.ts";
import { shellyGen2 } from "./shelly-gen2.ts";
import { tasmota } from "./tasmota.ts";
import { victronGx } from "./victron-gx.ts";
import { zigbee2mqtt } from "./zigbee2mqtt.ts";

export const FIRMWARE: Readonly<Record<MqttProfile["protocol"], FirmwareOf>> = {
  tasmota,
  "shelly-gen1": shellyGen1,
  "shelly-gen2": shellyGen2,
  esphome,
  zigbee2mqtt,
  "victron-mqtt": victronGx,
  moonraker,
  octoprint,
  json: jsonDevice,
};
