// Tells on the live bus, every few seconds, how control itself does: how late it ticks, how long a tick takes, what it holds
// in memory and writes to the card. Retained; nothing waits for it. What services make of it is theirs.
import { readFileSync } from "node:fs";
import type { Clock } from "@gridwright/contract/clock.ts";
import { type ProcessMessage, type Spread, topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { Durations } from "../clock/durations.ts";
import type { JournalStatus } from "../journal/threaded-journal.ts";
import type { Metronome } from "./metronome.ts";

const EVERY = seconds(5);
/** As many as come in the minute before a report, at ten ticks a second. */
const KEPT = 600;

const spreadOf = (durations: Durations): Spread => {
  const at = durations.ranks() ?? (() => 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
};

/** Bytes that this process had written to the card since its start; 0 where the system does not say. */
export function bytesWritten(): number {
  try {
    const [, bytes = "0"] = /^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "latin1")) ?? [];
    return Number(bytes);
  } catch (error) {
    if (error instanceof Error && "code" in error) return 0;
    throw error;
  }
}

export interface ProcessReportOptions {
  readonly bus: Pick<Bus, "publish">;
  readonly siteId: string;
  /** Plant time, by which ticks are due. */
  readonly plant: Clock;
  /** Real time. */
  readonly io: Clock;
  readonly journal: () => Pick<
    JournalStatus,
    "writtenBytes" | "queuedBytes" | "merged" | "refused" | "failure"
  >;
}

export interface ProcessReport {
  /** The metronome, its lateness measured. */
  watched(metronome: Metronome): Metronome;
  /** A tick has ended. */
  ticked(): void;
  /** Publishes from now on, until the returned function is called. */
  start(): () => void;
}

export function createProcessReport({
  bus,
  siteId,
  plant,
  io,
  journal,
}: ProcessReportOptions): ProcessReport {
  const lateness = new Durations(KEPT);
  const tick = new Durations(KEPT);
  let ticks = 0;
  let begun = io.now();
  const message = (): ProcessMessage => {
    const { writtenBytes, queuedBytes, merged, refused, failure } = journal();
    return {
      ...{ t: io.wall(), ticks, latenessMs: spreadOf(lateness), tickMs: spreadOf(tick) },
      ...{ memoryBytes: process.memoryUsage.rss(), diskWrittenBytes: bytesWritten() },
      journal: { writtenBytes, queuedBytes, merged, refused, failing: failure !== null },
    };
  };
  return {
    watched: (metronome) => ({
      wake: metronome.wake,
      async next(until, signal) {
        await metronome.next(until, signal);
        begun = io.now();
        lateness.note(Math.max(0, plant.now() - until));
      },
    }),
    ticked() {
      ticks += 1;
      tick.note(io.now() - begun);
    },
    start() {
      const stop = new AbortController();
      const run = async (): Promise<void> => {
        while (!stop.signal.aborted) {
          // Rejects only when it is stopped.
          await io.sleep(EVERY, stop.signal).catch(() => undefined);
          if (!stop.signal.aborted)
            bus.publish(topics(siteId).process, JSON.stringify(message()), { retain: true });
        }
      };
      void run();
      return () => stop.abort();
    },
  };
}
