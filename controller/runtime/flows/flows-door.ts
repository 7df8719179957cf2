// What services have of the technicians' flows: the token by which their process is known, whether it lives, the versions
// that it keeps, and the way to its editor on loopback. The process is not trusted: what it wrote is read by schema, and
// no session of a person is ever shown to it.
import { timingSafeEqual } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FlowsAnswer, FlowsVersion } from "@gridwright/contract/api-flows.ts";
import { FLOWS_VERSION_FILE, type FlowsPlace } from "@gridwright/contract/flows-place.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import { z } from "zod";
import { namesIn } from "../data-folder/names-in.ts";
import type { Asker } from "../people/book.ts";
import { digestOf } from "../people/digest.ts";
import { type FlowsLife, type FlowsLifeOptions, watchFlows } from "./life.ts";

export interface FlowsDoor {
  readonly place: FlowsPlace;
  /** Who shows this token; undefined: not the process of the flows. */
  asker(token: string): Asker | undefined;
  readonly life: FlowsLife;
  /** Keeps count of what flows were answered. */
  counted(answer: Answer): void;
  report(): Promise<FlowsAnswer>;
  /** Deploys a kept version again in somebody's name; what is said when it is refused. */
  restore(n: number, by: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface FlowsDoorOptions extends FlowsLifeOptions {
  readonly place: FlowsPlace;
  /** Where the process keeps what was deployed. */
  readonly versionsDir: string;
}

export const FLOWS_ID = "flows";
export const FLOWS_PREFIX = "/flows";
const VERSIONS_SHOWN = 20;
const VERSION_BYTES_MAX = 1_048_576;
const DEPLOY_DEADLINE_MS = 15_000;
const REFUSAL_CHARS_MAX = 4_000;

const VersionFile = FlowsVersion.extend({ flows: z.array(z.looseObject({})) });
type VersionFile = z.output<typeof VersionFile>;

export const passOf = ({ key }: FlowsPlace, name: string): string =>
  `Bearer ${key}.${Buffer.from(name).toString("base64url")}`;

const ASKER: Asker = {
  person: { id: FLOWS_ID, name: "Node-RED", role: "technician", via: "token" },
  scopes: ["read", "flow"],
};

const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));

async function readVersion(path: string): Promise<VersionFile | undefined> {
  if ((await stat(path)).size > VERSION_BYTES_MAX) return undefined;
  const text = await readFile(path, "utf8");
  try {
    return VersionFile.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

async function versionsIn(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder))
    .filter((name) => FLOWS_VERSION_FILE.test(name))
    .sort()
    .reverse();
}

/** Newest first; what cannot be read is left out. */
async function newest(folder: string): Promise<readonly FlowsVersion[]> {
  const names = (await versionsIn(folder)).slice(0, VERSIONS_SHOWN);
  const read = await Promise.all(names.map((name) => readVersion(join(folder, name))));
  return read.filter((one) => one !== undefined).map(({ flows: _flows, ...version }) => version);
}

/** The way by which the editor deploys; the process judges it like any other deploy. */
async function deploy(place: FlowsPlace, version: VersionFile, by: string): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${place.port}${FLOWS_PREFIX}/flows`, {
    method: "POST",
    headers: {
      authorization: passOf(place, by),
      "content-type": "application/json",
      "x-gridwright-message": `version ${version.n} again`,
    },
    body: JSON.stringify(version.flows),
    signal: AbortSignal.timeout(DEPLOY_DEADLINE_MS),
  });
  if (response.ok) return undefined;
  const told = (await response.text()).slice(0, REFUSAL_CHARS_MAX);
  try {
    return String((JSON.parse(told) as { message?: unknown }).message ?? told);
  } catch {
    return told === "" ? `it answered ${response.status}` : told;
  }
}

export function openFlowsDoor(options: FlowsDoorOptions): FlowsDoor {
  const { place, versionsDir } = options;
  const life = watchFlows(options);
  const asked = { accepted: 0, clipped: 0, refused: 0 };
  return {
    place,
    life,
    asker: (token) => (isSame(token, place.token) ? ASKER : undefined),
    counted({ outcome }) {
      asked[outcome] += 1;
    },
    report: async () => ({
      state: life.state,
      since: life.since,
      asked: { ...asked },
      versions: [...(await newest(versionsDir))],
    }),
    async restore(n, by) {
      const name = `${String(n).padStart(6, "0")}.json`;
      const known = (await versionsIn(versionsDir)).includes(name);
      const version = known ? await readVersion(join(versionsDir, name)) : undefined;
      return version === undefined ? "there is no such version" : deploy(place, version, by);
    },
    close: () => life.close(),
  };
}
