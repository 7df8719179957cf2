// Where the site's broker is and how each process logs in there: the embedded one or mosquitto on loopback, or the site's
// own (`broker: mqtt://…`). Only for the first one a broker process is started. The logins are those of the data folder, unless a file
// names others; a password never stands in site.yaml, in a URL or in a log line.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { z } from "zod";
import { PROCESS_USERS, type ProcessUser } from "../secrets/broker-users.ts";
import type { Login, Secrets } from "../secrets/secrets.ts";

export interface BrokerPlace {
  readonly url: string;
  /** Its process is ours to start. */
  readonly embedded: boolean;
  login(user: ProcessUser): Required<Login>;
}

export interface BrokerPlaceOptions {
  readonly model: SiteModel;
  readonly secrets: Pick<Secrets, "login">;
  /** The folder of the site file; a relative path of credentials counts from there. */
  readonly siteFolder: string;
  /** Where the embedded broker listens, when not on the site's port. */
  readonly embeddedPort?: number;
}

const OTHERS_MAY = 0o077;
const BYTES_MAX = 65_536;
const Account = z.strictObject({ username: z.string().min(1), password: z.string().min(1) });
const Credentials = z.partialRecord(z.enum(PROCESS_USERS), Account);

const unusable = (file: string, what: string, cause?: unknown) =>
  new GridwrightError("site-invalid", `broker.credentials: ${file} ${what}`, {
    place: { file, path: "broker.credentials" },
    cause,
  });

async function privateText(file: string): Promise<string> {
  try {
    const { mode, size } = await stat(file);
    if ((mode & OTHERS_MAY) !== 0) throw unusable(file, `can be read by others: chmod 600 ${file}`);
    if (size > BYTES_MAX) throw unusable(file, `is larger than ${BYTES_MAX} bytes: is it the right file?`);
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof GridwrightError) throw cause;
    throw unusable(file, `cannot be read (${cause instanceof Error ? cause.message : cause})`, cause);
  }
}

async function readAccounts(file: string): Promise<z.infer<typeof Credentials>> {
  const text = await privateText(file);
  try {
    return Credentials.parse(JSON.parse(text));
  } catch (cause) {
    // The cause would quote the file, and with it a password.
    const why =
      cause instanceof z.ZodError ? cause.issues.map(({ path }) => path.join(".")).join(", ") : "no JSON";
    throw unusable(file, `must be {"control": {"username": "…", "password": "…"}, …}; wrong: ${why}`);
  }
}

/** Whether the site's broker is our own process. */
export const isEmbedded = ({ site }: SiteModel): boolean =>
  site.broker.url === undefined && site.broker.program === undefined;

/** The broker's address and logins. Rejects with `site-invalid` when the file of credentials cannot be used. */
export async function brokerPlace({
  model,
  secrets,
  siteFolder,
  embeddedPort,
}: BrokerPlaceOptions): Promise<BrokerPlace> {
  const { port, url, credentials } = model.site.broker;
  const { id } = model.site.site;
  const accounts = credentials === undefined ? {} : await readAccounts(resolve(siteFolder, credentials));
  const login = (user: ProcessUser): Required<Login> => {
    const { username, password, clientId = user } = secrets.login(user);
    if (url === undefined) return { username, password, clientId };
    return { username, password, ...accounts[user], clientId: `gridwright-${id}-${user}` };
  };
  return url === undefined
    ? { url: `mqtt://127.0.0.1:${embeddedPort ?? port}`, embedded: isEmbedded(model), login }
    : { url, embedded: false, login };
}
