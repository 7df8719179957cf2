// A Shelly of the first generation, as it behaves over MQTT: plain text below `shellies/<id>`, everything each 30 s, the
// relay at once, `update` on its command topic tells all. Facts from the maker's Gen1 API pages.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, occasions, powerUp } from "./plug.ts";

const RHYTHM = { everyMs: 30_000, watts: 5 };
const BOOT_MS = 2_500;
const MINUTES_PER_HOUR = 60;

/** Where a field of the dialect stands below `shellies/<id>`. */
const PLACES: Readonly<Record<string, string>> = {
  relay: "relay/#",
  power: "relay/#/power",
  energy: "relay/#/energy",
  meter_power: "emeter/#/power",
  meter_reactive_power: "emeter/#/reactive_power",
  meter_voltage: "emeter/#/voltage",
  meter_current: "emeter/#/current",
  meter_energy: "emeter/#/total",
  meter_energy_export: "emeter/#/total_returned",
};

function textOf(name: string, value: number | boolean | undefined): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  // A first-generation Shelly has no word for «unknown»: it says 0.
  const number = value ?? 0;
  return name === "energy" ? String(Math.round(number * MINUTES_PER_HOUR)) : number.toFixed(2);
}

export function shellyGen1(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const own = `shellies/${topic}`;
  const all = (): Message[] =>
    [...fieldsOf(profile, hardware)].flatMap(([field, value]) => {
      const [, name = "", channel = "1"] = /^(\w+?)(?:_(\d))?$/.exec(field) ?? [];
      const place = PLACES[name]?.replace("#", String(Number(channel) - 1));
      return place === undefined ? [] : [{ topic: `${own}/${place}`, payload: textOf(name, value) }];
    });
  const relay = (): Message => ({ topic: `${own}/relay/0`, payload: hardware.relay() ? "on" : "off" });
  const due = occasions(hardware, RHYTHM);
  const online = (yes: boolean): Message => ({ topic: `${own}/online`, payload: String(yes), retain: true });
  return {
    subscribe: `${own}/#`,
    will: online(false),
    hello: () => [online(true), ...all()],
    receive(from, payload) {
      if (from === `${own}/command`) return payload === "update" ? all() : [];
      if (from !== `${own}/relay/0/command` || !["on", "off", "toggle"].includes(payload)) return [];
      hardware.set(payload === "toggle" ? !hardware.relay() : payload === "on");
      return [];
    },
    tick() {
      const what = due();
      return what === "all" ? all() : what === "relay" ? [relay()] : [];
    },
    ...powerUp(hardware, BOOT_MS, () => "last"),
  };
}
