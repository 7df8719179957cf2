// Whether what technicians deployed does harm in the time after its deploy: pure. What happened since is gathered here, and
// judged: it goes on being watched, has proved itself, or is in trouble. What becomes of it is the runtime's to do. Real time,
// but what a protection has to do with a request counts in plant time.
import type { Decider, Decision } from "@gridwright/contract/decision.ts";
import { FLOWS_OWN_NAME, type FlowsTrouble } from "@gridwright/contract/flows-place.ts";
import type { Answer, FlowBody } from "@gridwright/contract/request.ts";
import {
  type Epoch,
  elapsed,
  type Millis,
  type Mono,
  minutes,
  mono,
  seconds,
} from "@gridwright/contract/units.ts";
import { isOff } from "./tick.ts";

/** How long a version is watched after its deploy. */
export const FLOWS_WATCHED_FOR = minutes(15);
/** So many lives that ended while it was watched are a crash loop. */
export const FLOWS_LIVES_MAX = 3;
/** A crash and the next start are no longer silence than this. */
export const FLOWS_SILENT_FOR = seconds(30);
/** A flow that is refused more often does not listen to its answers. */
export const FLOWS_REFUSED_MAX = 50;
/** What a protection must end so soon after a load came on because a flow asked, that request has caused. */
export const FLOWS_CAUSE_WITHIN = seconds(60);

/** Rules that keep devices whole; the others keep agreements, energy and fairness. */
const PROTECTIONS: ReadonlySet<Decider> = new Set([
  "device-limits",
  "battery-limits",
  "overload",
  "source-limits",
  "load-rejection",
]);
/** To yield to a person is no fault of a flow. */
const YIELDED: ReadonlySet<string> = new Set(["answer-person-first", "answer-person", "answer-held"]);

export interface FlowsWatching {
  readonly version: number;
  /** Who deployed it. */
  readonly by: string;
  readonly since: Mono;
  /** Lives of the process that began since then. */
  readonly lives: number;
  /** One of them was started with no flow running, for what is deployed had crashed too often. */
  readonly safe: boolean;
  readonly refused: number;
  /** Loads that it asked to come on. */
  readonly asked: ReadonlySet<string>;
  /** Of those, when each came on because of that. */
  readonly cameOn: ReadonlyMap<string, Epoch>;
  readonly tripped: boolean;
}

export const watchingFrom = (
  { version, by }: Pick<FlowsWatching, "version" | "by">,
  now: Mono,
): FlowsWatching => ({
  ...{ version, by, since: now, lives: 0, safe: false, refused: 0 },
  ...{ asked: new Set<string>(), cameOn: new Map<string, Epoch>(), tripped: false },
});

/** Another life of the process was heard. */
export const withLife = (watching: FlowsWatching, safe: boolean): FlowsWatching => ({
  ...watching,
  lives: watching.lives + 1,
  safe: watching.safe || safe,
});

/** A flow asks; before its answer. */
export const withAsked = (watching: FlowsWatching, body: FlowBody): FlowsWatching =>
  body.kind === "switch" && body.on
    ? { ...watching, asked: new Set([...watching.asked, body.asset]) }
    : watching;

export const withAnswer = (watching: FlowsWatching, { outcome, reason }: Answer): FlowsWatching =>
  outcome === "refused" && !YIELDED.has(reason.code)
    ? { ...watching, refused: watching.refused + 1 }
    : watching;

/** The controller decided something. */
export function withDecision(watching: FlowsWatching, decision: Decision): FlowsWatching {
  const { asset, at, set, rule, reason } = decision;
  if (reason.code === "flow-on" && !isOff(set) && watching.asked.has(asset))
    return { ...watching, cameOn: new Map(watching.cameOn).set(asset, at) };
  if (!PROTECTIONS.has(rule) || !isOff(set)) return watching;
  const caused = [...watching.cameOn.values()].some((on) => at - on <= FLOWS_CAUSE_WITHIN);
  return caused ? { ...watching, tripped: true } : watching;
}

/** `heardAt`: its last sign of life; undefined: none since services run, and nothing is said of its silence. */
export function judgeFlows(
  watching: FlowsWatching,
  { now, heardAt }: { readonly now: Mono; readonly heardAt: Mono | undefined },
): FlowsTrouble | "watched" | "good" {
  const { since, lives, safe, refused, tripped } = watching;
  if (tripped) return "protection";
  if (safe || lives >= FLOWS_LIVES_MAX) return "crash-loop";
  // What was silent before the deploy is not its fault.
  if (heardAt !== undefined && elapsed(mono(Math.max(heardAt, since)), now) > FLOWS_SILENT_FOR)
    return "silent";
  if (refused > FLOWS_REFUSED_MAX) return "refused";
  return elapsed(since, now) >= FLOWS_WATCHED_FOR ? "good" : "watched";
}

/** Real time for which it is still watched. */
export const flowsWatchLeft = ({ since }: Pick<FlowsWatching, "since">, now: Mono): Millis =>
  Math.max(0, FLOWS_WATCHED_FOR - elapsed(since, now)) as Millis;

/**
 * The version to bring back in place of one that failed; null: no flow shall run. What gridwright itself brought back has
 * nothing better behind it: so it never goes round in circles.
 */
export const wayBack = (
  { version, by }: Pick<FlowsWatching, "version" | "by">,
  good: number | null,
): number | null => (by === FLOWS_OWN_NAME || good === version ? null : good);
