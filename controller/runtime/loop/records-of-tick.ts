// What a tick leaves in the journal, in the order that replay needs: requests, the tick itself, then what came of it.
import type { AlarmMessage } from "@gridwright/contract/messages.ts";
import type { JournalRecord, LeaseRecord, TickRecord } from "@gridwright/contract/records.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { Epoch, Mono } from "@gridwright/contract/units.ts";
import type { Step } from "@gridwright/core/step.ts";

/** An instant of plant time on both of its clocks. */
export interface Moment {
  readonly m: Mono;
  readonly t: Epoch;
}

export type LeaseEvent = Omit<LeaseRecord, "k" | keyof Moment>;

/** A command that did not reach its device, for the journal. */
export const failedEvent = ({
  asset,
  why,
}: {
  readonly asset: string;
  readonly why: string;
}): LeaseEvent => ({
  asset,
  event: "failed",
  detail: why,
});

export interface TickParts {
  readonly at: Moment;
  readonly requests: readonly Request[];
  readonly tick: Pick<TickRecord, "c" | "d">;
  readonly step: Step;
  readonly leases: readonly LeaseEvent[];
  readonly alarms: readonly AlarmMessage[];
}

export const recordsOf = ({
  at,
  requests,
  tick,
  step,
  leases,
  alarms,
}: TickParts): readonly JournalRecord[] => [
  ...requests.map((request): JournalRecord => ({ k: "request", ...at, request })),
  { k: "tick", ...at, ...tick },
  ...step.decisions.map((decision): JournalRecord => ({ k: "decision", ...at, decision })),
  ...step.answers.map((answer): JournalRecord => ({ k: "answer", ...at, answer })),
  ...leases.map((event): JournalRecord => ({ k: "lease", ...at, ...event })),
  ...alarms.map((message): JournalRecord => ({ k: "alarm", ...at, ...message })),
];
