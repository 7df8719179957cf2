// Where Node-RED keeps its flows here: every save, by whatever route of it, passes the gate first. What is refused throws
// with the list for the technician and changes nothing, credentials included; what ran before goes on.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowNode, KnownAsset } from "./gate/flow-node.ts";
import { judge } from "./gate/judge.ts";
import { type GateLanguage, toldOf } from "./gate/told.ts";
import { untriedIn } from "./gate/untried.ts";
import { changeText, openVersions, writeWhole } from "./versions.ts";

/** What belongs to the deploy that is under way: who watches, in which language, and what they say of it. */
export interface Deploying {
  readonly language: GateLanguage;
  readonly message?: string;
  /** Why it is deployed without a trial; none: it was tried. */
  readonly untried?: string;
}

export interface StorageOptions {
  readonly userDir: string;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Undefined where the site cannot be asked. */
  readonly assets: () => Promise<readonly KnownAsset[] | undefined>;
  readonly deploying: () => Deploying | undefined;
  /** Whether flows of this hash were tried; undefined: nobody can tell. */
  readonly tried: (hash: string) => Promise<boolean | undefined>;
  /** A deploy was taken: it runs from now on. */
  readonly onDeployed: () => void;
  /** What a new folder begins with. */
  readonly examples: readonly FlowNode[];
}

interface User {
  readonly username?: string;
}
type Json = Readonly<Record<string, unknown>>;

/** As Node-RED asks of a storage module. */
export interface Storage {
  init(): Promise<void>;
  getFlows(): Promise<readonly FlowNode[]>;
  saveFlows(flows: readonly FlowNode[], user?: User | null): Promise<void>;
  getCredentials(): Promise<Json>;
  saveCredentials(credentials: Json): Promise<void>;
  getSettings(): Promise<Json>;
  saveSettings(settings: Json): Promise<void>;
  getSessions(): Promise<Json>;
  saveSessions(sessions: Json): Promise<void>;
  getLibraryEntry(type: string, path: string): Promise<unknown>;
  saveLibraryEntry(): Promise<void>;
}

function readJson(path: string): Json {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Node-RED shows `message` and answers 400. */
const refusal = (message: string): Error => Object.assign(new Error(message), { code: "refused" });

function keep(path: string) {
  return {
    get: async () => readJson(path),
    save: async (value: Json) => writeWhole(path, JSON.stringify(value)),
  };
}

export function openStorage(options: StorageOptions): Storage {
  const { userDir, now, assets, deploying, tried, onDeployed, examples } = options;
  mkdirSync(userDir, { recursive: true, mode: 0o700 });
  const versions = openVersions(join(userDir, "versions"));
  const credentials = keep(join(userDir, "credentials.json"));
  const settings = keep(join(userDir, "settings.json"));
  // Node-RED saves the credentials of a deploy before its flows: they wait for the gate's word.
  let waiting: Json | undefined;
  const saveFlows: Storage["saveFlows"] = async (flows, user) => {
    const given = waiting;
    waiting = undefined;
    const { language, message, untried } = deploying() ?? { language: "en" as const };
    const wrong = judge(flows, await assets());
    const complaints =
      wrong.length > 0 ? wrong : await untriedIn(flows, { kept: versions.all, tried, reason: untried });
    if (complaints.length > 0) throw refusal(toldOf(complaints, flows, language));
    const before = versions.newest()?.flows ?? [];
    if (given !== undefined) await credentials.save(given);
    versions.add({
      ...{ at: now(), by: user?.username ?? "nobody", flows },
      message:
        message ?? `${changeText(before, flows)}${untried === undefined ? "" : ` · untried: ${untried}`}`,
    });
    onDeployed();
  };
  return {
    async init() {
      if (versions.newest() === undefined)
        versions.add({ at: now(), by: "gridwright", message: "examples", flows: examples });
    },
    getFlows: async () => versions.newest()?.flows ?? [],
    saveFlows,
    getCredentials: credentials.get,
    async saveCredentials(value) {
      waiting = value;
    },
    getSettings: settings.get,
    saveSettings: settings.save,
    // Nobody signs in here: who asks is named by services with each request.
    getSessions: async () => ({}),
    saveSessions: async () => undefined,
    getLibraryEntry: async (_type, path) => (path === "/" || path === "" ? [] : ""),
    async saveLibraryEntry() {
      throw refusal("nothing is kept in the library here; export to a file");
    },
  };
}
