// What programs beside the controller need of it, kept as it should be: InfluxDB and mosquitto their certificate of the site's
// authority, mosquitto the logins and rights of the site's devices too. Each has a folder, made by who installs it, which belongs to
// the user of the site and to that program's group; where there is none nothing is done. A change is told by the file `changed`,
// written last, for which the service manager waits to have the program take it up.
import { createHash, randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mosquittoFiles, SALT_BYTES, saltsIn } from "../broker/mosquitto-files.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import { openSecrets } from "../secrets/secrets.ts";
import { openTlsAt } from "../tls/open.ts";
import { openTls, type SiteTls } from "../tls/site-tls.ts";

export interface Folders {
  readonly mosquitto: string;
  readonly influxdb: string;
}
export const FOLDERS: Folders = {
  mosquitto: "/etc/mosquitto/gridwright",
  influxdb: "/etc/influxdb/gridwright",
};

export interface EquipOptions {
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly folders: Folders;
  readonly io: Clock;
}

interface Wanted {
  readonly text: string;
  readonly mode: number;
}
type Equipment = Readonly<Record<string, Wanted>>;

const PUBLIC = 0o644;
/** Its owner's, and to be read by the program's group. */
const SHARED = 0o640;
const CHANGED = "changed";

const hasFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const textAt = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

/** Whether anything was written. */
async function fill(folder: string, equipment: Equipment): Promise<boolean> {
  let isNew = false;
  for (const [name, wanted] of Object.entries(equipment)) {
    const path = join(folder, name);
    if ((await textAt(path)) === wanted.text) continue;
    await replaceFile(path, wanted.text, wanted.mode);
    isNew = true;
  }
  const all = Object.values(equipment).map(({ text }) => text);
  const sum = `${createHash("sha256").update(all.join("\0")).digest("hex")}\n`;
  // In place: who waits for it watches this very file. Wrong also where a power cut came between.
  if ((await textAt(join(folder, CHANGED))) !== sum)
    await writeFile(join(folder, CHANGED), sum, { mode: PUBLIC });
  return isNew;
}

const certificate = ({ server, authority }: SiteTls): Equipment => ({
  "ca.crt": { text: authority, mode: PUBLIC },
  "server.crt": { text: server.cert, mode: PUBLIC },
  "server.key": { text: server.key, mode: SHARED },
});

async function forInfluxdb({ dataDir, model, io }: EquipOptions): Promise<Equipment> {
  const hosts = ["127.0.0.1", "localhost"];
  return certificate(await openTls({ dataDir, site: model.site.site.name, name: "influxdb", hosts, io }));
}

async function forMosquitto({ dataDir, model, folders, io }: EquipOptions): Promise<Equipment> {
  const { brokerUsers } = await openSecrets(dataDir, model);
  const salts = saltsIn((await textAt(join(folders.mosquitto, "passwords"))) ?? "");
  const made = new Map<string, Buffer>();
  const salt = (name: string): Buffer => {
    const known = salts.get(name) ?? made.get(name) ?? randomBytes(SALT_BYTES);
    made.set(name, known);
    return known;
  };
  const files = Object.entries(mosquittoFiles(brokerUsers, salt));
  const { listen: address } = model.site.broker;
  const tls =
    address === undefined ? undefined : await openTlsAt({ dataDir, model, name: "broker", address, io });
  return {
    ...Object.fromEntries(files.map(([name, text]) => [name, { text, mode: SHARED }])),
    ...(tls && certificate(tls)),
  };
}

/** Which programs have a folder here, and have got something new. Throws what the folder or the data refuse. */
export async function equip(
  options: EquipOptions,
): Promise<Readonly<Partial<Record<keyof Folders, "new" | "same">>>> {
  const { folders, model } = options;
  const isServing = model.site.broker.program === "mosquitto";
  const one = async (folder: string, make: () => Promise<Equipment>) =>
    (await fill(folder, await make())) ? ("new" as const) : ("same" as const);
  return {
    ...((await hasFolder(folders.influxdb)) && {
      influxdb: await one(folders.influxdb, () => forInfluxdb(options)),
    }),
    ...(isServing &&
      (await hasFolder(folders.mosquitto)) && {
        mosquitto: await one(folders.mosquitto, () => forMosquitto(options)),
      }),
  };
}
