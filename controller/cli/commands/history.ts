// `gridwright history rebuild`: the history of a site that is not running, made anew from its journal.
import { dirname } from "node:path";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { rebuildHistory } from "@gridwright/runtime/recorder/history/rebuild.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";

export interface RebuildCommand {
  readonly folder: string;
  readonly config?: string;
  readonly write: (line: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

const minuteOf = (t: number): string => new Date(t).toISOString().slice(0, 16);

/** Throws `usage` for an unknown folder or an empty journal, `data-folder-locked` while the site runs. */
export async function runRebuild({ folder, config, write, progress, signal }: RebuildCommand): Promise<void> {
  const place = journalPlace(folder);
  const model = siteOfJournal(place, config);
  const dataDir = dirname(place.journalDir);
  const release = lockDataFolder(dataDir, "supervisor.lock");
  try {
    let unread = 0;
    const { from, until, values, damaged, setAside } = await rebuildHistory({
      ...{ folder: dataDir, journalDir: place.journalDir, model, signal },
      onDamage: () => {
        unread += 1;
      },
      progress: (at) => progress(`told again up to ${minuteOf(at)}`),
    });
    progress("");
    for (const file of setAside) write(`the old history was no database any more and lies in ${file}`);
    if (damaged > 0) write(`${damaged} damaged blocks of the old history could not be kept`);
    if (unread > 0)
      write(`${unread} places of the journal could not be read; there the old history was kept`);
    write(
      `${values} values from ${minuteOf(from)} to ${minuteOf(until)} UTC were told again; what is older stays`,
    );
  } finally {
    release();
  }
}
