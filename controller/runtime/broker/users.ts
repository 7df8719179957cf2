// Who may speak at the broker, and what each may say. Passwords are kept as digests and compared in constant time.
import { createHash, timingSafeEqual } from "node:crypto";
import { covers } from "@gridwright/protocols/mqtt/topic-filter.ts";

/** How a client comes in from the network of the devices. */
export type Way = "tls" | "plain";

export interface BrokerUser {
  readonly name: string;
  readonly password: string;
  /** The only client id this credential may use; none: any that is not another's. */
  readonly clientId?: string;
  /** May come in from the network of the devices, by TLS or, where it is plain, without; all others log in on this machine alone. */
  readonly network?: Way;
  /** Filters of what it may publish and hear. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Filters of what the wildcards of `publish` and `retain` do not take. */
  readonly publishNot?: readonly string[];
  /** Filters of what may stay at the broker; none: nothing of this user is retained. */
  readonly retain?: readonly string[];
  /** Most topics that it may retain; none: the broker's own limit. */
  readonly retainedMax?: number;
  /** Most messages in a second, on average; none: the broker's own limit. */
  readonly messagesPerSecondMax?: number;
  /** Largest packet, in bytes; none: the broker's own limit. */
  readonly packetBytesMax?: number;
}

export interface Users {
  /** The user, if name and password are right. */
  login(name: string | undefined, password: Uint8Array | undefined): BrokerUser | undefined;
  /** The user that a client id is bound to. */
  ownerOf(clientId: string): BrokerUser | undefined;
}

const digest = (password: string | Uint8Array): Buffer => createHash("sha256").update(password).digest();

export function createUsers(list: readonly BrokerUser[]): Users {
  const byName = new Map(list.map((user) => [user.name, { user, digest: digest(user.password) }]));
  const byClientId = new Map(list.map((user) => [user.clientId, user]));
  const nobody = digest("");
  return {
    login(name, password) {
      const known = byName.get(name ?? "");
      const right = timingSafeEqual(digest(password ?? ""), known?.digest ?? nobody);
      return right && password !== undefined && password.length > 0 ? known?.user : undefined;
    },
    ownerOf: (clientId) => byClientId.get(clientId),
  };
}

const inside = (patterns: readonly string[], filter: string): boolean =>
  patterns.some((pattern) => covers(pattern, filter));

const takes = (patterns: readonly string[], user: BrokerUser, topic: string): boolean =>
  patterns.includes(topic) || (inside(patterns, topic) && !inside(user.publishNot ?? [], topic));

export const mayPublish = (user: BrokerUser, topic: string): boolean =>
  !topic.startsWith("$") && takes(user.publish, user, topic);
export const mayRetain = (user: BrokerUser, topic: string): boolean => takes(user.retain ?? [], user, topic);
export const mayHear = (user: BrokerUser, filter: string): boolean =>
  !filter.startsWith("$") && inside(user.subscribe, filter);
