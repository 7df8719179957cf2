// The embedded MQTT broker: aedes behind an entrance and permissions of our own, with every limit counted at the
// socket. The control loop never goes through it; what must be shed within a second hangs on Modbus. No session and
// no queue outlives a connection.
import type { Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { Aedes, type Client } from "aedes";
import { settlePacketMemory } from "../bus/packet-memory.ts";
import type { SiteTls } from "../tls/site-tls.ts";
import { type Door, type DoorOptions, keepDoor, LOOPBACK, openDoor } from "./doors.ts";
import { createEmitter } from "./emitter.ts";
import { createEntrance } from "./entrance.ts";
import { BROKER_LIMITS, type BrokerLimits } from "./limits.ts";
import type { PacketGuard } from "./packet-guard.ts";
import { createPermissions } from "./permissions.ts";
import { createRefusals, type Refusal, type Refusals } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import { boundBacklog, guardReads } from "./socket-limits.ts";
import { type BrokerUser, createUsers, type Way } from "./users.ts";

/** Besides loopback: this machine's address in the network of the devices, whose logins are taken there. */
export interface DevicesNetwork {
  readonly address: string;
  /** 0: any free one. */
  readonly tlsPort: number;
  readonly tls: () => Promise<SiteTls>;
}

export interface BrokerOptions {
  readonly network?: DevicesNetwork;
  /** 0: any free one. */
  readonly port: number;
  readonly users: readonly BrokerUser[];
  readonly siteId: string;
  readonly io: Clock;
  readonly log: Log;
  readonly limits?: Partial<BrokerLimits>;
}

export interface BrokerStats {
  readonly connections: number;
  readonly clients: number;
  /** Messages taken from clients since the start. */
  readonly messages: number;
  readonly refused: Readonly<Record<Refusal, number>>;
}

export interface Broker {
  readonly port: number;
  /** Once it is open in the network of the devices. */
  tlsPort(): number | undefined;
  stats(): BrokerStats;
  close(): Promise<void>;
}

/** Starts the broker. Rejects with `port-in-use` when something else listens there. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  settlePacketMemory();
  const limits: BrokerLimits = { ...BROKER_LIMITS, ...options.limits };
  const refusals = createRefusals(options.io, options.log);
  const guards = new WeakMap<object, PacketGuard>();
  const network = new WeakMap<object, Way>();
  const aedes = await createAedes(options, { limits, refusals, guards, network });
  let messages = 0;
  aedes.on("publish", (_packet, client) => {
    if (client !== null) messages += 1;
  });
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    guards.set(socket, guardReads(socket, limits, refusals));
    boundBacklog(socket, limits, refusals);
    aedes.handle(socket);
  };
  const doors = await openDoors(options, { limits, refusals, network, onSocket }).catch((error: unknown) => {
    aedes.close();
    throw error;
  });
  return {
    port: doors.port,
    tlsPort: doors.tlsPort,
    stats: () => ({
      connections: sockets.size,
      clients: aedes.connectedClients,
      messages,
      refused: { ...refusals.counts },
    }),
    async close() {
      const closed = doors.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Outside {
  readonly limits: BrokerLimits;
  readonly refusals: Refusals;
  /** Sockets that came over the network of the devices. */
  readonly network: WeakMap<object, Way>;
  readonly onSocket: (socket: Socket) => void;
}

interface Doors extends Door {
  tlsPort(): number | undefined;
}

/** Loopback, and the network of the devices where the site file opens it: by TLS, and without it where a device is plain. */
async function openDoors(
  { port, users, io, log, ...options }: BrokerOptions,
  outside: Outside,
): Promise<Doors> {
  const { limits, refusals, network, onSocket } = outside;
  const { connectionsMax, networkConnectionsMax } = limits;
  const home = await openDoor({ host: LOOPBACK, port, connectionsMax, onSocket });
  if (options.network === undefined) return { ...home, tlsPort: () => undefined };
  const { address: host, tls, tlsPort } = options.network;
  const away = (way: Way, at: Pick<DoorOptions, "port" | "secure">) => {
    const onStranger = (socket: Socket): void => {
      network.set(socket, way);
      onSocket(socket);
    };
    return keepDoor(
      { host, ...at, connectionsMax: networkConnectionsMax, onSocket: onStranger },
      { io, log },
    );
  };
  const onFailed = (why: string, address: string | undefined): void => {
    refusals.note("handshake", "a client did not come through TLS", { why, address });
  };
  const secure = away("tls", { port: tlsPort, secure: { tls, handshakeMs: limits.connectMs, onFailed, io } });
  const isPlain = users.some((user) => user.network === "plain");
  const plain = isPlain ? [away("plain", { port: home.port })] : [];
  return {
    port: home.port,
    tlsPort: secure.port,
    close: async () => {
      await Promise.all([home, secure, ...plain].map((door) => door.close()));
    },
  };
}

interface Parts {
  readonly limits: BrokerLimits;
  readonly refusals: Refusals;
  readonly guards: WeakMap<object, PacketGuard>;
  readonly network: WeakMap<object, Way>;
}

/** The broker's own count of messages goes on. Throws `internal` where its insides are no longer as known. */
function numbersOf(aedes: Aedes): () => number {
  const counter: unknown = Reflect.get(aedes, "counter");
  if (typeof counter !== "number")
    throw new GridwrightError("internal", "aedes has no counter any more: see broker/emitter.ts");
  return () => {
    const number = Number(Reflect.get(aedes, "counter")) + 1;
    Reflect.set(aedes, "counter", number);
    return number;
  };
}

async function createAedes({ users: list, siteId, io }: BrokerOptions, parts: Parts): Promise<Aedes> {
  const { limits, refusals, guards, network } = parts;
  const users = createUsers(list);
  const sessions = createSessions(users, limits);
  const fromNetwork = ({ conn }: Client): Way | undefined => network.get(conn);
  let next = (): number => 0;
  const onLogin = (client: Client, user: BrokerUser): void =>
    guards.get(client.conn)?.allow(user.packetBytesMax ?? limits.packetBytesMax);
  const aedes = await Aedes.createBroker({
    ...createEntrance({ users, sessions, limits, refusals, io, fromNetwork, onLogin }),
    ...createPermissions({ sessions, siteId, refusals }),
    mq: createEmitter(() => next()),
    connectTimeout: limits.connectMs,
    keepaliveLimit: limits.keepaliveSecondsMax,
    maxTopicLevels: limits.topicLevelsMax,
    maxInflightInbound: limits.qos2Max,
    queueLimit: limits.packetsBeforeLoginMax,
  });
  next = numbersOf(aedes);
  aedes.on("client", sessions.entered);
  aedes.on("clientDisconnect", sessions.left);
  return aedes;
}
