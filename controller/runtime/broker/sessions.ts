// Which client is which user. A session begins with a proven login and ends with its connection.
import type { Client } from "aedes";
import type { BrokerLimits } from "./limits.ts";
import { type BrokerUser, mayPublish, mayRetain, type Users } from "./users.ts";

/** A message, or a last will. */
export interface Message {
  readonly topic: string;
  readonly payload: { readonly length: number };
  readonly retain?: boolean | undefined;
}

interface Session {
  readonly user: BrokerUser;
  readonly withinRate: () => boolean;
}

export interface Sessions {
  begin(client: Client, session: Session): void;
  of(client: Client | null): Session | undefined;
  /** Tells that a client is registered, or gone. */
  entered(client: Client): void;
  left(client: Client): void;
  /** Why this client may not be `user`, or nothing. */
  idMistake(client: Client, user: BrokerUser): string | undefined;
  /** Why `user` may not publish this, or nothing; what is allowed to be retained counts from then on. */
  messageMistake(user: BrokerUser, message: Message): string | undefined;
}

export function createSessions(users: Users, limits: BrokerLimits): Sessions {
  const sessions = new WeakMap<Client, Session>();
  const present = new Map<string, Client>();
  const retained = new Map<string, Set<string>>();
  const userAt = (client: Client | undefined) =>
    client === undefined ? undefined : sessions.get(client)?.user;
  return {
    begin: (client, session) => {
      sessions.set(client, session);
    },
    of: (client) => (client === null ? undefined : sessions.get(client)),
    entered: (client) => {
      present.set(client.id, client);
    },
    left: (client) => {
      if (present.get(client.id) === client) present.delete(client.id);
    },
    idMistake(client, user) {
      const owner = users.ownerOf(client.id);
      if (user.clientId !== undefined)
        return owner === user ? undefined : "its client id is not the credential's";
      const holder = userAt(present.get(client.id));
      if (owner !== undefined || (holder !== undefined && holder !== user))
        return "its client id is another credential's";
      const mine = [...present.values()].filter((other) => userAt(other) === user).length;
      return mine < limits.connectionsPerUserMax ? undefined : "it has too many connections";
    },
    messageMistake(user, { topic, retain, payload }) {
      if (!mayPublish(user, topic)) return "it may not publish there";
      if (retain !== true) return undefined;
      if (!mayRetain(user, topic)) return "that may not be retained";
      const kept = retained.get(user.name) ?? new Set();
      retained.set(user.name, kept);
      if (payload.length === 0) kept.delete(topic);
      else if (!kept.has(topic) && kept.size >= (user.retainedMax ?? limits.retainedPerUserMax))
        return "it retains too many topics";
      else kept.add(topic);
      return undefined;
    },
  };
}
