// One service of a Victron GX over MQTT (dbus-flashmq): says what changed for 60 s after each keep-alive, answers reads,
// `{"value":null}` for what is invalid. Its last will is the twin's own: a real GX is a broker and has none, so the
// empty payload stands for the service that is gone.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, noRelay, objectIn } from "./plug.ts";

const AWAKE_MS = 60_000;
const EVERY_MS = 2_000;
const BOOT_MS = 20_000;

const textOf = (value: number | boolean | undefined): string =>
  JSON.stringify({ value: typeof value === "boolean" ? Number(value) : (value ?? null) });

const isRelay = ({ points }: MqttProfile, name: string): boolean =>
  Object.values(points).some(({ field, write }) => field === name && write === true);

export function victronGx(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const portal = topic.split("/", 1)[0] ?? "";
  const said = new Map<string, string>();
  let [awakeUntil, lookedAt] = [Number.NEGATIVE_INFINITY, hardware.now()];
  const news = (which: (field: string, text: string) => boolean): Message[] =>
    [...fieldsOf(profile, hardware)].flatMap(([field, value]) => {
      const text = textOf(value);
      if (!which(field, text)) return [];
      said.set(field, text);
      return [{ topic: `N/${topic}/${field}`, payload: text }];
    });
  const keepAlive = (payload: string): Message[] => {
    awakeUntil = hardware.now() + AWAKE_MS;
    const options = objectIn(payload)["keepalive-options"];
    if (Array.isArray(options) && options.includes("suppress-republish")) return [];
    const value = Math.floor(hardware.wall() / 1_000);
    return [
      ...news(() => true),
      { topic: `N/${portal}/full_publish_completed`, payload: JSON.stringify({ value }) },
    ];
  };
  const [any = ""] = Object.values(profile.points).map(({ field }) => field);
  return {
    subscribe: ["R", "W"].map((letter) => `${letter}/${topic}/#`).concat(`R/${portal}/keepalive`),
    will: { topic: `N/${topic}/${any}`, payload: "" },
    hello: () => {
      said.clear();
      return [];
    },
    receive(from, payload) {
      if (from === `R/${portal}/keepalive`) return keepAlive(payload);
      const field = from.slice(topic.length + 3);
      const { value } = objectIn(payload);
      if (from.startsWith("W/") && isRelay(profile, field) && (value === 0 || value === 1))
        hardware.set(value === 1);
      return from.startsWith("R/") ? news((name) => name === field || name.startsWith(`${field}/`)) : [];
    },
    tick() {
      const now = hardware.now();
      if (now > awakeUntil || now - lookedAt < EVERY_MS) return [];
      lookedAt = now;
      return news((field, text) => said.get(field) !== text);
    },
    ...noRelay(BOOT_MS),
  };
}
