// Asks the controller for a load on or off, for a stated time and a stated reason, and shows what became of it. It asks and
// never commands: the answer is accepted, clipped or refused with the reason, and what was granted ends by itself, or with
// this node.
import type { FlowBody } from "@gridwright/contract/request.ts";
import type { Config, Red, RedNode, Send, Status } from "../red.ts";
import type { Said } from "../site/connection.ts";
import { type Asked, turnOf, type Wish, wishOf } from "../site/wish.ts";
import { type SiteNode, siteOf } from "./site.ts";

const MINUTE_MS = 60_000;
const TTL_MIN_MAX = 15;
const FILL = { accepted: "green", clipped: "yellow", refused: "red" } as const;

interface Asking {
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
function mistakeOf({ asset, reason, ttl }: Config): string | undefined {
  const minutes = Number(ttl);
  if (!asset) return "name a load";
  if (!reason?.trim()) return "give a reason";
  return minutes > 0 && minutes <= TTL_MIN_MAX ? undefined : "the time must be 1 to 15 minutes";
}

const bodyOf = ({ asset, why }: Asking, wish: Wish): FlowBody =>
  wish === "withdraw" ? { kind: "withdraw", asset, why } : { kind: "switch", asset, on: wish === "on", why };

function statusOf({ site }: Asking, wish: Wish, answer: Said): Status {
  const said = answer.said[site.language] ?? answer.reason.code;
  const text = answer.outcome === "accepted" ? `${wish}: ${answer.outcome}` : `${answer.outcome}: ${said}`;
  return { fill: FILL[answer.outcome], shape: wish === "withdraw" ? "ring" : "dot", text };
}

async function ask(asking: Asking, wish: Wish, send: Send): Promise<void> {
  const { node, site, asset, ttlMs } = asking;
  asking.last = { wish, at: Date.now(), granted: false };
  try {
    const answer = await site.connection.ask(ttlMs, bodyOf(asking, wish));
    asking.last = { ...asking.last, granted: answer.outcome !== "refused" && wish !== "withdraw" };
    node.status(statusOf(asking, wish, answer));
    const { outcome, reason } = answer;
    send({ topic: asset, payload: outcome, outcome, reason, why: answer.said[site.language], wish, ttlMs });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    node.status({ fill: "red", shape: "ring", text });
    send({ topic: asset, payload: "unanswered", outcome: "unanswered", why: text, wish, ttlMs });
  }
}

/** Now, later, or not at all: of several that wait only the newest is asked. */
function take(asking: Asking, wish: Wish, send: Send): void {
  const { live } = asking.site.connection;
  const realTtlMs = asking.ttlMs / Math.max(1, live?.speed ?? 1);
  const turn = turnOf(wish, asking.last, { now: Date.now(), ttlMs: realTtlMs });
  if (turn.do === "keep") asking.next = undefined;
  if (turn.do === "ask") asking.underWay = ask(asking, wish, send);
  if (turn.do !== "wait") return;
  asking.next = { wish, send };
  asking.timer ??= setTimeout(() => {
    const { next } = asking;
    asking.timer = undefined;
    asking.next = undefined;
    if (next !== undefined) take(asking, next.wish, next.send);
  }, turn.ms);
}

/** With the node ends what it asked for: nothing outlives the flow that wanted it. */
async function end(asking: Asking): Promise<void> {
  clearTimeout(asking.timer);
  asking.next = undefined;
  // What is answered only now would stand for its whole time, and nobody would know it.
  await asking.underWay;
  if (asking.last?.granted)
    await asking.site.connection.ask(asking.ttlMs, bodyOf(asking, "withdraw")).catch(() => undefined);
}

export default function request(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const site = siteOf(RED, config);
    const mistake = site === undefined ? "no site" : mistakeOf(config);
    if (site === undefined || mistake !== undefined) {
      this.status({ fill: "red", shape: "ring", text: mistake ?? "" });
      return;
    }
    const asking: Asking = {
      ...{ node: this, site, asset: config.asset ?? "", why: (config.reason ?? "").trim() },
      ...{
        ttlMs: Number(config.ttl) * MINUTE_MS,
        last: undefined,
        next: undefined,
        timer: undefined,
        underWay: Promise.resolve(),
      },
    };
    this.on("input", (message, send, done) => {
      const wish = config.wish && config.wish !== "payload" ? wishOf(config.wish) : wishOf(message.payload);
      if (wish === undefined) return done(new Error("the payload must be true, false or null"));
      take(asking, wish, send);
      return done();
    });
    this.on("close", (_removed, done) => void end(asking).then(done));
  }
  RED.nodes.registerType("gridwright-request", build);
}
