// A Victron GX over MQTT (dbus-flashmq): `N/<portal>/<service>/<instance>/<path>` says `{"value":…}`; null is «invalid»,
// an empty payload «this service is gone», `full_publish_completed` ends an answer to a keep-alive. Facts from the
// vendor's README of dbus-flashmq, not from hardware. It goes quiet 60 s after the last keep-alive; each point is asked
// for by a read request as well, because a value that does not change is not said again.
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { seconds } from "@gridwright/contract/units.ts";
import {
  type Heard,
  heardFields,
  jsonField,
  jsonObject,
  type MqttDialect,
  type MqttMessage,
} from "./dialect.ts";

const KEEP_ALIVE = seconds(30);
const QUIET_KEEP_ALIVE = JSON.stringify({ "keepalive-options": ["suppress-republish"] });

/** The dialect of one service of a GX; `topic` is `<portal>/<service>/<instance>`, fields are D-Bus paths below it. */
export function victronMqtt(topic: string, profile: MqttProfile): MqttDialect {
  const portal = topic.split("/", 1)[0] ?? "";
  const own = `N/${topic}/`;
  const done = `N/${portal}/full_publish_completed`;
  const fields = [...new Set(Object.values(profile.points).map(({ field }) => field))];
  const read = (field: string): MqttMessage => ({ topic: `R/${topic}/${field}`, payload: "" });
  const onMessage = (from: string, payload: string): Heard => {
    if (from === done) return payload === "" ? {} : { online: true };
    if (!from.startsWith(own)) return {};
    if (payload === "") return { online: false };
    const message = jsonObject(payload);
    if (!Object.hasOwn(message, "value")) return {};
    return { ...heardFields([[from.slice(own.length), jsonField(message.value)]]), reply: true };
  };
  return {
    subscriptions: [`${own}#`, done],
    access: {
      publish: [`${own}#`, done],
      subscribe: [`R/${topic}/#`, `W/${topic}/#`, `R/${portal}/keepalive`],
      retain: [],
    },
    wanted: () => ({}),
    reports: false,
    keepAlive: {
      everyMs: KEEP_ALIVE,
      messages: [{ topic: `R/${portal}/keepalive`, payload: QUIET_KEEP_ALIVE }],
    },
    onMessage,
    query: () => fields.map(read),
    commissioning: () => [],
    resting: () => [],
    command: ({ field, on }) => [
      { topic: `W/${topic}/${field}`, payload: JSON.stringify({ value: on ? 1 : 0 }) },
      read(field),
    ],
  };
}
