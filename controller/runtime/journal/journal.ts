// Opens the journal: starts its thread, waits until that has repaired what the last run left, and hands over to
// ThreadedJournal. One process at a time may have a journal open; the data folder's lock sees to that.
import { Worker } from "node:worker_threads";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { seconds } from "@gridwright/contract/units.ts";
import type { Report, ThreadSetup } from "./thread.ts";
import { type JournalOptions, type RunningJournal, ThreadedJournal } from "./threaded-journal.ts";

const OPEN_DEADLINE = seconds(30);

async function firstReport(worker: Worker, clock: Clock): Promise<Report> {
  const deadline = new AbortController();
  try {
    return await new Promise<Report>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      clock.sleep(OPEN_DEADLINE, deadline.signal).then(
        () => reject(new Error(`no answer from the card in ${OPEN_DEADLINE} ms`)),
        () => undefined,
      );
    });
  } finally {
    deadline.abort();
  }
}

/**
 * Opens the journal in `dir` with a new segment whose first record is `snapshot("start")`; repairs a torn tail.
 * Throws data-folder-unusable when the folder cannot be read or made. Only one process may have it open.
 */
export async function openJournal(options: JournalOptions): Promise<RunningJournal> {
  const full = { flushMs: 10_000, segmentBytesMax: 2_000_000, queueBytesMax: 16_000_000, ...options };
  const { dir, log, segmentBytesMax, queueBytesMax } = full;
  const setup: ThreadSetup = { dir, limits: { segmentBytesMax, queueBytesMax } };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: setup, name: "journal" });
  try {
    const report = await firstReport(worker, full.clock);
    if (report.kind !== "open")
      throw new Error(report.kind === "unusable" ? report.why : "unexpected report");
    if (report.repaired.torn !== undefined)
      log.warn("the journal's torn tail was cut off", { ...report.repaired.torn });
    return new ThreadedJournal(full, worker, report.state);
  } catch (cause) {
    await worker.terminate();
    const why = messageOf(cause);
    throw new GridwrightError("data-folder-unusable", `${dir}: ${why}`, { place: { file: dir }, cause });
  }
}
