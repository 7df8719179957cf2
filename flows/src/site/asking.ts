// One node's standing wish for one load: what it asks of the controller, how often, and that it ends with the node. It asks
// and never commands: the answer is accepted, clipped or refused with the reason, and what was granted ends by itself.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { FlowBody } from "@gridwright/contract/request.ts";
import type { SiteNode } from "../nodes/site.ts";
import type { Config, RedNode, Send, Status } from "../red.ts";
import type { Said } from "./connection.ts";
import { type Asked, shareOf, turnOf, type Wish } from "./wish.ts";

const MINUTE_MS = 60_000;
const TTL_MIN_MAX = 15;
const FILL = { accepted: "green", clipped: "yellow", refused: "red" } as const;

export interface Asking {
  /** Now, later, or not at all: of several that wait only the newest is asked. */
  take(wish: Wish, send: Send): void;
  /** What was asked last, as it was answered; undefined: nothing yet. */
  readonly last: Asked | undefined;
  /** ms of plant time that a wish holds. */
  readonly ttlMs: number;
  /** With the node ends what it asked for: nothing outlives the flow that wanted it. */
  end(): Promise<void>;
}

interface State {
  readonly node: RedNode;
  readonly site: SiteNode;
  readonly asset: string;
  readonly why: string;
  readonly ttlMs: number;
  last: Asked | undefined;
  /** What was asked last, until it is answered. */
  underWay: Promise<void>;
  next: { readonly wish: Wish; readonly send: Send } | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Why the node cannot ask; undefined: it can. */
export function mistakeOf({ asset, reason, ttl }: Config): string | undefined {
  const minutes = Number(ttl);
  if (!asset) return "name a load";
  if (!reason?.trim()) return "give a reason";
  return minutes > 0 && minutes <= TTL_MIN_MAX ? undefined : "the time must be 1 to 15 minutes";
}

function bodyOf({ asset, why }: State, wish: Wish): FlowBody {
  if (wish === "withdraw") return { kind: "withdraw", asset, why };
  if (wish === "on" || wish === "off") return { kind: "switch", asset, on: wish === "on", why };
  if (wish.startsWith("tier ")) return { kind: "tier", asset, tier: Number(wish.slice("tier ".length)), why };
  if (wish.startsWith("give "))
    return { kind: "setpoint", asset, share: shareOf(wish.slice("give ".length)), why };
  return { kind: "limit", asset, share: shareOf(wish), why };
}

function statusOf({ site }: State, wish: Wish, answer: Said): Status {
  const said = answer.said[site.language] ?? answer.reason.code;
  const text = answer.outcome === "accepted" ? `${wish}: ${answer.outcome}` : `${answer.outcome}: ${said}`;
  return { fill: FILL[answer.outcome], shape: wish === "withdraw" ? "ring" : "dot", text };
}

async function ask(state: State, wish: Wish, send: Send): Promise<void> {
  const { node, site, asset, ttlMs } = state;
  state.last = { wish, at: Date.now(), granted: false };
  try {
    const answer = await site.connection.ask(ttlMs, bodyOf(state, wish));
    state.last = { ...state.last, granted: answer.outcome !== "refused" && wish !== "withdraw" };
    node.status(statusOf(state, wish, answer));
    const { outcome, reason } = answer;
    send({ topic: asset, payload: outcome, outcome, reason, why: answer.said[site.language], wish, ttlMs });
  } catch (error) {
    const text = messageOf(error);
    node.status({ fill: "red", shape: "ring", text });
    send({ topic: asset, payload: "unanswered", outcome: "unanswered", why: text, wish, ttlMs });
  }
}

function take(state: State, wish: Wish, send: Send): void {
  const { live } = state.site.connection;
  const realTtlMs = state.ttlMs / Math.max(1, live?.speed ?? 1);
  const turn = turnOf(wish, state.last, { now: Date.now(), ttlMs: realTtlMs });
  if (turn.do === "keep") state.next = undefined;
  if (turn.do === "ask") state.underWay = ask(state, wish, send);
  if (turn.do !== "wait") return;
  state.next = { wish, send };
  state.timer ??= setTimeout(() => {
    const { next } = state;
    state.timer = undefined;
    state.next = undefined;
    if (next !== undefined) take(state, next.wish, next.send);
  }, turn.ms);
}

async function end(state: State): Promise<void> {
  clearTimeout(state.timer);
  state.next = undefined;
  // What is answered only now would stand for its whole time, and nobody would know it.
  await state.underWay;
  if (state.last?.granted)
    await state.site.connection.ask(state.ttlMs, bodyOf(state, "withdraw")).catch(() => undefined);
}

/** For a node whose form has no mistake. */
export function createAsking(node: RedNode, site: SiteNode, config: Config): Asking {
  const state: State = {
    ...{ node, site, asset: config.asset ?? "", why: (config.reason ?? "").trim() },
    ...{ ttlMs: Number(config.ttl) * MINUTE_MS, last: undefined, next: undefined, timer: undefined },
    underWay: Promise.resolve(),
  };
  return {
    take: (wish, send) => take(state, wish, send),
    get last() {
      return state.last;
    },
    ttlMs: state.ttlMs,
    end: () => end(state),
  };
}
