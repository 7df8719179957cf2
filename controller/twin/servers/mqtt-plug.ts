// The connection of one emulated plug to the site's broker: its own credential, its last will, commands in, reports
// out. It loses power with the plant's bus and comes up again as its firmware does.
import type { Log } from "@gridwright/contract/log.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { connect, type MqttClient } from "mqtt";
import { faultOf, isCut } from "../plant/faults.ts";
import { hashText, randomAt } from "../plant/random.ts";
import { type PlantWorld, plantMs } from "../plant/world.ts";
import { FIRMWARE } from "./firmware.ts";
import { type Firmware, hardwareOf, type Message } from "./plug.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 1_000;
const RECONNECT_SPREAD_MS = 1_500;
const KEEPALIVE_S = 30;
/** What is not taken by the broker after this many waiting messages is dropped: telemetry, not history. */
const WAITING_MAX = 200;

/** Shared by all plugs of a twin, so that one absent broker is told once. */
export interface Complaint {
  made: boolean;
}

export interface PlugLogin {
  readonly username: string;
  readonly password: string;
  /** The client id that the credential is bound to; none: its user name. */
  readonly clientId?: string;
}

export interface PlugOptions {
  readonly complaint: Complaint;
  readonly world: PlantWorld;
  readonly device: DeviceModel;
  readonly url: string;
  readonly credentials: PlugLogin;
  readonly log: Log;
}

export interface MqttPlug {
  /** Called after each step of the world. */
  follow(): void;
  close(): Promise<void>;
}

type Power =
  | { readonly state: "up" }
  | { readonly state: "dead" }
  | { readonly state: "booting"; readonly until: number };

function open(
  { device, url, credentials, log, world, complaint }: PlugOptions,
  firmware: Firmware,
): MqttClient {
  const { will } = firmware;
  const spread = randomAt(hashText(device.id), world.seed) * RECONNECT_SPREAD_MS;
  const client = connect(url, {
    ...credentials,
    clientId: credentials.clientId ?? credentials.username,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_MS + spread,
    queueQoSZero: false,
    resubscribe: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain === true },
  });
  client.on("error", (error) => {
    if (!complaint.made)
      log.warn(`MQTT devices cannot reach the broker at ${url} yet; they keep trying`, {
        error: error.message,
      });
    complaint.made = true;
  });
  client.on("connect", () => {
    complaint.made = false;
    client.subscribe([firmware.subscribe].flat(), { qos: 1 }, (error) => {
      if (error) log.warn(`plug ${device.id} may not subscribe`, { error: error.message });
    });
    say(client, firmware.hello());
  });
  client.on("message", (topic, payload) => {
    const obey = (): void => say(client, firmware.receive(topic, payload.toString("utf8")));
    const slow = faultOf(world.faults, "device-slow", device.id);
    if (slow === undefined) obey();
    else setTimeout(obey, slow.delayMs).unref();
  });
  return client;
}

function say(client: MqttClient, messages: readonly Message[]): void {
  if (!client.connected || (client.stream.writableLength ?? 0) > WAITING_MAX * 500) return;
  for (const { topic, payload, retain = false } of messages)
    client.publish(topic, payload, { qos: 0, retain });
}

/** Connects one plug and keeps it connected. */
export function startMqttPlug(options: PlugOptions): MqttPlug {
  const { world, device } = options;
  const { profile, spec } = device;
  if (!("reportMs" in profile)) throw new TypeError(`${device.id} is no MQTT device`);
  const firmware = FIRMWARE[profile.protocol](spec.topic ?? device.id, hardwareOf(world, device), profile);
  let power: Power = { state: "up" };
  let client: MqttClient | undefined;
  const cut = (): void => {
    client?.end(true);
    client?.stream.destroy();
    client = undefined;
  };
  const followBus = (): void => {
    if (!world.busAlive && power.state !== "dead") {
      power = { state: "dead" };
      cut();
    } else if (world.busAlive && power.state === "dead") {
      power = { state: "booting", until: plantMs(world) + firmware.boot() };
    } else if (power.state === "booting" && plantMs(world) >= power.until) {
      power = { state: "up" };
      firmware.powerUp();
    }
  };
  return {
    follow() {
      followBus();
      const wanted = power.state === "up" && !isCut(options.world, options.device.id);
      if (!wanted && client !== undefined) cut();
      else if (wanted && client === undefined) client = open(options, firmware);
      if (client?.connected) say(client, firmware.tick());
    },
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (client === undefined) return;
      client.end(true, {}, () => resolve());
      await promise;
    },
  };
}
