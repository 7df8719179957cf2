// What the controller decides, as it decides it: which load, on or off, by which rule and why, in words.
import { render } from "@gridwright/contract/render.ts";
import type { Config, Red, RedNode } from "../red.ts";
import { newDecisions } from "../site/live.ts";
import { listen } from "./listening.ts";
import { siteOf } from "./site.ts";

const isOff = (set: { readonly kind: string; readonly on?: boolean; readonly share?: number }): boolean =>
  set.on === false || set.share === 0;

export default function decision(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const language = siteOf(RED, config)?.language ?? "en";
    listen({ RED, node: this, config }, ({ live, before, connection }) => {
      const names = Object.fromEntries((connection.site?.assets ?? []).map(({ id, name }) => [id, name]));
      const wanted = newDecisions(before, live).filter(
        ({ asset, set }) =>
          (!config.asset || asset === config.asset) &&
          (!config.act || config.act === "any" || (config.act === "off") === isOff(set)),
      );
      for (const { asset, set, rule, reason, at } of wanted) {
        const why = render(reason, { language, names });
        this.send({ topic: asset, payload: !isOff(set), rule, reason, why, name: names[asset] ?? asset, at });
      }
      const last = wanted.at(-1);
      return last === undefined
        ? undefined
        : { fill: "green", shape: "dot", text: `${last.asset} ${isOff(last.set) ? "off" : "on"}` };
    });
  }
  RED.nodes.registerType("gridwright-decision", build);
}
