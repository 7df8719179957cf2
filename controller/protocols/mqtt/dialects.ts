// The dialects there are, by the protocol that a profile names.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import type { DialectOf } from "./dialect.ts";
import { shellyGen2 } from "./shelly-gen2.ts";
import { tasmota } from "./tasmota.ts";

export const DIALECTS: Readonly<Record<MqttProfile["protocol"], DialectOf>> = {
  tasmota,
  "shelly-gen2": shellyGen2,
};
