// Who comes in: the broker's hooks for CONNECT. No session outlives its connection, so nothing is queued for the
// absent and no old command arrives late; a client that asks for a lasting session is told that there is none.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { AedesOptions, Client, ConnectPacket } from "aedes";
import type { BrokerLimits } from "./limits.ts";
import { createRate } from "./rate.ts";
import type { Refusals } from "./refusals.ts";
import type { Message, Sessions } from "./sessions.ts";
import type { BrokerUser, Users, Way } from "./users.ts";

interface EntranceOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly limits: BrokerLimits;
  readonly refusals: Refusals;
  readonly io: Clock;
  /** How a client came over the network of the devices; undefined: on loopback. */
  readonly fromNetwork: (client: Client) => Way | undefined;
  /** Called once a client has proven who it is. */
  readonly onLogin: (client: Client, user: BrokerUser) => void;
}
type Hooks = Required<Pick<AedesOptions, "preConnect" | "authenticate">>;

/** CONNACK return codes of MQTT 3.1.1. */
const BAD_CLIENT_ID = 2;
const BAD_LOGIN = 4;
const NOT_ALLOWED = 5;
const CLIENT_ID = /^[\x21-\x7e]+$/;

const refusal = (returnCode: number, why: string) => Object.assign(new Error(why), { returnCode });

export function createEntrance(options: EntranceOptions): Hooks {
  const { refusals, limits } = options;
  const wills = new WeakMap<Client, Message>();
  const note = (why: string, fields: object): void => {
    refusals.note("login", "a client was refused at the broker", { ...fields, why });
  };
  return {
    preConnect(client, packet, done) {
      const mistake = connectMistake(packet, limits);
      if (mistake === undefined) {
        if (packet.will) wills.set(client, packet.will);
        packet.clean = true;
        return done(null, true);
      }
      note(mistake, {});
      client.conn.write(Buffer.from([0x20, 0x02, 0x00, BAD_CLIENT_ID]));
      return done(new Error(mistake), false);
    },
    authenticate(...[client, username, password, done]) {
      const user = options.users.login(username, password);
      const error = loginMistake(client, user, { ...options, will: wills.get(client) });
      if (user === undefined || error !== undefined) {
        const { message, returnCode } = error ?? refusal(BAD_LOGIN, "wrong user name or password");
        note(message, { user: username?.slice(0, 64), clientId: client.id });
        return done(refusal(returnCode, message), false);
      }
      const perSecond = user.messagesPerSecondMax ?? limits.messagesPerSecondMax;
      options.sessions.begin(client, { user, withinRate: createRate(options.io, perSecond) });
      options.onLogin(client, user);
      return done(null, true);
    },
  };
}

interface Checked extends EntranceOptions {
  readonly will: Message | undefined;
}

function loginMistake(client: Client, user: BrokerUser | undefined, checked: Checked) {
  if (user === undefined) return undefined;
  const { sessions, will, fromNetwork } = checked;
  const way = fromNetwork(client);
  if (way !== undefined && user.network === undefined)
    return refusal(NOT_ALLOWED, "this login is taken from this machine alone");
  if (way === "plain" && user.network !== "plain")
    return refusal(NOT_ALLOWED, "this login is taken by TLS alone, unless the site file says plain: true");
  const id = sessions.idMistake(client, user);
  if (id !== undefined) return refusal(BAD_CLIENT_ID, id);
  const wrong = will === undefined ? undefined : sessions.messageMistake(user, will);
  return wrong === undefined ? undefined : refusal(NOT_ALLOWED, `its last will on ${will?.topic}: ${wrong}`);
}

/** What is wrong with a CONNECT before anybody is asked who it is. */
function connectMistake({ clientId, clean }: ConnectPacket, limits: BrokerLimits): string | undefined {
  if (clientId === "") return clean === false ? "an empty client id needs a clean session" : undefined;
  if (clientId.length > limits.clientIdLengthMax) return "its client id is too long";
  return CLIENT_ID.test(clientId) ? undefined : "its client id has characters other than printable ASCII";
}
