// A printer under OctoPrint with its MQTT plugin: events when its state changes, progress in whole percent, temperatures
// that moved, presence retained. It cannot be asked.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, noRelay } from "./plug.ts";

const EVERY_MS = 2_000;
const BOOT_MS = 25_000;
const DEGREES = 0.1;

interface Said {
  readonly printing: boolean;
  readonly percent: number;
  readonly degrees: number;
}

function look(hardware: Hardware, profile: MqttProfile): Said & { readonly left: number } {
  const fields = fieldsOf(profile, hardware);
  return {
    printing: fields.get("printing") === true,
    percent: Math.floor(Number(fields.get("progress") ?? 0) * 100),
    left: Number(fields.get("time_left") ?? 0),
    degrees: Number(fields.get("bed_temperature") ?? 21.5),
  };
}

type Say = (leaf: string, body: object, retain?: boolean) => Message;

/** What differs between what was said and what is. */
function newsOf(said: Said, now: ReturnType<typeof look>, json: Say): Message[] {
  const state_id = now.printing ? "PRINTING" : "OPERATIONAL";
  const printer_data = { progress: { printTimeLeft: now.left } };
  return [
    ...(now.printing === said.printing
      ? []
      : [json("event/PrinterStateChanged", { _event: "PrinterStateChanged", state_id })]),
    ...(now.printing && now.percent !== said.percent
      ? [json("progress/printing", { progress: now.percent, printer_data }, true)]
      : []),
    ...(Math.abs(now.degrees - said.degrees) < DEGREES
      ? []
      : [json("temperature/bed", { actual: now.degrees, target: 60 }, true)]),
  ];
}

export function octoprint(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const json: Say = (leaf, body, retain = false) => ({
    topic: `${topic}/${leaf}`,
    payload: JSON.stringify({ ...body, _timestamp: Math.floor(hardware.wall() / 1_000) }),
    retain,
  });
  const presence = (word: string): Message => ({ topic: `${topic}/mqtt`, payload: word, retain: true });
  const nothing = { percent: -1, degrees: Number.NEGATIVE_INFINITY };
  let said: Said = { ...nothing, printing: false };
  let lookedAt = hardware.now();
  const news = (): Message[] => {
    const now = look(hardware, profile);
    const messages = newsOf(said, now, json);
    said = { ...now, degrees: Math.abs(now.degrees - said.degrees) < DEGREES ? said.degrees : now.degrees };
    return messages;
  };
  return {
    subscribe: `${topic}/command`,
    will: presence("disconnected"),
    hello() {
      said = { ...nothing, printing: !look(hardware, profile).printing };
      return [presence("connected"), ...news()];
    },
    receive: () => [],
    tick() {
      if (hardware.now() - lookedAt < EVERY_MS) return [];
      lookedAt = hardware.now();
      return news();
    },
    ...noRelay(BOOT_MS),
  };
}
