// What a mosquitto needs to serve as the site's broker: its password file, its access list and the lines of its
// configuration, from the same users as the embedded broker. mosquitto has no right to retain and none to a client id:
// what the embedded broker also guards there, it does not.
import { pbkdf2Sync } from "node:crypto";
import type { BrokerUser } from "./users.ts";

export interface MosquittoFiles {
  /** `password_file`: PBKDF2-SHA512 as mosquitto_passwd writes it. */
  readonly passwords: string;
  /** `acl_file`. */
  readonly acl: string;
  /** Lines of mosquitto.conf; the paths are the caller's. */
  readonly conf: string;
}

export interface MosquittoOptions {
  readonly users: readonly BrokerUser[];
  readonly salt: (bytes: number) => Buffer;
  readonly passwordFile: string;
  readonly aclFile: string;
}

/** mosquitto_passwd's own figures of version 2. */
const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** mosquitto drops silently above this many messages that wait for a client. */
const QUEUED_MAX = 5_000;
const PACKET_BYTES_MAX = 4_194_304;

function passwordLine({ name, password }: BrokerUser, salt: Buffer): string {
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, "sha512");
  return `${name}:$7$${ITERATIONS}$${salt.toString("base64")}$${hash.toString("base64")}`;
}

const rightsOf = ({ name, publish, subscribe }: BrokerUser): readonly string[] => [
  `user ${name}`,
  ...publish.map((topic) => `topic write ${topic}`),
  ...subscribe.map((topic) => `topic read ${topic}`),
  "",
];

/** The three files as text; each ends with a line feed. */
export function mosquittoFiles({ users, salt, passwordFile, aclFile }: MosquittoOptions): MosquittoFiles {
  const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;
  return {
    passwords: lines(...users.map((user) => passwordLine(user, salt(SALT_BYTES)))),
    acl: lines(...users.flatMap(rightsOf)),
    conf: lines(
      "allow_anonymous false",
      `password_file ${passwordFile}`,
      `acl_file ${aclFile}`,
      `max_queued_messages ${QUEUED_MAX}`,
      `message_size_limit ${PACKET_BYTES_MAX}`,
    ),
  };
}
