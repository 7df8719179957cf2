// Keeps the workshop's queue on disk: one file, replaced whole and synced before anybody is told. Writes follow each other;
// of several that wait only the newest is written. A damaged file is put aside and told, and the queue begins anew.
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { emptyQueue, type Queue } from "@gridwright/core/jobs/queue.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

export interface KeptQueue {
  /** As it was when the file was opened. */
  readonly begin: Queue;
  /** Resolves once this queue or a newer one is on disk; rejects where the card refuses. */
  save(queue: Queue): Promise<void>;
}

/** What stood in no file before machines could ask who uses them. */
const BEFORE = { person: null, vouched: true, confirms: [] } as const;

function read(path: string, log: Log): Queue {
  if (!existsSync(path)) return emptyQueue;
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Queue;
    if (kept.version === 1 && Array.isArray(kept.jobs))
      return { ...emptyQueue, ...kept, jobs: kept.jobs.map((job) => ({ ...BEFORE, ...job })) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  renameSync(path, `${path}.damaged`);
  log.error("the queue's file is damaged; it was put aside and the queue begins anew", { file: path });
  return emptyQueue;
}

export function openQueueFile(dataDir: string, log: Log): KeptQueue {
  const path = join(dataDir, "jobs.json");
  let newest: Queue | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const queue = newest;
    newest = undefined;
    if (queue !== undefined) await replaceFile(path, JSON.stringify(queue));
  };
  return {
    begin: read(path, log),
    save(queue) {
      newest = queue;
      const done = writing.then(write);
      writing = done.catch(() => undefined);
      return done;
    },
  };
}
