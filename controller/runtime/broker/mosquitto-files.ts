// What a mosquitto needs to serve as the site's broker: its password files, its access list and its configuration, from the same
// users as the embedded broker. On this machine it takes all of them, in the network of the devices their logins alone, each
// under its own client id: by TLS, and without it those that are plain. mosquitto has no right to retain: what the embedded
// broker also guards there, it does not.
import { pbkdf2Sync } from "node:crypto";
import { BROKER_LIMITS } from "./limits.ts";
import type { BrokerUser } from "./users.ts";

/** The files by name. */
export interface MosquittoFiles {
  /** PBKDF2-SHA512 as mosquitto_passwd writes it: who may come in on this machine. */
  readonly passwords: string;
  /** Who may come in from the network of the devices by TLS. */
  readonly "passwords-tls": string;
  /** And without. */
  readonly "passwords-plain": string;
  readonly acl: string;
}

/** mosquitto_passwd's own figures of version 2. */
const ITERATIONS = 101;
export const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** mosquitto drops silently above this many messages that wait for a client. */
const QUEUED_MAX = 5_000;
const PACKET_BYTES_MAX = 4_194_304;

function passwordLine({ name, password }: BrokerUser, salt: Buffer): string {
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, "sha512");
  return `${name}:$7$${ITERATIONS}$${salt.toString("base64")}$${hash.toString("base64")}`;
}

const LINE = /^([^:]+):\$7\$\d+\$([^$]+)\$/gm;

/** The salt of each name in a password file: who keeps it writes the same file for the same passwords. */
export const saltsIn = (passwords: string): ReadonlyMap<string, Buffer> =>
  new Map(
    [...passwords.matchAll(LINE)].map(([, name = "", salt = ""]) => [name, Buffer.from(salt, "base64")]),
  );

const rightsOf = ({ name, publish, subscribe }: BrokerUser): readonly string[] => [
  `user ${name}`,
  ...publish.map((topic) => `topic write ${topic}`),
  ...subscribe.map((topic) => `topic read ${topic}`),
  "",
];

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

/** `salt`: 12 bytes for a user's name. */
export function mosquittoFiles(users: readonly BrokerUser[], salt: (name: string) => Buffer): MosquittoFiles {
  const passwordsOf = (some: readonly BrokerUser[]): string =>
    lines(...some.map((user) => passwordLine(user, salt(user.name))));
  return {
    passwords: passwordsOf(users),
    "passwords-tls": passwordsOf(users.filter(({ network }) => network !== undefined)),
    "passwords-plain": passwordsOf(users.filter(({ network }) => network === "plain")),
    acl: lines(...users.flatMap(rightsOf)),
  };
}

export interface MosquittoPlace {
  /** Where those files lie, and with a network its certificate as server.crt and server.key. */
  readonly folder: string;
  readonly port: number;
  /** This machine's address in the network of the devices; none: loopback alone. */
  readonly network?: { readonly address: string; readonly tlsPort: number; readonly isPlain: boolean };
}

/** For `include_dir`: to be read before anything that is said of a listener. */
export function mosquittoConf({ folder, port, network }: MosquittoPlace): string {
  const listener = (at: string, passwords: keyof MosquittoFiles): readonly string[] => [
    "",
    `listener ${at}`,
    "allow_anonymous false",
    `password_file ${folder}/${passwords}`,
    `acl_file ${folder}/acl`,
  ];
  const fromNetwork = [
    "use_username_as_clientid true",
    `max_connections ${BROKER_LIMITS.networkConnectionsMax}`,
  ];
  const secure = [`certfile ${folder}/server.crt`, `keyfile ${folder}/server.key`, "tls_version tlsv1.2"];
  return lines(
    "per_listener_settings true",
    `max_queued_messages ${QUEUED_MAX}`,
    `message_size_limit ${PACKET_BYTES_MAX}`,
    ...listener(`${port} 127.0.0.1`, "passwords"),
    ...(network === undefined
      ? []
      : [
          ...[
            ...listener(`${network.tlsPort} ${network.address}`, "passwords-tls"),
            ...fromNetwork,
            ...secure,
          ],
          ...(network.isPlain
            ? [...listener(`${port} ${network.address}`, "passwords-plain"), ...fromNetwork]
            : []),
        ]),
  );
}
