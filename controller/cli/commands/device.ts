// `gridwright device add`: one broker credential for one MQTT device of the site, with rights on its own topics only and
// bound to its client id. It is shown once, with how to enter it; a copy lies in the data folder for its owner alone.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { howToEnter, type LoginPlace } from "@gridwright/runtime/commission/enter-login.ts";
import { mqttAccess } from "@gridwright/runtime/secrets/broker-users.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import { findRunning } from "./operator.ts";

export interface DeviceAddCommand {
  readonly id: string;
  readonly data: string;
  readonly config?: string;
  /** The broker's address as the device sees it; none: this machine's. */
  readonly host?: string;
  readonly json: boolean;
  readonly write: (line: string) => void;
}

const MQTT_PORT = 1_883;
const MQTTS_PORT = 8_883;
const OWNER_ONLY = 0o600;
const FOLDER_OWNER_ONLY = 0o700;

/** This machine's first address in its network. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  return address ?? "<address of this machine>";
}

function siteOf({ data, config, id }: DeviceAddCommand): {
  readonly model: SiteModel;
  readonly dataDir: string;
} {
  const running = findRunning(data);
  if (config !== undefined) return { model: loadSite(config).model, dataDir: resolve(data) };
  if (running !== undefined) return { model: loadSite(running.siteFile).model, dataDir: running.dataDir };
  throw new GridwrightError(
    "usage",
    `Which site? Nothing runs on ${data}: gridwright device add ${id} --config site.yaml`,
  );
}

function deviceOf(model: SiteModel, id: string) {
  const access = mqttAccess(model).find(([device]) => device === id)?.[1];
  const device = model.devices[id];
  const { profile } = device ?? {};
  if (access !== undefined && device !== undefined && profile !== undefined && "reportMs" in profile)
    return { access, topic: device.spec.topic ?? id, protocol: profile.protocol };
  const mqtt = mqttAccess(model).map(([name]) => name);
  throw new GridwrightError(
    "usage",
    device === undefined
      ? `The site has no device "${id}". Write it into site.yaml first; its MQTT devices are: ${mqtt.join(", ") || "none yet"}.`
      : `${id} does not speak MQTT: it needs no credential.`,
  );
}

/** Where the device comes in. */
function doorFor(
  { url, listen, port, tlsPort }: SiteModel["site"]["broker"],
  isPlain: boolean,
  host: string | undefined,
): Pick<LoginPlace, "host" | "port" | "tls"> {
  if (url === undefined) {
    const tls = listen !== undefined && !isPlain;
    return { host: host ?? listen ?? ownAddress(), port: tls ? tlsPort : port, tls };
  }
  const { hostname, port: other, protocol } = new URL(url);
  const tls = protocol === "mqtts:";
  return { host: host ?? hostname, port: Number(other || (tls ? MQTTS_PORT : MQTT_PORT)), tls };
}

/** What is still to be done before the device can come in. */
function stillToDo({ url, listen }: SiteModel["site"]["broker"], host: string): string {
  if (url !== undefined) return `This user must be made at ${url} too, with these rights.`;
  const again = "A controller that runs already must be started again to let a new device in.";
  return listen === undefined
    ? `${again}\nThe broker listens on this machine alone: write broker: { listen: ${host} } into the site file, with this machine's address in the network of the devices.`
    : again;
}

/** Shows the credential, once; returns the exit code. */
export async function runDeviceAdd(command: DeviceAddCommand): Promise<number> {
  const { id, host, json, write } = command;
  const { model, dataDir } = siteOf(command);
  const { access, topic, protocol } = deviceOf(model, id);
  const secrets = await openSecrets(dataDir, model);
  const { username, password, clientId = username } = secrets.deviceLogin(id);
  const folder = join(secrets.folder, "devices");
  const file = join(folder, `${id}.txt`);
  if (existsSync(file))
    throw new GridwrightError(
      "usage",
      `The credential of ${id} was shown before. Its owner finds it in ${file}; delete that file to have it shown again.`,
    );
  const { broker } = model.site;
  const place: LoginPlace = {
    ...{ protocol, topic, username, password, clientId },
    ...doorFor(broker, model.devices[id]?.spec.plain === true, host),
  };
  const lines = [
    `${id} at the broker of ${model.site.site.name}. It may speak on its own topics only, and only as client ${clientId}.`,
    "",
    ...howToEnter(place),
    "",
    `It may publish  ${access.publish.join("  ")}`,
    `It may hear     ${access.subscribe.join("  ")}`,
  ];
  await mkdir(folder, { recursive: true, mode: FOLDER_OWNER_ONLY });
  await writeFile(file, `${lines.join("\n")}\n`, { mode: OWNER_ONLY, flag: "wx" });
  if (json) write(JSON.stringify({ device: id, ...place, ...access, file }));
  else
    for (const line of [
      ...lines,
      "",
      `Shown this once; a copy for you alone lies in ${file}.`,
      stillToDo(broker, place.host),
    ])
      write(line);
  return 0;
}
