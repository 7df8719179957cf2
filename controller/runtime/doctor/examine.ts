// Learns all facts of a site on its machine and gives the doctor's opinion.
import { join } from "node:path";
import type { DoctorReport } from "@gridwright/contract/doctor-words.ts";
import { isPlain } from "@gridwright/contract/site/broker-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { diagnose } from "@gridwright/core/doctor/diagnose.ts";
import type { CareFacts, RunningFacts, SiteFacts, TrustFacts } from "@gridwright/core/doctor/facts.ts";
import { z } from "zod";
import { keptBackupsIn } from "../backup/kept-backups.ts";
import { readBackwards } from "../journal/backwards.ts";
import { controlOf, type View } from "../live/view.ts";
import { endOf } from "../tls/certificates.ts";
import { KeptTls } from "../tls/site-tls.ts";
import { CURRENT, stateOf, versionAt } from "../update/installed.ts";
import { diskTree } from "../update/tree.ts";
import type { Host } from "./host.ts";
import { openPorts } from "./listening.ts";
import { boardFacts, cardFacts, clockFacts } from "./machine-facts.ts";
import { secretFacts } from "./secret-facts.ts";
import { type BrokerUnit, unitFacts } from "./unit-facts.ts";
import { updateOnStick } from "./update-on-stick.ts";

export interface Examined {
  readonly host: Host;
  readonly site: SiteFacts;
  /** Undefined: the site file has mistakes. */
  readonly model: SiteModel | undefined;
  readonly dataDir: string;
  /** Wall time, ms. */
  readonly wall: number;
  /** Process → pid, of what runs on the data. */
  readonly pids: Readonly<Record<string, number>>;
  readonly running: RunningFacts;
  /** Files of secrets that the site file names. */
  readonly named: readonly string[];
  /** Port of the page in the people's network. */
  readonly lanPort?: number;
  /** Where releases are installed; none: it runs from elsewhere. */
  readonly installation?: string;
  /** Somebody signed for the commissioning, all of it. */
  readonly isSigned: boolean | undefined;
  /** File of the public key by which updates are believed. */
  readonly updateKey: string;
}

export const NOTHING_RUNS: RunningFacts = {
  control: "none",
  latenessP99Ms: undefined,
  buses: [],
  lostDevices: [],
};

/** As the live bus tells it. */
export function runningFacts(view: View): RunningFacts {
  return {
    control: controlOf(view).state === "live" ? "live" : "silent",
    latenessP99Ms: view.process?.latenessMs.p99,
    buses: Object.entries(view.buses?.buses ?? {}).map(([id, { up, utilisation }]) => ({
      ...{ id, isUp: up, busyRatio: utilisation ?? 0 },
    })),
    lostDevices: [...view.devices].flatMap(([id, { quality }]) =>
      quality === "lost" || quality === "never" ? [id] : [],
    ),
  };
}

const LOOPBACK = /^(?:127\.|localhost$|::1$)/;

/** With mistakes in the site file nobody knows: then it is ours that is looked for. */
function brokerUnit(model: SiteModel | undefined): BrokerUnit {
  const { url, program } = model?.site.broker ?? {};
  return url === undefined ? (program ?? "gridwright-broker") : undefined;
}

/** Those of the broker in the network of the devices. */
const brokerPorts = (model: SiteModel): readonly number[] => {
  const { listen, tlsPort, port } = model.site.broker;
  return listen === undefined ? [] : [tlsPort, ...(isPlain(model) ? [port] : [])];
};

function wantedPorts({ model, lanPort }: Pick<Examined, "model" | "lanPort">): TrustFacts["wantedPorts"] {
  if (model === undefined) return undefined;
  const { outward } = model.site;
  return [
    ...brokerPorts(model),
    ...(outward.modbus === undefined || LOOPBACK.test(outward.modbus.host) ? [] : [outward.modbus.port]),
    ...(lanPort === undefined ? [] : [lanPort]),
  ];
}

function parsed<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return schema.parse(JSON.parse(text ?? ""));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

function trustFacts(examined: Examined): TrustFacts {
  const { host, dataDir, pids, named, model } = examined;
  const mosquitto = model !== undefined && brokerUnit(model) === "mosquitto" ? brokerPorts(model) : [];
  const tls = parsed(KeptTls, host.read(join(dataDir, "secrets", "tls.json")));
  const ends = Object.values(tls?.servers ?? {}).map(({ cert }) => endOf(cert));
  return {
    certificateEnds: ends.length === 0 ? undefined : Math.min(...ends),
    authorityEnds: tls === undefined ? undefined : endOf(tls.ca.cert),
    ports: openPorts(host, pids).map(({ ours, ...one }) => ({
      ...one,
      // mosquitto is no process of ours, but serves the site as one.
      ours: ours ?? (mosquitto.includes(one.port) ? "mosquitto" : undefined),
    })),
    wantedPorts: wantedPorts(examined),
    secrets: secretFacts(host, { dataDir, named }),
  };
}

async function updateFacts({ host, installation, updateKey }: Examined): Promise<CareFacts["update"]> {
  if (installation === undefined) return undefined;
  const root = diskTree(installation);
  const version = versionAt(root, CURRENT) ?? "?";
  const state = stateOf(root);
  return {
    ...{ version, to: state?.to ?? version },
    available: await updateOnStick(host, { version, key: updateKey }),
    ...(state?.failed !== undefined && { failed: state.failed }),
    isOpen: state !== undefined && state.phase !== "idle",
  };
}

async function careFacts(examined: Examined): Promise<CareFacts> {
  const { host, model, dataDir, isSigned } = examined;
  const { last, failed, apart } = keptBackupsIn(host.read(join(dataDir, "backups.json")) ?? "");
  return {
    isSimulated: model?.site.site.simulated === true,
    isWired: Object.keys(model?.devices ?? {}).length > 0,
    isSigned,
    backup: last,
    backupFailed: failed?.why,
    ...(apart !== undefined && { backupApartAt: apart.at }),
    update: await updateFacts(examined),
  };
}

/** Rejects only with what the journal's disk says. */
async function newestRecord(dataDir: string): Promise<number | undefined> {
  const { records } = await readBackwards({
    ...{ dir: join(dataDir, "journal"), kinds: new Set(["tick"]), wanted: () => true, limit: 1 },
    ...{ from: 0, before: Number.MAX_SAFE_INTEGER },
  });
  return records[0]?.t;
}

export async function examine(examined: Examined): Promise<DoctorReport> {
  const { host, wall, dataDir, running, site } = examined;
  const clock = await clockFacts(host, { wall, newestRecord: await newestRecord(dataDir) });
  const findings = diagnose({
    ...{ clock, running, site },
    units: await unitFacts(host, { ...examined, broker: brokerUnit(examined.model) }),
    card: cardFacts(host, examined),
    board: await boardFacts(host),
    trust: trustFacts(examined),
    care: await careFacts(examined),
  });
  return { at: wall, findings };
}
