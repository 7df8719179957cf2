// The story of decisions: what belongs together is told once, what repeats is counted. Pure; words come later.
import type { ApiDecision, ApiSite } from "@gridwright/contract/api.ts";
import type { AlarmEntry } from "../alarms/alarms.ts";
import { cardOf } from "../loads/loads.ts";

/** One line of the story: decisions of one cause, or one thing that happened again and again. */
export interface Entry {
  /** Of its oldest decision, so that a growing entry stays the same. */
  readonly id: string;
  /** Newest first; at least one. */
  readonly decisions: readonly [ApiDecision, ...ApiDecision[]];
  /** `together`: several assets for one cause; `repeated`: one asset several times. */
  readonly kind: "single" | "together" | "repeated";
}

/** Between two neighbours of one line. */
const TOGETHER_MS = 60_000;
/** What comes back does so one at a time. */
const RETURNING_MS = 180_000;
const REPEATED_MS = 3_600_000;
const TOGETHER_MAX = 12;
/** Rules under which «off» is where a load begins, not what was taken from it. */
const STARTING: ReadonlySet<string> = new Set(["default", "start-up"]);

const settingOf = ({ set }: ApiDecision): string =>
  set.kind === "switch" ? String(set.on) : set.share.toFixed(2);

const sameAct = (a: ApiDecision, b: ApiDecision): boolean =>
  a.rule === b.rule && a.reason.code === b.reason.code && settingOf(a) === settingOf(b);
/** Equal down to the figures. */
export const sameCause = (a: ApiDecision, b: ApiDecision): boolean =>
  JSON.stringify(a.reason.params) === JSON.stringify(b.reason.params);

function joined(entry: Entry, next: ApiDecision): Entry["kind"] | undefined {
  const newest = entry.decisions[0];
  if (!sameAct(newest, next)) return undefined;
  const apart = newest.at - next.at;
  const gap = (entry.decisions.at(-1) ?? newest).at - next.at;
  const seen = entry.decisions.some(({ asset }) => asset === next.asset);
  const room = entry.kind !== "repeated" && entry.decisions.length < TOGETHER_MAX;
  const returning = newest.rule === "restoration" && gap <= RETURNING_MS;
  if (room && !seen && (returning || (gap <= TOGETHER_MS && sameCause(newest, next)))) return "together";
  const alone = entry.decisions.every(({ asset }) => asset === next.asset);
  return alone && apart <= REPEATED_MS ? "repeated" : undefined;
}

/** Lines from decisions, newest first. */
export function entriesOf(decisions: readonly ApiDecision[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const decision of decisions) {
    const last = entries.at(-1);
    const kind = last === undefined ? undefined : joined(last, decision);
    if (last === undefined || kind === undefined)
      entries.push({ id: decision.id, decisions: [decision], kind: "single" });
    else entries[entries.length - 1] = { id: decision.id, decisions: [...last.decisions, decision], kind };
  }
  return entries;
}

/** True when the asset had been switched off before, as far as the story goes. */
export function wasOff(decisions: readonly ApiDecision[], { asset, at }: ApiDecision): boolean {
  const before = decisions.find((other) => other.asset === asset && other.at < at);
  return before?.set.kind === "switch" && !before.set.on && !STARTING.has(before.rule);
}

/** A line of the story about loads, or a moment of an alarm. */
export type Line = Entry | AlarmEntry;
export const timeOf = (line: Line): number => (line.kind === "alarm" ? line.at : line.decisions[0].at);

/** How far a time may be ahead of the plant's own: more is left over from a plant that began anew. */
const AHEAD_MAX_MS = 60_000;

/** Everything in its order, newest first. */
export const linesOf = (
  entries: readonly Entry[],
  alarms: readonly AlarmEntry[],
  plant: number,
): readonly Line[] =>
  [...entries, ...alarms]
    .filter((line) => timeOf(line) <= plant + AHEAD_MAX_MS)
    .sort((a, b) => timeOf(b) - timeOf(a));

/** Decisions about the loads of one card; all when `card` is undefined. */
export const ofCard = (
  decisions: readonly ApiDecision[],
  site: ApiSite,
  card: string | undefined,
): readonly ApiDecision[] =>
  card === undefined ? decisions : decisions.filter(({ asset }) => cardOf(site, asset) === card);
