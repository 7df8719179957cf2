// Fires when a stated power has been free for a stated time, and again when it is gone. Time counts in plant time, so that
// it means the same in an accelerated demo. Unknown is no surplus.
import type { Config, Red, RedNode } from "../red.ts";
import { freePower } from "../site/free-power.ts";
import { listen } from "./listening.ts";

const MINUTE_MS = 60_000;
const PERCENT = 100;

export interface Watch {
  /** Plant time since when enough is free, or no longer; undefined: it is as it was told. */
  changing: number | undefined;
  free: boolean;
}

/** Takes the next look; true when what is told changes. */
export function turned(watch: Watch, enough: boolean, { at, forMs }: { at: number; forMs: number }): boolean {
  if (enough === watch.free) {
    watch.changing = undefined;
    return false;
  }
  watch.changing ??= at;
  if (at - watch.changing < forMs) return false;
  watch.changing = undefined;
  watch.free = enough;
  return true;
}

export default function surplus(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const wanted = Number(config.watts) || 0;
    const fullFrom = (Number(config.fullFrom) || 90) / PERCENT;
    const forMs = Math.max(0, Number(config.minutes) || 0) * MINUTE_MS;
    const watch: Watch = { changing: undefined, free: false };
    listen({ RED, node: this, config }, ({ live, connection }) => {
      const free = freePower(live, connection.site?.assets ?? [], fullFrom);
      const enough = free !== undefined && free.watts >= wanted;
      if (turned(watch, enough, { at: live.t ?? 0, forMs }))
        this.send({
          topic: "surplus",
          payload: watch.free,
          freeW: free?.watts ?? null,
          soc: free?.soc ?? null,
        });
      const text = free === undefined ? "not known" : `${Math.round(free.watts)} W free`;
      return watch.free ? { fill: "green", shape: "dot", text } : { fill: "grey", shape: "ring", text };
    });
  }
  RED.nodes.registerType("gridwright-surplus", build);
}
