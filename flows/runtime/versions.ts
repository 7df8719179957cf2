// Every accepted version of the flows, kept with author, time and message: the newest is what runs. Files are written whole
// and renamed, so that a cut leaves the old or the new one; the oldest go when there are too many.
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { FLOWS_VERSION_FILE } from "@gridwright/contract/flows-place.ts";
import type { FlowNode } from "./gate/flow-node.ts";

export interface Version {
  readonly n: number;
  /** Wall time, ms. */
  readonly at: number;
  readonly by: string;
  readonly message: string;
  readonly nodes: number;
  readonly flows: readonly FlowNode[];
}

export interface Versions {
  newest(): Version | undefined;
  /** What each that is kept deployed, newest first. */
  all(): Iterable<readonly FlowNode[]>;
  /** Returns once it is on disk. */
  add(version: Pick<Version, "at" | "by" | "message" | "flows">): Version;
}

export const VERSIONS_MAX = 50;
const MESSAGE_CHARS_MAX = 300;
const BY_CHARS_MAX = 100;
const DIGITS = 6;

/** The permission model has no fsync: each write is synced by itself. */
const SYNCED = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_SYNC;

/** Services may belong to another user, who has this process' group; they read the versions. */
const SHARED_FILE = 0o640;
const SHARED_FOLDER = 0o750;

/** Returns once it is on disk. */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const file = openSync(`${path}.new`, SYNCED, mode);
  writeSync(file, text);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

const nameOf = (n: number): string => `${String(n).padStart(DIGITS, "0")}.json`;

function read(path: string): Version | undefined {
  try {
    const version = JSON.parse(readFileSync(path, "utf8")) as Version;
    return Array.isArray(version.flows) ? version : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What changed in words: how many nodes are new, gone or other, and on which tabs. */
export function changeText(before: readonly FlowNode[], after: readonly FlowNode[]): string {
  const then = new Map(before.map((node) => [node.id, JSON.stringify(node)]));
  const now = new Map(after.map((node) => [node.id, JSON.stringify(node)]));
  const added = after.filter(({ id }) => !then.has(id));
  const gone = before.filter(({ id }) => !now.has(id));
  const other = after.filter((node) => then.has(node.id) && then.get(node.id) !== now.get(node.id));
  const touched = new Set([...added, ...gone, ...other].map(({ id, z }) => z ?? id));
  const tabs = [...after, ...gone].filter(({ id, type }) => type === "tab" && touched.has(id));
  const names = [...new Set(tabs.map(({ label, id }) => label ?? id))].join(", ");
  const counts = [
    ...(added.length === 0 ? [] : [`${added.length} new`]),
    ...(gone.length === 0 ? [] : [`${gone.length} gone`]),
    ...(other.length === 0 ? [] : [`${other.length} changed`]),
  ].join(", ");
  return `${counts === "" ? "nothing new" : counts}${names === "" ? "" : ` (${names})`}`;
}

export function openVersions(folder: string): Versions {
  mkdirSync(folder, { recursive: true, mode: SHARED_FOLDER });
  const names = (): string[] =>
    readdirSync(folder)
      .filter((name) => FLOWS_VERSION_FILE.test(name))
      .sort();
  return {
    newest() {
      for (const name of names().reverse()) {
        const version = read(join(folder, name));
        if (version !== undefined) return version;
      }
      return undefined;
    },
    *all() {
      for (const name of names().reverse()) {
        const version = read(join(folder, name));
        if (version !== undefined) yield version.flows;
      }
    },
    add({ at, by, message, flows }) {
      const all = names();
      const version: Version = {
        ...{ n: Number.parseInt(all.at(-1) ?? "0", 10) + 1, at, by: by.slice(0, BY_CHARS_MAX) },
        ...{ message: message.slice(0, MESSAGE_CHARS_MAX), nodes: flows.length, flows },
      };
      writeWhole(join(folder, nameOf(version.n)), JSON.stringify(version), SHARED_FILE);
      for (const name of all.slice(0, Math.max(0, all.length + 1 - VERSIONS_MAX))) rmSync(join(folder, name));
      return version;
    },
  };
}
