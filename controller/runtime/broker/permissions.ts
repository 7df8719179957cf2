// What a client may say and hear: the broker's hooks for PUBLISH (last wills too) and SUBSCRIBE. A refused message
// does not end the connection, for a plug that announces itself where it may not would never stay: it is dropped,
// counted, logged, and told on `gridwright/<site>/refused`, where a technician sees it live.
import { topics } from "@gridwright/contract/messages.ts";
import type { AedesOptions, PublishPacket } from "aedes";
import type { Refusals } from "./refusals.ts";
import type { Sessions } from "./sessions.ts";
import { type BrokerUser, mayHear } from "./users.ts";

interface PermissionOptions {
  readonly sessions: Sessions;
  readonly siteId: string;
  readonly refusals: Refusals;
}
type Hooks = Required<Pick<AedesOptions, "authorizePublish" | "authorizeSubscribe">>;

/** Where a refused message goes when its notice is not sent: no filter of a user takes it. */
const NOWHERE = "$refused";
const LOGGED_TOPIC_MAX = 256;

export function createPermissions({ sessions, siteId, refusals }: PermissionOptions): Hooks {
  /** Makes a refused message into the notice of its refusal, or into nothing. */
  const replace = (packet: PublishPacket, user: BrokerUser, why: string): void => {
    const fields = { user: user.name, topic: packet.topic.slice(0, LOGGED_TOPIC_MAX), why };
    const told = refusals.note("publish", "a message was refused at the broker", fields);
    packet.topic = told ? topics(siteId).refused : NOWHERE;
    packet.payload = JSON.stringify(fields);
    packet.retain = false;
  };
  return {
    authorizePublish(client, packet, done) {
      const session = sessions.of(client);
      if (session === undefined) return done(new Error("nobody may publish"));
      if (!session.withinRate()) {
        refusals.note("flood", "a client sent too much and was disconnected", { user: session.user.name });
        return done(new Error("too many messages"));
      }
      const mistake = sessions.messageMistake(session.user, packet);
      if (mistake !== undefined) replace(packet, session.user, mistake);
      return done(null);
    },
    authorizeSubscribe(client, subscription, done) {
      const user = sessions.of(client)?.user;
      if (user !== undefined && mayHear(user, subscription.topic)) {
        subscription.qos = subscription.qos === 0 ? 0 : 1;
        return done(null, subscription);
      }
      const fields = { user: user?.name, filter: subscription.topic.slice(0, LOGGED_TOPIC_MAX) };
      refusals.note("subscribe", "a subscription was refused at the broker", fields);
      return done(null, null);
    },
  };
}
