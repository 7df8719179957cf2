// Questions to the queue over the live bus, from a technician's terminal: the broker lets the operator alone ask there.
// Each gets one answer; what is retained comes from an unknown time and is left alone.

import { JobCall, type JobWord } from "@gridwright/contract/jobs.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { z } from "zod";
import type { Word, Workshop } from "./workshop.ts";

export interface HearJobsOptions {
  readonly workshop: Workshop;
  readonly bus: Bus;
  readonly model: SiteModel;
  readonly log: Log;
}

/** A terminal is told of the first so many. */
const LISTED_MAX = 80;

type Said = Omit<JobWord, "id">;
const said = (word: Word | "unknown"): Said => {
  if (word === "unknown") return { why: "there is no such job; gridwright job list shows all" };
  return word.ok ? { job: word.job } : { why: word.why };
};

async function answer({ workshop, model }: HearJobsOptions, call: JobCall): Promise<Said> {
  switch (call.do) {
    case "list": {
      const report = workshop.report();
      return { report: { ...report, jobs: report.jobs.slice(0, LISTED_MAX) } };
    }
    case "ask": {
      const { member } = call.wish;
      if (member !== undefined && !Object.hasOwn(model.site.members, member))
        return { why: `the site has no member "${member}"` };
      const forOther = member === undefined ? { person: "operator" } : {};
      return said(await workshop.ask({ ...call.wish, ...forOther, vouched: true }));
    }
    case "alternative":
      return said(await workshop.alternative(call.job));
    case "cancel":
      return said(await workshop.cancel(call.job));
    case "cared": {
      const known = await workshop.cared(call.machine, call.care);
      return known ? {} : { why: `"${call.machine}" is no machine with the care "${call.care}"` };
    }
    default:
      return call satisfies never;
  }
}

function parsed(payload: string): JobCall | JobWord | undefined {
  try {
    const value: unknown = payload.length > REQUEST_BYTES_MAX ? undefined : JSON.parse(payload);
    const call = JobCall.safeParse(value);
    if (call.success) return call.data;
    const { id } = z.looseObject({ id: z.string().max(63) }).parse(value);
    return { id, why: z.prettifyError(call.error) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Listens as long as the bus lives. */
export function hearJobs(options: HearJobsOptions): void {
  const { bus, model, log } = options;
  const at = topics(model.site.site.id);
  const tell = (word: JobWord): void => bus.publish(at.jobWord("operator"), JSON.stringify(word), { qos: 1 });
  bus.subscribe(at.jobCall("operator"), (_topic, payload, retained) => {
    const call = retained ? undefined : parsed(payload);
    if (call === undefined) return;
    if (!("do" in call)) return tell(call);
    answer(options, call).then(
      (word) => tell({ id: call.id, ...word }),
      (error: unknown) => {
        log.error("a question to the queue failed", { error });
        tell({ id: call.id, why: "the queue could not keep it; see the log of services" });
      },
    );
  });
}
