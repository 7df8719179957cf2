// What the page knows: the last snapshot with the deltas since, and how far it may be believed. Pure.
import type { ApiDecision, ApiDelta, ApiReading, ApiSite, ApiState } from "@gridwright/contract/api.ts";

export const DECISIONS_SHOWN_MAX = 200;
/** Services say something at least every 5 s; after this long without, nothing that is shown is live. */
export const QUIET_MAX_MS = 12_000;

/** Where the state comes from: the open stream, a stream that broke, or this browser's memory. */
export type Link = "open" | "lost" | "memory";

export interface Known {
  readonly site: ApiSite;
  readonly state: ApiState;
  readonly link: Link;
  /** Counts news other than of the flow, which alone comes more than once a second. */
  readonly news: number;
  /** Real time (ms since 1970) of the newest word. */
  readonly heardAt: number;
  /** Real ms since then, by the page's own clock: it goes on when nothing else does. */
  readonly quietMs: number;
  /** Plant seconds per real second, as seen; undefined: not seen long enough. */
  readonly pace?: number;
}

/** True while what is shown is what is now. */
export const isLive = ({ link, state, quietMs }: Known): boolean =>
  link === "open" && state.control.state === "live" && quietMs <= QUIET_MAX_MS;

/** How long ago what is shown was true, in real ms; 0 while it is live. */
export function lagOf(known: Known): number {
  if (isLive(known)) return 0;
  const { state, silentMs } = known.state.control;
  return known.quietMs + (state === "live" ? 0 : (silentMs ?? 0));
}

/** What services learn late (an older decision in a snapshot) goes to its place in time, and nothing stands twice. */
const newestFirst = (decisions: readonly ApiDecision[]): readonly ApiDecision[] =>
  [...new Map(decisions.map((decision) => [decision.id, decision])).values()].sort((a, b) => b.at - a.at);

/** The state after a delta: records merge, new decisions go on top, the rest is replaced. */
export function merge(state: ApiState, delta: ApiDelta): ApiState {
  const { channels, assets, devices, decisions, ...rest } = delta;
  return {
    ...state,
    ...rest,
    channels: channels === undefined ? state.channels : { ...state.channels, ...channels },
    assets: assets === undefined ? state.assets : { ...state.assets, ...assets },
    devices: devices === undefined ? state.devices : { ...state.devices, ...devices },
    decisions:
      decisions === undefined
        ? state.decisions
        : newestFirst([...decisions, ...state.decisions]).slice(0, DECISIONS_SHOWN_MAX),
  };
}

/** True for the frequent deltas that only move the flow picture. */
export const isFlowOnly = (delta: ApiDelta): boolean =>
  Object.keys(delta).every((key) => key === "t" || key === "channels");

/** The reading of a channel as it may be shown: a fresh one that is no longer live counts as old. */
export function readingOf(known: Known, channel: string): ApiReading {
  const reading = known.state.channels[channel];
  if (reading === undefined) return { q: "absent", v: null };
  if (isLive(known) || reading.q !== "fresh") return reading;
  return { q: "stale", v: reading.v, ...(known.state.t !== null && { t: known.state.t }) };
}
