// Keeps a load or machine out of use in a window of the day, or to a share of its rating, or lets it count as needed less. It is a wish like any other: each has its time and its reason, is
// asked again while the window lasts and taken back when it ends; a person's wish stands before it, and with this node it
// ends.
import type { Config, Red, RedNode } from "../red.ts";
import { type Asking, createAsking, mistakeOf } from "../site/asking.ts";

import { isWithin, windowOf } from "../site/window.ts";
import { limitOf, type Wish } from "../site/wish.ts";
import { listen } from "./listening.ts";
import { siteOf } from "./site.ts";

/** Of its ttl; after so much plant time it is looked whether to ask again. */
const AGAIN_AFTER = 1 / 4;
/** Real time for which a refusal is left alone. */
const REFUSED_PAUSE_MS = 30_000;

interface Kept {
  /** Plant time of the last wish to stand; undefined: it is not kept out. */
  since: number | undefined;
}

/** True when the wish to stand is due at plant time `at`. */
function isDue(kept: Kept, { last, ttlMs }: Asking, at: number): boolean {
  if (kept.since === undefined) return true;
  if (last !== undefined && !last.granted && Date.now() - last.at < REFUSED_PAUSE_MS) return false;
  return at - kept.since >= ttlMs * AGAIN_AFTER;
}

/** What it is kept to; a node of an older flow says nothing and means off. */
function keptTo({ way, percent, tier }: Config): Wish {
  if (way === "limit") return limitOf(percent ?? "") ?? "off";
  return way === "tier" ? `tier ${Number(tier)}` : "off";
}

export default function constraint(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const site = siteOf(RED, config);
    const window = windowOf(config.from, config.to);
    const mistake = site === undefined ? "no site" : mistakeOf(config);
    if (site === undefined || mistake !== undefined || window === undefined) {
      this.status({ fill: "red", shape: "ring", text: mistake ?? "say from when to when" });
      return;
    }
    const asking = createAsking(this, site, config);
    const wish = keptTo(config);
    const kept: Kept = { since: undefined };
    listen({ RED, node: this, config }, ({ live, connection }) => {
      const timezone = connection.site?.timezone;
      if (live.t === null || timezone === undefined) return undefined;
      if (isWithin(window, live.t, timezone)) {
        if (!isDue(kept, asking, live.t)) return undefined;
        kept.since = live.t;
        asking.take(wish, this.send.bind(this));
        return undefined;
      }
      if (kept.since !== undefined) asking.take("withdraw", this.send.bind(this));
      kept.since = undefined;
      return { fill: "grey", shape: "ring", text: `from ${config.from} on` };
    });
    this.on("close", (_removed, done) => void asking.end().then(done));
  }
  RED.nodes.registerType("gridwright-constraint", build);
}
