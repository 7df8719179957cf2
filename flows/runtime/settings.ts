// Node-RED's settings as they must be here: on loopback, without exec and file nodes, without installing, without telemetry,
// with an end to every function, and with services as the only ones who say who somebody is.
import { timingSafeEqual } from "node:crypto";
import { EXCLUDED } from "./gate/allowed.ts";
import type { Site } from "./site-view.ts";
import type { Storage } from "./storage.ts";

export interface SettingsOptions {
  readonly userDir: string;
  /** The folder of the package of our own nodes. */
  readonly nodesDir: string;
  readonly port: number;
  /** Services show it with the name of whom they speak for. */
  readonly key: string;
  readonly site: Site;
  readonly safe: boolean;
  readonly storage: Storage;
  readonly credentialSecret: string;
  readonly say: (level: "info" | "warn" | "error", text: string) => void;
}

export const ADMIN_ROOT = "/flows";
const PAGE = "/#technician";
/** A function that runs longer is broken off; it would hold up every other flow. */
const FUNCTION_S_MAX = 2;
const DEBUG_CHARS_MAX = 1_000;
const WARN = 30;
const ERROR = 20;
/** 'read' holds plugins.read, without which the editor does not load. */
const PERMISSIONS = ["read", "flows.write", "inject.write", "debug.write"];

const isSame = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** Who a pass of services names; null: it is none. */
export function userOf(pass: string, key: string): { username: string; permissions: string[] } | null {
  const dot = pass.indexOf(".");
  if (dot < 0 || !isSame(pass.slice(0, dot), key)) return null;
  return { username: Buffer.from(pass.slice(dot + 1), "base64url").toString(), permissions: PERMISSIONS };
}

interface LogEntry {
  readonly level: number;
  readonly msg?: unknown;
  readonly name?: string;
  readonly type?: string;
}

const levelOf = (level: number): "info" | "warn" | "error" =>
  level <= ERROR ? "error" : level <= WARN ? "warn" : "info";

const placeOf = ({ type, name }: LogEntry): string => [type, name].filter(Boolean).join(" ");

const logHandler = (say: SettingsOptions["say"]) => () => (entry: LogEntry) => {
  const text = entry.msg instanceof Error ? entry.msg.message : String(entry.msg ?? "");
  const place = placeOf(entry);
  say(levelOf(entry.level), place === "" ? text : `${place}: ${text}`);
};

const never = { allowInstall: false, allowUpdate: false, allowUpload: false };

export const settingsOf = (options: SettingsOptions): Readonly<Record<string, unknown>> => ({
  ...{ userDir: options.userDir, nodesDir: [options.nodesDir], storageModule: options.storage },
  ...{ uiHost: "127.0.0.1", uiPort: options.port, httpAdminRoot: ADMIN_ROOT, httpNodeRoot: false },
  ...{ credentialSecret: options.credentialSecret, safeMode: options.safe, gridwright: options.site },
  adminAuth: { tokens: async (pass: string) => userOf(pass, options.key) },
  nodesExcludes: EXCLUDED,
  externalModules: { autoInstall: false, palette: never, modules: never },
  functionExternalModules: false,
  globalFunctionTimeout: FUNCTION_S_MAX,
  ...{ telemetry: { enabled: false, updateNotification: false }, diagnostics: { enabled: false, ui: false } },
  ...{ runtimeState: { enabled: false, ui: false }, exportGlobalContextKeys: false },
  ...{ debugMaxLength: DEBUG_CHARS_MAX, apiMaxLength: "1mb" },
  logging: { gridwright: { level: "warn", metrics: false, audit: false, handler: logHandler(options.say) } },
  editorTheme: {
    page: { title: "gridwright flows" },
    // The way back to the page.
    header: { title: "gridwright flows", url: PAGE },
    ...{ tours: false, userMenu: false, projects: { enabled: false } },
    ...{ codeEditor: { lib: "ace" }, multiplayer: { enabled: false } },
  },
});
