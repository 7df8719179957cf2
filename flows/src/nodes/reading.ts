// A point of an asset: its value with unit, age and quality, sent when it changes. What is not fresh has no value: a flow
// gets null and the reason, never an old number.
import type { Config, Red, RedNode } from "../red.ts";
import { readingOf } from "../site/live.ts";
import { listen } from "./listening.ts";

const SECOND_MS = 1_000;

/** What a node remembers of what it sent last. */
export interface Sent {
  text: string;
  at: number;
}

/** True when `text` is news that may be sent; quality that changes is always told at once. */
export const isDue = (
  sent: Sent,
  text: string,
  { now, everyMs }: { now: number; everyMs: number },
): boolean => text !== sent.text && (now - sent.at >= everyMs || sent.text === "");

export default function reading(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const channel = `${config.asset}/${config.point}`;
    const everyMs = Math.max(1, Number(config.every) || 1) * SECOND_MS;
    const sent: Sent = { text: "", at: 0 };
    const connection = listen({ RED, node: this, config }, ({ live }) => {
      const seen = readingOf(live, channel);
      if (seen === undefined) return { fill: "grey", shape: "ring", text: `${channel}: not measured` };
      const text = `${seen.quality} ${seen.value}`;
      const now = Date.now();
      if (isDue(sent, text, { now, everyMs: sent.text.startsWith(seen.quality) ? everyMs : 0 })) {
        Object.assign(sent, { text, at: now });
        this.send({ topic: channel, payload: seen.value, ...seen });
      }
      return seen.value === null
        ? { fill: "yellow", shape: "ring", text: seen.why ?? seen.quality }
        : { fill: "green", shape: "dot", text: `${seen.value} ${seen.unit}` };
    });
    connection?.watch(channel);
  }
  RED.nodes.registerType("gridwright-reading", build);
}
