// The embedded MQTT broker: aedes behind an entrance and permissions of our own, with every limit counted at the
// socket. The control loop never goes through it; what must be shed within a second hangs on Modbus. No session and
// no queue outlives a connection.
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { Aedes, type Client } from "aedes";
import { settlePacketMemory } from "../bus/packet-memory.ts";
import { createEmitter } from "./emitter.ts";
import { createEntrance } from "./entrance.ts";
import { BROKER_LIMITS, type BrokerLimits } from "./limits.ts";
import type { PacketGuard } from "./packet-guard.ts";
import { createPermissions } from "./permissions.ts";
import { createRefusals, type Refusal, type Refusals } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import { boundBacklog, guardReads } from "./socket-limits.ts";
import { type BrokerUser, createUsers } from "./users.ts";

export interface BrokerOptions {
  /** Loopback unless somebody opens it on purpose; that is logged. */
  readonly host: string;
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
  stats(): BrokerStats;
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** Starts the broker. Rejects with `port-in-use` when something else listens there. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  settlePacketMemory();
  const limits: BrokerLimits = { ...BROKER_LIMITS, ...options.limits };
  const refusals = createRefusals(options.io, options.log);
  const guards = new WeakMap<object, PacketGuard>();
  const aedes = await createAedes(options, { limits, refusals, guards });
  let messages = 0;
  aedes.on("publish", (_packet, client) => {
    if (client !== null) messages += 1;
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    guards.set(socket, guardReads(socket, limits, refusals));
    boundBacklog(socket, limits, refusals);
    aedes.handle(socket);
  });
  server.maxConnections = limits.connectionsMax;
  const port = await listen(server, options).catch((error: unknown) => {
    aedes.close();
    throw error;
  });
  if (!LOOPBACK.has(options.host))
    options.log.warn("the broker listens beyond this machine", { host: options.host, port });
  return {
    port,
    stats: () => ({
      connections: sockets.size,
      clients: aedes.connectedClients,
      messages,
      refused: { ...refusals.counts },
    }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Parts {
  readonly limits: BrokerLimits;
  readonly refusals: Refusals;
  readonly guards: WeakMap<object, PacketGuard>;
}

async function createAedes({ users: list, siteId, io }: BrokerOptions, parts: Parts): Promise<Aedes> {
  const { limits, refusals, guards } = parts;
  const users = createUsers(list);
  const sessions = createSessions(users, limits);
  const onLogin = (client: Client, user: BrokerUser): void =>
    guards.get(client.conn)?.allow(user.packetBytesMax ?? limits.packetBytesMax);
  const aedes = await Aedes.createBroker({
    ...createEntrance({ users, sessions, limits, refusals, io, onLogin }),
    ...createPermissions({ sessions, siteId, refusals }),
    mq: createEmitter(),
    connectTimeout: limits.connectMs,
    keepaliveLimit: limits.keepaliveSecondsMax,
    maxTopicLevels: limits.topicLevelsMax,
    maxInflightInbound: limits.qos2Max,
    queueLimit: limits.packetsBeforeLoginMax,
  });
  aedes.on("client", sessions.entered);
  aedes.on("clientDisconnect", sessions.left);
  return aedes;
}

function listen(server: Server, { host, port }: BrokerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      const message = taken
        ? `Port ${port} on ${host} is taken, perhaps by another MQTT broker. Stop it (systemctl stop mosquitto) or give this one another port: broker: { port: … } in the site file.`
        : `The broker cannot listen on ${host}:${port}: ${cause.message}.`;
      reject(new GridwrightError(taken ? "port-in-use" : "broker-unreachable", message, { cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
