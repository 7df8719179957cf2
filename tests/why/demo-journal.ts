// What both tests of this folder are built of: the demo's first hours as a journal, and what the commands say of one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { runVerify } from "../../controller/cli/commands/journal-verify.ts";
import { runReplay } from "../../controller/cli/commands/replay.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { opensSegment, recordVillage, writeJournal } from "./recorded-village.ts";

export const config = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
export const { model } = loadSite(config);
export const WIDTH = 80;
const RESTART = 21 * 60_000 + 17_000;

/** The demo from its first minute, with a restart of control in between. */
export const demoRecords = (hours: number): readonly JournalRecord[] =>
  recordVillage({
    ...{ model, scenario: villageDay(), seed: 7, hours, restarts: [RESTART] },
    start: Date.UTC(2026, 10, 21, 20),
  });

/** Folders for journals, and their end. */
export function journals(): { of(records: readonly JournalRecord[]): string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), "gridwright-why-"));
  let folders = 0;
  return {
    of(records) {
      folders += 1;
      const dir = join(root, `journal-${folders}`);
      writeJournal(dir, records, opensSegment);
      return dir;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export interface Said {
  readonly lines: readonly string[];
  readonly text: string;
  readonly code: number;
}

export async function said(run: (write: (line: string) => void) => Promise<number>): Promise<Said> {
  const lines: string[] = [];
  const code = await run((line) => lines.push(line));
  return { lines, code, text: lines.join(" ") };
}

const common = { config, json: false, width: WIDTH, progress: () => undefined };
export const replayed = (folder: string, flags: { from?: string; to?: string } = {}): Promise<Said> =>
  said((write) => runReplay({ ...flags, ...common, folder, write }));
export const verified = (folder: string): Promise<Said> =>
  said((write) => runVerify({ ...common, folder, write }));
