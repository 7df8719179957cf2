// Whether the process of the technicians' flows lives, as services hear it: a sign of life each two seconds, with the name
// of its run. Silence, or another run, ends at control what the earlier life had asked for, at once. Control counts each
// ttl itself, so that the loss of services as well only makes it later.
import type { FlowsBeat } from "@gridwright/contract/api-flows.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Answer, RequestBody } from "@gridwright/contract/request.ts";
import { elapsed, type Mono, millis } from "@gridwright/contract/units.ts";
import { lookAgain } from "../clock/look-again.ts";

/** Silence after which it counts as lost. */
export const LOST_AFTER_MS = 6_000;
const LOOK_EVERY = millis(500);

export type FlowsState = "none" | "starting" | "running" | "safe" | "lost";

export interface FlowsLife {
  heard(beat: FlowsBeat): void;
  readonly state: FlowsState;
  /** Wall time since when. */
  readonly since: number;
  close(): Promise<void>;
}

export interface FlowsLifeOptions {
  readonly io: Clock;
  readonly log: Log;
  /** Tells control, in role flow; rejects when it gives no answer. */
  readonly tell: (body: RequestBody) => Promise<Answer>;
}

interface Known {
  run: string | undefined;
  heardAt: Mono;
  state: FlowsState;
  since: number;
  /** What control has not heard yet: first why an earlier life ended, then that there is one again. */
  ended: string | undefined;
  begun: boolean;
}

const SILENT = "no sign of life";
const ANEW = "it was started again";
const THERE = "it runs";

function become(known: Known, state: FlowsState, io: Clock): void {
  if (known.state !== state) known.since = io.wall();
  known.state = state;
}

function hear(known: Known, { run, safe }: FlowsBeat, io: Clock): void {
  known.heardAt = io.now();
  const another = known.run !== undefined && known.run !== run;
  if (another && known.state !== "lost") known.ended = ANEW;
  if (known.run !== run || known.state === "lost") known.begun = true;
  known.run = run;
  become(known, safe ? "safe" : "running", io);
}

function noticeSilence(known: Known, { io, log }: FlowsLifeOptions): void {
  if (known.state !== "running" && known.state !== "safe") return;
  if (elapsed(known.heardAt, io.now()) <= LOST_AFTER_MS) return;
  become(known, "lost", io);
  known.ended = SILENT;
  known.begun = false;
  log.warn("the process of the flows gives no sign of life; what it asked for ends");
}

/** Tells control what it does not know yet; what has no answer is said again. */
async function tellControl(known: Known, { tell, log }: FlowsLifeOptions): Promise<void> {
  try {
    const why = known.ended;
    if (why !== undefined) {
      await tell({ kind: "flows", alive: false, why });
      known.ended = undefined;
    }
    if (!known.begun) return;
    await tell({ kind: "flows", alive: true, why: THERE });
    known.begun = false;
  } catch (error) {
    log.warn("control could not be told how the flows do", { error: String(error) });
  }
}

/** Watches until closed. */
export function watchFlows(options: FlowsLifeOptions): FlowsLife {
  const { io, log } = options;
  const known: Known = {
    run: undefined,
    heardAt: io.now(),
    state: "starting",
    since: io.wall(),
    ended: undefined,
    begun: false,
  };
  const looking = lookAgain(io, LOOK_EVERY, {
    look: () => {
      noticeSilence(known, options);
      return tellControl(known, options);
    },
    onError: (error) => log.error("how the flows do is not watched", { error }),
  });
  return {
    heard: (beat) => hear(known, beat, io),
    get state() {
      return known.state;
    },
    get since() {
      return known.since;
    },
    close: looking.close,
  };
}
