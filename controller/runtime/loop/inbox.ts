// What devices said since the last tick. Events enter here; they do not act. A reading of a fast group asks for a
// tick soon, so that the answer to an overload does not wait for the period.
import type { Device, Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";

/** More than this many samplings between two ticks: the oldest go (a newer one of the same device follows). */
const SAMPLINGS_MAX = 5_000;

export interface Inbox {
  /** Everything since the last call, in the order of arrival. */
  drain(): readonly Sampling[];
  readonly dropped: number;
  close(): void;
}

const fastPoints = (model: SiteModel): ReadonlySet<string> =>
  new Set([...model.sources].filter(([, { group }]) => group.endsWith(":fast")).map(([source]) => source));

export function createInbox(model: SiteModel, devices: Iterable<Device>, wake: () => void): Inbox {
  const fast = fastPoints(model);
  let waiting: Sampling[] = [];
  let dropped = 0;
  const take = (sampling: Sampling): void => {
    if (waiting.length >= SAMPLINGS_MAX) {
      waiting.shift();
      dropped += 1;
    }
    waiting.push(sampling);
    const [first] = sampling.samples;
    if (first !== undefined && fast.has(`${sampling.device}/${first.point}`)) wake();
  };
  const ends = [...devices].map((device) => device.onSampling(take));
  return {
    drain() {
      const all = waiting;
      waiting = [];
      return all;
    },
    get dropped() {
      return dropped;
    },
    close: () => {
      for (const end of ends) end();
    },
  };
}
