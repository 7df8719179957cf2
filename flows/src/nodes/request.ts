// Asks the controller for a load on or off, for a stated time and a stated reason, and shows what became of it. What was
// granted ends by itself, or with this node.
import type { Config, Red, RedNode } from "../red.ts";
import { createAsking, mistakeOf } from "../site/asking.ts";
import { wishOf } from "../site/wish.ts";
import { siteOf } from "./site.ts";

export default function request(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const site = siteOf(RED, config);
    const mistake = site === undefined ? "no site" : mistakeOf(config);
    if (site === undefined || mistake !== undefined) {
      this.status({ fill: "red", shape: "ring", text: mistake ?? "" });
      return;
    }
    const asking = createAsking(this, site, config);
    this.on("input", (message, send, done) => {
      const wish = config.wish && config.wish !== "payload" ? wishOf(config.wish) : wishOf(message.payload);
      if (wish === undefined) return done(new Error("the payload must be true, false or null"));
      asking.take(wish, send);
      return done();
    });
    this.on("close", (_removed, done) => void asking.end().then(done));
  }
  RED.nodes.registerType("gridwright-request", build);
}
