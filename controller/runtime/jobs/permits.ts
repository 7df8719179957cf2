// Start permits as requests: what the queue wants to have supply is asked of control again and again, each time with an
// end, so that a permit lapses by itself when the queue is gone. The answer goes back to the queue. One request a machine
// is under way at a time.

import type { Job } from "@gridwright/contract/jobs.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { RequestBody } from "@gridwright/contract/request.ts";
import { type Epoch, minutes, seconds } from "@gridwright/contract/units.ts";
import type { Permit } from "@gridwright/core/jobs/step.ts";
import type { Requester } from "../bus/requester.ts";

/** Plant time: how long a permit lasts (a job outlives a restart of the queue), how often it is asked again, and how soon after
 * a refusal. */
const LASTS = minutes(12);
const AGAIN = minutes(2);
const AFTER_REFUSAL = seconds(30);
const AT_ONCE = seconds(1);

export interface PermitsOptions {
  readonly requester: Requester;
  readonly log: Log;
  readonly onAnswer: (job: string, permit: NonNullable<Job["permit"]>) => void;
}

export interface Permits {
  /** Asks for what is wanted and due, and takes back what nobody wants any more. */
  want(
    wanted: readonly Permit[],
    at: { readonly now: Epoch; readonly needs: (machine: string) => Needs },
  ): void;
}

/** A machine that nobody wants any more: it idles by its permit, still works, or has supply by itself. */
export type Needs = "permit" | "works" | "no-permit";

interface Last {
  readonly job: string;
  readonly at: Epoch;
  readonly given: boolean;
  readonly byFlow: boolean;
}

export function createPermits({ requester, log, onAnswer }: PermitsOptions): Permits {
  const last = new Map<string, Last>();
  const underWay = new Set<string>();
  async function send(permit: Permit, now: Epoch): Promise<void> {
    const { machine, job, own, byFlow } = permit;
    const body: RequestBody = { kind: "switch", asset: machine, on: true, why: `start permit of ${job}` };
    const { outcome, reason } = await requester.send({
      ...{ body, ttlMs: LASTS },
      role: byFlow ? "flow" : "planner",
    });
    const given = outcome !== "refused";
    last.set(machine, { job, at: now, given, byFlow });
    if (own) onAnswer(job, { at: now, given, reason });
  }
  const once = (machine: string, sending: () => Promise<unknown>): void => {
    if (underWay.has(machine)) return;
    underWay.add(machine);
    void sending()
      .catch((error: unknown) => log.warn("a start permit could not be asked for", { machine, error }))
      .finally(() => underWay.delete(machine));
  };
  const isDue = ({ machine, job }: Permit, now: Epoch): boolean => {
    const before = last.get(machine);
    if (before === undefined || before.job !== job || now < before.at) return true;
    return now - before.at >= (before.given ? AGAIN : AFTER_REFUSAL);
  };
  const end = (machine: string, byFlow: boolean): Promise<unknown> => {
    last.delete(machine);
    const body: RequestBody = { kind: "switch", asset: machine, on: false, why: "its job is over" };
    return requester.send({ role: byFlow ? "flow" : "planner", body, ttlMs: AT_ONCE });
  };
  const release = (machine: string, { given, byFlow }: Last, needs: Needs): void => {
    if (!given || needs === "no-permit") last.delete(machine);
    else if (needs === "permit") once(machine, () => end(machine, byFlow));
  };
  return {
    want(wanted, { now, needs }) {
      const names = new Set(wanted.map(({ machine }) => machine));
      for (const permit of wanted.filter((one) => isDue(one, now)))
        once(permit.machine, () => send(permit, now));
      for (const [machine, before] of last) if (!names.has(machine)) release(machine, before, needs(machine));
    },
  };
}
