// The watch over what technicians deploy: for a while after each deploy it gathers what comes of it, and when that is bad it
// brings the last version that proved itself back by the gate's own way, or, where there is none, has the flows started with
// none running. Control is told, and people. It judges nothing itself (core/flows-watch.ts).
import type { FlowsAnswer, FlowsBeat } from "@gridwright/contract/api-flows.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import { FLOWS_OWN_NAME, type FlowsTrouble } from "@gridwright/contract/flows-place.ts";
import type { Answer, FlowBody, FlowsFailed } from "@gridwright/contract/request.ts";
import { type Mono, seconds } from "@gridwright/contract/units.ts";
import {
  type FlowsWatching,
  flowsWatchLeft,
  judgeFlows,
  watchingFrom,
  wayBack,
  withAnswer,
  withAsked,
  withDecision,
  withLife,
} from "@gridwright/core/flows-watch.ts";
import { lookAgain } from "../clock/look-again.ts";
import type { Audit } from "../people/audit.ts";
import type { KeptVersions } from "./kept-versions.ts";
import type { FlowsLifeOptions } from "./life.ts";
import type { KeptWatch, WatchFile } from "./watch-file.ts";

const LOOK_EVERY = seconds(1);

export interface FlowsWatchOptions extends FlowsLifeOptions {
  readonly versions: KeptVersions;
  readonly file: WatchFile;
  /** Deploys a kept version; what is said when it is refused. Rejects while the process does not take it. */
  readonly restore: (n: number, by: string) => Promise<string | undefined>;
  readonly note: Audit["note"];
}

export interface FlowsWatch {
  heard(beat: FlowsBeat): void;
  /** A flow of our own process asks. */
  asks(body: FlowBody): void;
  answered(answer: Answer): void;
  decided(decision: Decision): void;
  report(): Pick<FlowsAnswer, "watch" | "good" | "failed">;
  close(): Promise<void>;
}

interface Known {
  watching: FlowsWatching | undefined;
  kept: KeptWatch;
  run: string | undefined;
  heardAt: Mono | undefined;
  /** What is being brought back. */
  due: FlowsFailed | undefined;
  /** Control has not heard yet what was taken back. */
  untold: boolean;
}

async function keep(known: Known, change: Partial<KeptWatch>, { file }: FlowsWatchOptions): Promise<void> {
  known.kept = { ...known.kept, ...change };
  if (change.failed !== undefined) known.untold = true;
  await file.save(known.kept);
}

/** Begins anew with each version; what a person deploys is in order until it is seen not to be. */
async function follow(known: Known, options: FlowsWatchOptions): Promise<void> {
  const { versions, io } = options;
  const newest = await versions.newest();
  if (newest === undefined || newest === known.watching?.version) return;
  const by = (await versions.read(newest))?.by ?? FLOWS_OWN_NAME;
  known.watching = watchingFrom({ version: newest, by }, io.now());
  known.due = undefined;
  const mended = known.kept.failed !== null && by !== FLOWS_OWN_NAME && newest !== known.kept.failed.version;
  if (mended) await keep(known, { failed: null }, options);
}

/** No flow shall run: the supervisor sees it in the file. */
async function stop(known: Known, failed: FlowsFailed, options: FlowsWatchOptions): Promise<void> {
  const { version, why } = failed;
  known.due = undefined;
  options.log.error("a version of the flows failed and nothing proved is left; no flow runs", {
    version,
    why,
  });
  await keep(known, { stopped: version, failed: { ...failed, back: null, at: options.io.wall() } }, options);
}

async function bringBack(known: Known, options: FlowsWatchOptions): Promise<void> {
  const { due } = known;
  if (due === undefined || due.back === null) return;
  try {
    const refused = await options.restore(due.back, FLOWS_OWN_NAME);
    known.due = undefined;
    if (refused !== undefined) await stop(known, due, options);
  } catch (error) {
    options.log.warn("the flows do not take a version back yet", { version: due.back, error: String(error) });
    // Without flows running they will.
    if (known.kept.stopped !== due.version) await keep(known, { stopped: due.version }, options);
  }
}

