// The recorder of the services process: everything that is made from the journal. Each reader has its own cursor; a
// slow or dead one costs only itself, and none is ever waited for by control.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type HistoryStatus, startHistory } from "./history/history.ts";
import type { InfluxStatus } from "./influx/influx-status.ts";
import { startInfluxWriter } from "./influx/influx-writer.ts";

export interface RecorderOptions {
  readonly journalDir: string;
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly influx: readonly InfluxTarget[];
  readonly io: Clock;
  readonly log: Log;
  /** Told when a metrics database stops taking data and, with null, when it takes it again; `url` says which. */
  readonly onProblem?: (reason: Reason | null, url: string) => void;
  readonly random?: () => number;
}

/** For people: how far each reader is and what troubles it. */
export interface RecorderStatus {
  readonly history: HistoryStatus;
  readonly influx: readonly InfluxStatus[];
}

export interface Recorder {
  readonly history: History;
  status(): RecorderStatus;
  close(): Promise<void>;
}

/** Starts all readers of the journal; a journal that is not there yet is waited for. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { influx, onProblem, random = Math.random, ...shared } = options;
  const history = await startHistory(shared);
  const writers = influx.map((target) =>
    startInfluxWriter({
      ...shared,
      ...{ target, random, history },
      onProblem: (reason) => onProblem?.(reason, target.url),
    }),
  );
  return {
    history,
    status: () => ({ history: history.status(), influx: writers.map((writer) => writer.status()) }),
    close: async () => {
      await Promise.all([history.close(), ...writers.map((writer) => writer.close())]);
    },
  };
}
