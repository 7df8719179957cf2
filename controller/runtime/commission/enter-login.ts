// How a technician enters a broker credential into a device: the words of its firmware, ready to paste. Pure text.
import type { MqttProfile } from "@gridwright/contract/profile.ts";

export interface LoginPlace {
  readonly protocol: MqttProfile["protocol"];
  readonly topic: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
}

const tasmota = (at: LoginPlace): readonly string[] => [
  "In its console (Tools → Console), as one line:",
  `  Backlog MqttHost ${at.host}; MqttPort ${at.port}; MqttClient ${at.clientId}; MqttUser ${at.username}; MqttPassword ${at.password}; Topic ${at.topic}; TelePeriod 10; PowerDelta 110`,
];

const shellyGen2 = (at: LoginPlace): readonly string[] => {
  const config = {
    ...{ enable: true, server: `${at.host}:${at.port}`, client_id: at.clientId },
    ...(at.tls ? { ssl_ca: "user_ca.pem" } : {}),
    ...{ user: at.username, pass: at.password, topic_prefix: at.topic, rpc_ntf: true, status_ntf: true },
  };
  return [
    "From a computer in the same network, with the device's own address:",
    `  curl -X POST http://<device>/rpc/Mqtt.SetConfig -d '${JSON.stringify({ config })}'`,
    "  curl -X POST http://<device>/rpc/Shelly.Reboot",
  ];
};

const shellyGen1 = (at: LoginPlace): readonly string[] => {
  const fields = new URLSearchParams({
    ...{ mqtt_enable: "true", mqtt_server: `${at.host}:${at.port}`, mqtt_id: at.topic },
    ...{ mqtt_user: at.username, mqtt_pass: at.password, mqtt_update_period: "10" },
  });
  return [
    "From a computer in the same network, with the device's own address:",
    `  curl 'http://<device>/settings?${fields}'`,
    `This firmware uses its MQTT id (${at.topic}) as client id too.`,
  ];
};

const esphome = (at: LoginPlace): readonly string[] => [
  "In its YAML, then install it again:",
  "  mqtt:",
  `    broker: ${at.host}`,
  `    port: ${at.port}`,
  `    client_id: ${at.clientId}`,
  `    username: ${at.username}`,
  `    password: ${at.password}`,
  `    topic_prefix: ${at.topic}`,
  ...(at.tls ? ["    certificate_authority: |    # what gridwright tls ca prints, indented"] : []),
];

const zigbee2mqtt = (at: LoginPlace): readonly string[] => [
  "In Zigbee2MQTT's configuration.yaml, then restart it:",
  "  mqtt:",
  `    server: ${at.tls ? "mqtts" : "mqtt"}://${at.host}:${at.port}`,
  ...(at.tls ? ["    ca: /opt/zigbee2mqtt/data/gridwright-ca.pem"] : []),
  `    client_id: ${at.clientId}`,
  `    user: ${at.username}`,
  `    password: ${at.password}`,
];

const moonraker = (at: LoginPlace): readonly string[] => [
  "In moonraker.conf, then restart Moonraker:",
  "  [mqtt]",
  `  address: ${at.host}`,
  `  port: ${at.port}`,
  ...(at.tls ? ["  enable_tls: True"] : []),
  `  client_id: ${at.clientId}`,
  `  username: ${at.username}`,
  `  password: ${at.password}`,
];

const anything = (at: LoginPlace): readonly string[] => [
  "In its MQTT settings:",
  `  server     ${at.host}, port ${at.port}, MQTT 3.1.1, ${at.tls ? "TLS" : "no TLS"}`,
  `  client id  ${at.clientId}`,
  `  user       ${at.username}`,
  `  password   ${at.password}`,
  `  topic      ${at.topic}`,
];

const WAYS: Readonly<Partial<Record<MqttProfile["protocol"], (at: LoginPlace) => readonly string[]>>> = {
  tasmota,
  "shelly-gen1": shellyGen1,
  "shelly-gen2": shellyGen2,
  esphome,
  zigbee2mqtt,
  moonraker,
};

const withTls = ({ protocol }: LoginPlace): readonly string[] => [
  "It must trust the site's authority: gridwright tls ca > ca.pem, or from the opened page at /ca.crt.",
  ...(protocol === "shelly-gen2"
    ? [
        "Before that, on a computer with ca.pem:",
        "  jq -Rs '{data: .}' ca.pem | curl -X POST http://<device>/rpc/Shelly.PutUserCA -d @-",
      ]
    : []),
  "One that cannot do TLS: plain: true at it in the site file, then this again.",
];

/** Lines for the terminal. */
export const howToEnter = (at: LoginPlace): readonly string[] => [
  ...(WAYS[at.protocol] ?? anything)(at),
  ...(at.tls ? withTls(at) : []),
];
