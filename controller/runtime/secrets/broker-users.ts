// The credentials of the live bus and what each may do there. A device has its own topics and nothing else, no
// wildcard beyond them; flows and people may ask on their own request topic and never speak for control.
import { topics } from "@gridwright/contract/messages.ts";
import { outwardTopics } from "@gridwright/contract/outward.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { MqttAccess } from "@gridwright/protocols/mqtt/dialect.ts";
import { DIALECTS } from "@gridwright/protocols/mqtt/dialects.ts";
import type { BrokerUser } from "../broker/users.ts";

/** Users that are no device. */
export const PROCESS_USERS = ["control", "services", "operator", "home-assistant"] as const;
export type ProcessUser = (typeof PROCESS_USERS)[number];

/** A device's user name at the broker. */
export const deviceUser = (device: string): string => `device-${device}`;

/** Messages in a second, on average. A device that is simulated at 60× reports sixty times as often as a real one. */
const DEVICE_MESSAGES_PER_SECOND = 500;
const REQUESTS_PER_SECOND = 20;
/** Wishes, and its own greeting. */
const HOME_MESSAGES_PER_SECOND = 20;
/** Outward topics of one asset beside its points: discovery, why, answer. */
const TOPICS_BESIDE = 3;
/** Control's retained snapshot of a large site is larger than what anybody else may send. */
const CONTROL_PACKET_BYTES = 4_194_304;

const accessOf = ({ profile, spec }: DeviceModel): MqttAccess | undefined =>
  "reportMs" in profile && spec.topic !== undefined
    ? DIALECTS[profile.protocol](spec.topic, profile).access
    : undefined;

/** Devices of the site that speak at its broker, with what each may do. */
export const mqttAccess = (model: SiteModel): readonly (readonly [string, MqttAccess])[] =>
  Object.values(model.devices).flatMap((device) => {
    const access = accessOf(device);
    return access === undefined ? [] : [[device.id, access] as const];
  });

type Rights = Omit<BrokerUser, "name" | "password">;

/** Services keep the outward topics, whose every change is at most one message a second; they never answer for control. */
function servicesRights({ site, channels, assets }: SiteModel): Rights {
  const topic = topics(site.site.id);
  const outward = outwardTopics(site.site.id);
  const kept = [
    outward.point("+", "+"),
    outward.services,
    `${site.outward.homeAssistant.discoveryPrefix}/device/+/config`,
  ];
  const retainedMax = 2 * (channels.length + TOPICS_BESIDE * Object.keys(assets).length) + 1;
  return {
    clientId: "services",
    publish: [topic.request("services"), topic.jobWord("operator"), ...kept],
    publishNot: [topic.request("+"), topic.answer("+")],
    subscribe: [`gridwright/${site.site.id}/#`, `${site.outward.homeAssistant.discoveryPrefix}/status`],
    retain: kept,
    retainedMax,
    messagesPerSecondMax: REQUESTS_PER_SECOND + 2 * retainedMax,
  };
}

/** Home Assistant hears the outward topics and utters wishes; it may sign nothing and keep nothing. */
function homeRights({ site }: SiteModel): Rights {
  const topic = topics(site.site.id);
  const outward = outwardTopics(site.site.id);
  const prefix = site.outward.homeAssistant.discoveryPrefix;
  return {
    publish: [outward.set("+"), `${prefix}/status`],
    subscribe: [outward.point("+", "+"), outward.services, topic.control, `${prefix}/#`],
    messagesPerSecondMax: HOME_MESSAGES_PER_SECOND,
  };
}

/** Every user of the site's broker. `passwords` holds one for each; a name without one is left out. */
export function brokerUsers(model: SiteModel, passwords: Readonly<Record<string, string>>): BrokerUser[] {
  const site = model.site.site.id;
  const topic = topics(site);
  const devices = mqttAccess(model);
  const speaks = [
    topic.tick,
    topic.snapshot,
    topic.decision,
    topic.alarm,
    topic.control,
    topic.buses,
    topic.process,
    topic.answer("+"),
  ];
  const access: Readonly<Record<ProcessUser, Rights>> = {
    control: {
      clientId: "control",
      publish: [...speaks, ...devices.flatMap(([, { subscribe }]) => subscribe)],
      subscribe: [topic.request("+"), ...devices.flatMap(([, { publish }]) => publish)],
      retain: [topic.snapshot, topic.control, topic.buses, topic.process],
      packetBytesMax: CONTROL_PACKET_BYTES,
    },
    services: servicesRights(model),
    operator: {
      publish: [topic.request("operator"), topic.jobCall("operator")],
      // Technicians hear what devices say, to find out why one does not work.
      subscribe: ["gridwright/#", ...devices.flatMap(([, { publish }]) => publish)],
      messagesPerSecondMax: REQUESTS_PER_SECOND,
    },
    "home-assistant": homeRights(model),
  };
  const named = [
    ...PROCESS_USERS.map((name) => ({ name, ...access[name] })),
    ...devices.map(([id, rights]) => ({
      name: deviceUser(id),
      clientId: deviceUser(id),
      network: model.devices[id]?.spec.plain === true ? ("plain" as const) : ("tls" as const),
      ...rights,
      messagesPerSecondMax: DEVICE_MESSAGES_PER_SECOND,
    })),
  ];
  return named.flatMap((user) => {
    const password = passwords[user.name];
    return password === undefined ? [] : [{ ...user, password }];
  });
}
