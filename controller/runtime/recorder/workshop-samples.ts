// What the workshop's queue told the journal, as points of the catalogue. Pure. A word counts once control has taken it: whoever
// may not speak for the queue is refused, and nothing of it is told.
import type { MetricTag, WorkshopMetricName } from "@gridwright/contract/metrics.ts";
import type { AnswerRecord, RequestRecord } from "@gridwright/contract/records.ts";
import type { MachineUse } from "@gridwright/contract/workshop-use.ts";

export interface WorkshopSample {
  readonly name: WorkshopMetricName;
  readonly tags: Readonly<Partial<Record<MetricTag, string>>>;
  /** Plant wall time, ms. */
  readonly t: number;
  readonly value: number;
  readonly text?: string;
}

/** Words whose answer has not come; an answer stands in the same tick. */
const WAITING_MAX = 64;

function jobSamples(asset: string, job: NonNullable<MachineUse["job"]>): readonly WorkshopSample[] {
  const { id, member, outcome, endedAt: t, energyWh, sunWh, workedMs } = job;
  const at = { t, tags: { asset, ...(member !== null && { member }), outcome } };
  return [
    { name: "job_energy", ...at, value: energyWh, text: id },
    ...(sunWh === null ? [] : [{ name: "job_sun_energy" as const, ...at, value: sunWh }]),
    { name: "job_time", ...at, value: workedMs / 1_000 },
  ];
}

function samplesOf({ machine: asset, runMs, starts, care, job }: MachineUse, t: number): WorkshopSample[] {
  return [
    { name: "machine_time", tags: { asset }, t, value: runMs / 1_000 },
    { name: "machine_starts", tags: { asset }, t, value: starts },
    ...care.map(({ name, left }) => ({
      ...{ name: "care_left" as const, tags: { asset, care: name }, t, value: left },
    })),
    ...(job === undefined ? [] : jobSamples(asset, job)),
  ];
}

/** Reads requests and answers in the journal's order. */
export class WorkshopWords {
  readonly #waiting = new Map<string, MachineUse>();

  asked({ request: { id, body } }: RequestRecord): void {
    if (body.kind !== "use") return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size >= WAITING_MAX) this.#waiting.delete(oldest);
    this.#waiting.set(id, body);
  }

  answered({ t, answer: { id, outcome } }: AnswerRecord): readonly WorkshopSample[] {
    const use = this.#waiting.get(id);
    this.#waiting.delete(id);
    return use === undefined || outcome !== "accepted" ? [] : samplesOf(use, t);
  }
}
