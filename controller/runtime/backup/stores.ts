// What of a data folder goes into a backup, and how. How a store is written decides how it is copied while it is being written:
// journal segments up to the last whole block, files of lines up to the last whole line, databases as rows of one read
// transaction, everything else whole, since it is only ever replaced by renaming. Readers of the journal keep their place in
// it, so they are copied before it: what a backup holds of the journal reaches at least as far as any place in it.
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../data-folder/names-in.ts";
import { UNFINISHED } from "../data-folder/unfinished.ts";
import { segmentOf } from "../journal/format.ts";

export const STORE_KINDS = ["rows", "lines", "whole", "journal"] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface Stored {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly kind: StoreKind;
}

/** What a start makes anew, belongs to a running process alone, or was put aside. */
const LEFT_OUT: readonly RegExp[] = [
  /(?:^|\/)(?:node_modules|\.npm|\.cache|backup\.tmp|running)\//,
  /\.(?:lock|new|tmp|part|torn)$/,
  /\.lock\.\d+(?:\.old)?$/,
  /\.damaged(?:-wal|-shm)?$/,
  /\.sqlite-(?:wal|shm|journal)$/,
  /^(?:run|backups)\.json$/,
];

/** How a file of a data folder is copied; undefined: it is left out. */
export function kindOf(path: string): StoreKind | undefined {
  if (path === UNFINISHED || LEFT_OUT.some((pattern) => pattern.test(path))) return undefined;
  const [folder, name = ""] = path.split("/");
  if (folder === "journal" && segmentOf(name) !== undefined) return "journal";
  if (path.endsWith(".sqlite")) return "rows";
  return /\.(?:jsonl|jsonl\.1)$|refused-lines\.txt$/.test(path) ? "lines" : "whole";
}

/** Files below a folder by name, relative to it; what is no plain file is left out. */
async function* filesBelow(folder: string, below = ""): AsyncGenerator<string> {
  for (const name of [...(await namesIn(join(folder, below)))].sort()) {
    const path = below === "" ? name : `${below}/${name}`;
    const found = await lstat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (found?.isDirectory() && kindOf(`${path}/x`) !== undefined) yield* filesBelow(folder, path);
    if (found?.isFile()) yield path;
  }
}

const TURNS: readonly (readonly StoreKind[])[] = [["rows"], ["lines", "whole"], ["journal"]];

/** What goes into a backup, in the order in which it must be copied; each turn is looked up when it comes. */
export async function* storesOf(dataDir: string): AsyncGenerator<Stored> {
  for (const kinds of TURNS)
    for await (const path of filesBelow(dataDir)) {
      const kind = kindOf(path);
      if (kind !== undefined && kinds.includes(kind)) yield { path, kind };
    }
}
