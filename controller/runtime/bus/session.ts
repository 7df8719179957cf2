// One connection to the broker, from its CONNECT to its end. A new mqtt.js client each time, so that nothing of an
// old connection (its store, its timers, its half-sent packets) reaches the next.
import type { Millis } from "@gridwright/contract/units.ts";
import mqtt, { type MqttClient } from "mqtt";
import type { Outgoing } from "./outbox.ts";

export interface SessionOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain: boolean };
}

export interface SessionEvents {
  /** The broker took us in. */
  onUp(): void;
  onMessage(topic: string, payload: string, retained: boolean): void;
  /** Called once, when the connection is gone or never came about. */
  onEnd(why: string): void;
}

export interface Session {
  readonly up: boolean;
  /** Sends with QoS 0; false when the broker does not read and it was dropped. */
  send(message: Outgoing): boolean;
  /** Sends with QoS 1 and calls back on the broker's acknowledgement. */
  sendSurely(message: Outgoing, acknowledged: () => void): void;
  subscribe(filters: readonly string[], onRefused: (why: string) => void): void;
  /** Ends politely, without last will, within `patience`. */
  end(patience: Millis): Promise<void>;
}

const KEEPALIVE_SECONDS = 15;
const CONNECT_MS = 5_000;
/** Bytes that may wait in the socket before QoS 0 is dropped. */
const BACKLOG_BYTES_MAX = 1_048_576;

/** Opens a connection; it reports by `events` and is over with `onEnd`. */
export function openSession(options: SessionOptions, events: SessionEvents): Session {
  const { url, username, password, clientId, will } = options;
  const client = mqtt.connect(url, {
    username,
    password,
    clientId,
    ...(will !== undefined && { will: { ...will, payload: Buffer.from(will.payload), qos: 1 as const } }),
    clean: true,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  });
  let over = false;
  const end = (why: string): void => {
    if (over) return;
    over = true;
    client.end(true);
    events.onEnd(why);
  };
  client.on("connect", events.onUp);
  client.on("message", (topic, payload, { retain }) => {
    if (!over) events.onMessage(topic, payload.toString(), retain);
  });
  client.on("error", (error) => end(error.message));
  client.on("close", () => end("the connection was closed"));
  return {
    get up() {
      return !over && client.connected;
    },
    send({ topic, payload, retain }) {
      if (client.stream.writableLength > BACKLOG_BYTES_MAX) return false;
      client.publish(topic, payload, { qos: 0, retain });
      return true;
    },
    sendSurely({ topic, payload, retain }, acknowledged) {
      client.publish(topic, payload, { qos: 1, retain }, (error) => {
        if (!error && !over) acknowledged();
      });
    },
    subscribe(filters, onRefused) {
      client.subscribe([...filters], { qos: 1 }, (error) => {
        if (error && !over) onRefused(error.message);
      });
    },
    end: (patience) => endPolitely(client, patience),
  };
}

function endPolitely(client: MqttClient, patience: Millis): Promise<void> {
  return new Promise((resolve) => {
    // An end under way is not hurried by another: what does not answer is cut at the socket.
    const timer = setTimeout(() => {
      client.stream.destroy();
      resolve();
    }, patience);
    client.end(false, {}, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
