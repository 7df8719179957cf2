// The dialects there are, by the protocol that a profile names.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DialectOf } from "./dialect.ts";
import { esphome } from "./esphome.ts";
import { json } from "./json.ts";
import { moonraker } from "./moonraker.ts";
import { octoprint } from "./octoprint.ts";
import { shellyGen1 } from "./shelly-gen1.ts";
import { shellyGen2 } from "./shelly-gen2.ts";
import { tasmota } from "./tasmota.ts";
import { victronMqtt } from "./victron-mqtt.ts";
import { zigbee2mqtt } from "./zigbee2mqtt.ts";

export const DIALECTS: Readonly<Record<MqttProfile["protocol"], DialectOf>> = {
  tasmota,
  "shelly-gen1": shellyGen1,
  "shelly-gen2": shellyGen2,
  esphome,
  zigbee2mqtt,
  "victron-mqtt": victronMqtt,
  moonraker,
  octoprint,
  json,
};