async function takeBack(
  known: Known,
  { watching, why }: { readonly watching: FlowsWatching; readonly why: FlowsTrouble },
  options: FlowsWatchOptions,
): Promise<void> {
  const { version } = watching;
  const back = wayBack(watching, known.kept.good);
  const failed = { version, back, why };
  if (back === null) await stop(known, failed, options);
  else {
    options.log.warn("a version of the flows is taken back", failed);
    known.due = failed;
    await keep(known, { failed: { ...failed, at: options.io.wall() } }, options);
    await bringBack(known, options);
  }
  const about = { version, why, ...(back !== null && { back }) };
  await options.note({ who: FLOWS_OWN_NAME, did: "flows-taken-back", about });
}

async function judge(known: Known, options: FlowsWatchOptions): Promise<void> {
  const { watching, kept, heardAt } = known;
  if (watching === undefined || watching.version === kept.good || watching.version === kept.stopped) return;
  const verdict = judgeFlows(watching, { now: options.io.now(), heardAt });
  if (verdict === "watched") return;
  if (verdict !== "good") return takeBack(known, { watching, why: verdict }, options);
  options.log.info("a version of the flows has proved itself", { version: watching.version });
  await keep(
    known,
    { good: watching.version, stopped: null, ...(kept.failed !== null && { failed: null }) },
    options,
  );
}

const withoutTime = ({ version, back, why }: FlowsFailed): FlowsFailed => ({ version, back, why });

async function tellControl(known: Known, { tell }: FlowsWatchOptions): Promise<void> {
  if (!known.untold) return;
  const { failed } = known.kept;
  await tell({ kind: "flows-watch", failed: failed && withoutTime(failed) });
  if (known.kept.failed === failed) known.untold = false;
}

async function look(known: Known, options: FlowsWatchOptions): Promise<void> {
  await follow(known, options);
  if (known.due === undefined) await judge(known, options);
  else await bringBack(known, options);
  await tellControl(known, options);
}

function hear(known: Known, { run, safe }: FlowsBeat, now: Mono): void {
  const { watching } = known;
  // The first life that services hear of may have begun long before them.
  const isNew = known.run !== run && (known.run !== undefined || safe);
  if (watching !== undefined && isNew) known.watching = withLife(watching, safe);
  Object.assign(known, { run, heardAt: now });
}

/** Watches until closed. */
export function watchDeploys(options: FlowsWatchOptions): FlowsWatch {
  const { io, log, file } = options;
  const known: Known = {
    ...{ watching: undefined, kept: file.begin, run: undefined, heardAt: undefined },
    ...{ due: undefined, untold: file.begin.failed !== null },
  };
  const looking = lookAgain(io, LOOK_EVERY, {
    look: () => look(known, options),
    onError: (error) =>
      log.warn("the watch over the flows could not do its work; it tries again", { error: String(error) }),
  });
  const gather = (next: (watching: FlowsWatching) => FlowsWatching): void => {
    if (known.watching !== undefined) known.watching = next(known.watching);
  };
  return {
    heard: (beat) => hear(known, beat, io.now()),
    asks: (body) => gather((watching) => withAsked(watching, body)),
    answered: (answer) => gather((watching) => withAnswer(watching, answer)),
    decided: (decision) => gather((watching) => withDecision(watching, decision)),
    report() {
      const { watching, kept } = known;
      const { good, stopped, failed } = kept;
      const watched = watching !== undefined && watching.version !== good && watching.version !== stopped;
      const watch = watched
        ? { version: watching.version, leftMs: Math.round(flowsWatchLeft(watching, io.now())) }
        : null;
      return { watch, good, failed };
    },
    close: looking.close,
  };
}
