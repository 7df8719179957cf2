// How the plant stands as a whole, sent when it changes: which source carries it, charge, what is free, how much is shed.
import type { Config, Red, RedNode } from "../red.ts";
import { freePower } from "../site/free-power.ts";
import type { Live } from "../site/live.ts";
import { type Heard, listen } from "./listening.ts";

const PLENTY_FROM = 0.9;
const PERCENT = 100;
const STEP_W = 100;

export type Abundance = "plenty" | "enough" | "scarce" | "unknown";

const shedNow = ({ assets }: Live): readonly string[] =>
  Object.entries(assets)
    .filter(([, { shed }]) => shed)
    .map(([id]) => id);

/** Scarce while anything is off by an automatic rule; plenty while power is free at high charge. */
export function stateOf({ live, connection }: Pick<Heard, "live" | "connection">): {
  readonly mode: Live["mode"];
  readonly abundance: Abundance;
  readonly soc: number | null;
  readonly freeW: number | null;
  readonly shed: readonly string[];
} {
  const free = freePower(live, connection.site?.assets ?? [], PLENTY_FROM);
  const shed = shedNow(live);
  const { mode } = live;
  if (free === undefined) return { mode, abundance: "unknown", soc: null, freeW: null, shed };
  const plenty = free.watts >= STEP_W && (free.soc === null || free.soc >= PLENTY_FROM);
  const abundance = shed.length > 0 ? "scarce" : plenty ? "plenty" : "enough";
  const soc = free.soc === null ? null : Math.round(free.soc * PERCENT) / PERCENT;
  return { mode, abundance, soc, freeW: Math.round(free.watts / STEP_W) * STEP_W, shed };
}

export default function state(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    let sent = "";
    listen({ RED, node: this, config }, (heard) => {
      const now = stateOf(heard);
      const text = JSON.stringify(now);
      if (text !== sent) this.send({ topic: "state", payload: now });
      sent = text;
      const charge = now.soc === null ? "" : `, ${Math.round(now.soc * PERCENT)} %`;
      return { fill: "green", shape: "dot", text: `${now.mode}, ${now.abundance}${charge}` };
    });
  }
  RED.nodes.registerType("gridwright-state", build);
}
