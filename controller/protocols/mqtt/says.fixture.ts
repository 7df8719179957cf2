// For the tables of dialects: a profile from a few words.
import { MqttProfile } from "@gridwright/contract/profile.ts";

/** Says what a dialect's table needs; everything else has one fixed value. */
export const profileOf = (
  protocol: MqttProfile["protocol"],
  points: Readonly<Record<string, object>>,
  more: object = {},
): MqttProfile =>
  MqttProfile.parse({
    ...{ profile: "table", title: "Table", licence: "CC0-1.0", source: "test", tried: "simulated" },
    ...{ reportMs: 10_000, protocol, points, ...more },
  });
