// Tells the journal what the queue counted, by requests to control, which alone writes it: each machine's use at every full
// quarter of an hour, a job's totals when it has ended. One word is under way at a time; an end is told until control took it.
import type { Log } from "@gridwright/contract/log.ts";
import { REPEAT_MS } from "@gridwright/contract/metrics.ts";
import { type Epoch, seconds } from "@gridwright/contract/units.ts";
import type { MachineUse } from "@gridwright/contract/workshop-use.ts";
import type { Requester } from "../bus/requester.ts";

const LASTS = seconds(60);
/** Plant time after which a word that was not taken is told again. */
const AGAIN = seconds(30);

export interface TellingOptions {
  readonly requester: Requester;
  readonly log: Log;
  /** The end of a job is in the journal. */
  readonly onTold: (job: string) => void;
}

/** What there is to tell: the ends that wait, and every machine's use. */
export interface Words {
  readonly ends: readonly MachineUse[];
  readonly uses: readonly MachineUse[];
}

export interface Telling {
  tell(words: Words, now: Epoch): void;
}

export function createTelling({ requester, log, onTold }: TellingOptions): Telling {
  const told = new Map<string, number>();
  let underWay = false;
  let refusedAt: number | undefined;

  async function send(body: MachineUse, quarter: number, now: Epoch): Promise<void> {
    const { outcome, reason } = await requester.send({ role: "planner", body, ttlMs: LASTS });
    if (outcome === "refused") throw new Error(`control refused it: ${reason.code}`);
    told.set(body.machine, quarter);
    if (body.job !== undefined) onTold(body.job.id);
    if (refusedAt !== undefined) log.info("the journal is told of the workshop again", { t: now });
    refusedAt = undefined;
  }
  return {
    tell({ ends, uses }, now) {
      const quarter = Math.floor(now / REPEAT_MS);
      const rests = refusedAt !== undefined && now >= refusedAt && now - refusedAt < AGAIN;
      const next = ends[0] ?? uses.find(({ machine }) => told.get(machine) !== quarter);
      if (next === undefined || underWay || rests) return;
      underWay = true;
      void send(next, quarter, now)
        .catch((error: unknown) => {
          refusedAt = now;
          log.warn("the journal could not be told of the workshop", { machine: next.machine, error });
        })
        .finally(() => {
          underWay = false;
        });
    },
  };
}
