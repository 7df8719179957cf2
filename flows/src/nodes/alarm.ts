// Alarms as they come and go: what people must know, with its weight and in words.
import { render } from "@gridwright/contract/render.ts";
import type { Config, Red, RedNode } from "../red.ts";
import { alarmNews } from "../site/live.ts";
import { listen } from "./listening.ts";
import { siteOf } from "./site.ts";

const WEIGHTS = ["info", "warning", "critical"];

export default function alarm(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const language = siteOf(RED, config)?.language ?? "en";
    const least = WEIGHTS.indexOf(config.least ?? "warning");
    listen({ RED, node: this, config }, ({ live, before, connection }) => {
      const names = Object.fromEntries((connection.site?.assets ?? []).map(({ id, name }) => [id, name]));
      for (const { event, alarm: one } of alarmNews(before, live)) {
        if (WEIGHTS.indexOf(one.severity) < least) continue;
        const why = render(one.reason, { language, names });
        this.send({ topic: one.id, payload: event === "raised", event, severity: one.severity, why });
      }
      const open = live.alarms.filter(({ severity }) => WEIGHTS.indexOf(severity) >= least);
      return open.length === 0
        ? { fill: "green", shape: "dot", text: "none open" }
        : { fill: "yellow", shape: "dot", text: `${open.length} open` };
    });
  }
  RED.nodes.registerType("gridwright-alarm", build);
}
