// One generating set as a pure transition machine: stand, crank (a few tries), warm up, run, cool down, or failed. Its
// contact asks; the set's own controller starts and stops it. A set that is not in Auto is a person's, never ours.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";

export const PHASES_OF_RUN = [
  "standing",
  "cranking",
  "pausing",
  "warming",
  "running",
  "cooling",
  "failed",
] as const;
export type RunPhase = (typeof PHASES_OF_RUN)[number];

export interface SetState {
  readonly phase: RunPhase;
  readonly since: Mono;
  /** Tries of this start; when it runs, starts since it last ran for its minimum. */
  readonly tries: number;
  /** When its contact closed for this run. */
  readonly startedAt: Mono | null;
  /** When its contact last opened; null: not since we know it. */
  readonly stoppedAt: Mono | null;
  /** Since when it says that it stands although it should run. */
  readonly silentSince: Mono | null;
  /** It stands by its own fault: when that is gone a person has looked. */
  readonly faulted: boolean;
}

export const standing = (now: Mono): SetState => ({
  phase: "standing",
  since: now,
  tries: 0,
  startedAt: null,
  stoppedAt: null,
  silentSince: null,
  faulted: false,
});

export interface SetSeen {
  /** Something asks for it, and nothing forbids it. */
  readonly wanted: boolean;
  /** Its own word, or its meter's; undefined: it cannot tell. */
  readonly runs: boolean | undefined;
  readonly fault: boolean;
  /** Only its meter tells, which shows nothing before its own warm-up is over and its breaker closes. */
  readonly byMeter?: boolean;
  /** In Auto; undefined: it does not say and counts as Auto. */
  readonly auto: boolean | undefined;
  readonly now: Mono;
}

/** A set says for so long that it stands before it counts as died: feedback contacts bounce. */
const DIED_MS = 5_000;

/** Phases in which its contact is closed. */
const CLOSED: ReadonlySet<RunPhase> = new Set(["cranking", "warming", "running", "cooling"]);
export const isCalled = ({ phase }: Pick<SetState, "phase">): boolean => CLOSED.has(phase);

type Spec = Pick<
  AssetOf<"generator">,
  "minRun" | "minStop" | "startTime" | "cranks" | "crankPause" | "warmUp" | "coolDown" | "retryAfter"
>;

function enter(before: SetState, phase: RunPhase, now: Mono): SetState {
  const opens = isCalled(before) && !isCalled({ phase });
  const closes = isCalled({ phase }) && !isCalled(before);
  return {
    phase,
    since: now,
    tries: phase === "cranking" ? before.tries + 1 : phase === "standing" ? 0 : before.tries,
    startedAt: closes ? now : isCalled({ phase }) ? before.startedAt : null,
    stoppedAt: opens ? now : before.stoppedAt,
    silentSince: null,
    faulted: false,
  };
}

/** A try that gave nothing: another one, or none is left. */
const missed = (before: SetState, { cranks }: Spec, now: Mono): SetState =>
  enter(before, before.tries >= cranks ? "failed" : "pausing", now);

const rested = ({ stoppedAt }: SetState, { minStop }: Spec, now: Mono): boolean =>
  stoppedAt === null || elapsed(stoppedAt, now) >= minStop;

/** ms until its least run is over; not positive: it may stop. */
export const runLeft = ({ startedAt }: SetState, { minRun }: Pick<Spec, "minRun">, now: Mono): number =>
  startedAt === null ? 0 : minRun - elapsed(startedAt, now);

/** ms until its least rest is over; not positive: it may start. */
export const restLeft = ({ stoppedAt }: SetState, { minStop }: Pick<Spec, "minStop">, now: Mono): number =>
  stoppedAt === null ? 0 : minStop - elapsed(stoppedAt, now);

function crank(before: SetState, spec: Spec, { runs, byMeter, now }: SetSeen): SetState {
  if (runs === true) return enter(before, "warming", now);
  const within = spec.startTime + (byMeter && runs === false ? spec.warmUp : 0);
  if (elapsed(before.since, now) < within) return before;
  // A set that cannot tell is believed to have started by then.
  return runs === undefined ? enter(before, "warming", now) : missed(before, spec, now);
}

function stand(before: SetState, spec: Spec, { wanted, now }: SetSeen): SetState {
  return wanted && rested(before, spec, now) ? enter(before, "cranking", now) : before;
}

function pause(before: SetState, spec: Spec, { wanted, now }: SetSeen): SetState {
  if (!wanted) return enter(before, "standing", now);
  return elapsed(before.since, now) >= spec.crankPause ? enter(before, "cranking", now) : before;
}

/** While it runs: it may die, and then it is tried again. */
function alive(before: SetState, spec: Spec, { runs, now }: SetSeen): SetState {
  if (runs !== false) return before.silentSince === null ? before : { ...before, silentSince: null };
  const silentSince = before.silentSince ?? now;
  return elapsed(silentSince, now) >= DIED_MS ? missed(before, spec, now) : { ...before, silentSince };
}

function warm(before: SetState, spec: Spec, seen: SetSeen): SetState {
  const still = alive(before, spec, seen);
  const done = still.phase === "warming" && elapsed(before.since, seen.now) >= spec.warmUp;
  return done ? enter(still, "running", seen.now) : still;
}

function run(before: SetState, spec: Spec, seen: SetSeen): SetState {
  const still = alive(before, spec, seen);
  if (still.phase !== "running") return still;
  const left = runLeft(before, spec, seen.now);
  if (!seen.wanted && left <= 0) return enter(still, "cooling", seen.now);
  return left <= 0 && still.tries > 1 ? { ...still, tries: 1 } : still;
}

function cool(before: SetState, spec: Spec, { wanted, runs, now }: SetSeen): SetState {
  if (wanted && runs !== false) return enter(before, "running", now);
  const done = runs === false || elapsed(before.since, now) >= spec.coolDown;
  return done ? enter(before, "standing", now) : before;
}

/** After the last try it stands until a person has looked, or for a long time. */
const wait = (before: SetState, spec: Spec, { now }: SetSeen): SetState =>
  before.faulted || elapsed(before.since, now) >= spec.retryAfter ? enter(before, "standing", now) : before;

const STEPS: Readonly<Record<RunPhase, (before: SetState, spec: Spec, seen: SetSeen) => SetState>> = {
  standing: stand,
  cranking: crank,
  pausing: pause,
  warming: warm,
  running: run,
  cooling: cool,
  failed: wait,
};

/** The set after this tick. A fault opens the contact at once, without cooling down; so does a person who takes it. */
export function nextSet(before: SetState, spec: Spec, seen: SetSeen): SetState {
  const { phase } = before;
  if (seen.auto === false) return phase === "standing" ? before : enter(before, "standing", seen.now);
  if (seen.fault) return before.faulted ? before : { ...enter(before, "failed", seen.now), faulted: true };
  return STEPS[phase](before, spec, seen);
}
