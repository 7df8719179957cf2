// All credentials of a data folder, made at the first start and kept from then on: nothing has a default. Processes
// that start side by side make them in turn, so that all know the same. Never logged.
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { BrokerUser } from "../broker/users.ts";
import { brokerUsers, deviceUser, mqttAccess, PROCESS_USERS, type ProcessUser } from "./broker-users.ts";
import { keepSecrets } from "./secret-file.ts";

/** Who may sign requests. */
export const ISSUERS = ["operator", "services"] as const;

export interface Login {
  readonly username: string;
  readonly password: string;
  /** The client id the credential is bound to; none: any. */
  readonly clientId?: string;
}

export interface Secrets {
  /** The folder, for people: `<data>/secrets`. */
  readonly folder: string;
  readonly brokerUsers: readonly BrokerUser[];
  login(user: ProcessUser): Login;
  /** An MQTT device's login, by its id. Throws `usage` when the site has no such MQTT device. */
  deviceLogin(device: string): Login;
  /** The key that an issuer signs its requests with. */
  issuerKey(issuer: string): Buffer | undefined;
}

/** Opens the secrets of `dataDir`, making those that `model` needs and that are not there yet. */
export async function openSecrets(dataDir: string, model: SiteModel): Promise<Secrets> {
  const folder = join(dataDir, "secrets");
  const devices = mqttAccess(model).map(([id]) => deviceUser(id));
  const passwords = await keepSecrets(join(folder, "broker.json"), [...PROCESS_USERS, ...devices]);
  const issuers = await keepSecrets(join(folder, "issuers.json"), ISSUERS);
  const users = brokerUsers(model, passwords);
  const login = (name: string): Login => {
    const user = users.find((one) => one.name === name);
    if (user === undefined)
      throw new GridwrightError(
        "usage",
        `The site's broker has no user ${name}: is it an MQTT device of the site?`,
      );
    const { password, clientId } = user;
    return { username: name, password, ...(clientId !== undefined && { clientId }) };
  };
  return {
    folder,
    brokerUsers: users,
    login,
    deviceLogin: (device) => login(deviceUser(device)),
    issuerKey: (issuer) =>
      Object.hasOwn(issuers, issuer) ? Buffer.from(issuers[issuer] ?? "", "base64url") : undefined,
  };
}
