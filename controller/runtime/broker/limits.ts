// Every limit of the broker, by name.

export const BROKER_LIMITS = {
  /** Largest packet of a client, in bytes; before its login too. */
  packetBytesMax: 65_536,
  /** Sockets at one time, half-open ones included. */
  connectionsMax: 1_024,
  /** The same from the network of the devices, counted apart: a flood there leaves the processes their places. */
  networkConnectionsMax: 256,
  connectionsPerUserMax: 16,
  /** A client that has not said CONNECT by then is gone. */
  connectMs: 3_000,
  /** Longest keepalive that a client may ask for, in s; none at all is refused. */
  keepaliveSecondsMax: 300,
  /** Bytes that wait for a client which does not read; more and it is disconnected. */
  backlogBytesMax: 1_048_576,
  clientIdLengthMax: 64,
  topicLevelsMax: 16,
  /** Retained topics of one user. */
  retainedPerUserMax: 256,
  messagesPerSecondMax: 100_000,
  /** Packets of one client that wait for its login. */
  packetsBeforeLoginMax: 8,
  /** QoS 2 handshakes of one client under way. */
  qos2Max: 50,
} as const;

export type BrokerLimits = { readonly [K in keyof typeof BROKER_LIMITS]: number };
