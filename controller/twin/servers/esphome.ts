// An ESPHome node with the YAML that its profile describes: states retained on `<node>/<component>/<id>/state`, a switch
// tells only changes, a number echoes each setting, and the number of a lease starts the script that switches back to
// what its relay rests in: on (restore_mode ALWAYS_ON).
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, occasions, powerUp } from "./plug.ts";

const RHYTHM = { everyMs: 10_000, watts: 10 };
const BOOT_MS = 4_000;

const textOf = (value: number | boolean | undefined): string =>
  typeof value === "boolean" ? (value ? "ON" : "OFF") : value === undefined ? "nan" : String(value);

interface Relay {
  readonly field: string;
  readonly timer: string | undefined;
}

const relayOf = ({ points }: MqttProfile): Relay | undefined =>
  Object.values(points).flatMap(({ field, timer, write }) => (write === true ? [{ field, timer }] : []))[0];

export function esphome(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const relay = relayOf(profile);
  const said = (field: string, text: string): Message => ({
    topic: `${topic}/${field}/state`,
    payload: text,
    retain: true,
  });
  const all = (): Message[] =>
    [...fieldsOf(profile, hardware)].map(([field, value]) => said(field, textOf(value)));
  // What this YAML switches back to: where the relay stood when the node started.
  const rests = hardware.relay();
  const due = occasions(hardware, RHYTHM);
  const presence = (word: string): Message => ({ topic: `${topic}/status`, payload: word, retain: true });
  let seconds = 0;
  const setTimer = (payload: string): Message[] => {
    seconds = Number(payload);
    const on = hardware.relay();
    if (seconds > 0 && on !== rests) hardware.set(on, seconds * 1_000);
    else hardware.set(on);
    return [said(relay?.timer ?? "", String(seconds))];
  };
  return {
    subscribe: `${topic}/+/+/command`,
    will: presence("offline"),
    hello: () => [presence("online"), ...all()],
    receive(from, payload) {
      if (relay?.timer !== undefined && from === `${topic}/${relay.timer}/command`) return setTimer(payload);
      if (
        relay === undefined ||
        from !== `${topic}/${relay.field}/command` ||
        !["ON", "OFF"].includes(payload)
      )
        return [];
      const on = payload === "ON";
      if (on === hardware.relay()) return [];
      hardware.set(on, on !== rests && seconds > 0 ? seconds * 1_000 : undefined);
      return [said(relay.field, payload)];
    },
    tick() {
      const what = due();
      if (what === "all") return all();
      return what === "relay" && relay !== undefined ? [said(relay.field, textOf(hardware.relay()))] : [];
    },
    ...powerUp(hardware, BOOT_MS, () => rests),
  };
}
