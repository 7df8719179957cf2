// A Klipper printer behind Moonraker: presence retained, the status objects when they change, JSON-RPC for the whole.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { type Firmware, fieldsOf, type Hardware, type Message, noRelay, objectIn } from "./plug.ts";

const EVERY_MS = 1_000;
const BOOT_MS = 30_000;
const JOB_S = 3_600;

export function moonraker(topic: string, hardware: Hardware, profile: MqttProfile): Firmware {
  const presence = (server: string): Message => ({
    topic: `${topic}/moonraker/status`,
    payload: JSON.stringify({ server }),
    retain: true,
  });
  const status = () => {
    const fields = fieldsOf(profile, hardware);
    const progress = Number(fields.get("progress") ?? 0);
    return {
      print_stats: {
        state: fields.get("printing") === true ? "printing" : "standby",
        print_duration: progress * JOB_S,
      },
      virtual_sdcard: { progress },
      heater_bed: { temperature: fields.get("bed_temperature") ?? 21.5 },
      extruder: { temperature: fields.get("tool_temperature") ?? 22.5 },
    };
  };
  const eventtime = (): number => hardware.now() / 1_000;
  let [saidText, lookedAt] = ["", hardware.now()];
  const whole = (): Message => ({
    topic: `${topic}/klipper/status`,
    payload: JSON.stringify({ eventtime: eventtime(), status: status() }),
  });
  return {
    subscribe: `${topic}/moonraker/api/request`,
    will: presence("offline"),
    hello: () => [presence("online"), whole()],
    receive(_, payload) {
      const { id, method } = objectIn(payload);
      const answer =
        method === "printer.objects.query"
          ? { result: { eventtime: eventtime(), status: status() } }
          : { error: { code: -32_601, message: "Method not found" } };
      const body = JSON.stringify({ jsonrpc: "2.0", ...answer, id });
      return [{ topic: `${topic}/moonraker/api/response`, payload: body }];
    },
    tick() {
      if (hardware.now() - lookedAt < EVERY_MS) return [];
      lookedAt = hardware.now();
      const text = JSON.stringify(status());
      if (text === saidText) return [];
      saidText = text;
      return [whole()];
    },
    ...noRelay(BOOT_MS),
  };
}
