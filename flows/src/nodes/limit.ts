// Asks the controller that a load, or the sun, takes or gives at most a share of its rating, for a stated time and a stated
// reason, and shows what became of it. What was granted ends by itself, or with this node.
import type { Config, Red, RedNode } from "../red.ts";
import { createAsking, mistakeOf } from "../site/asking.ts";
import { limitOf } from "../site/wish.ts";
import { siteOf } from "./site.ts";

export default function limit(RED: Red): void {
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
      const wish = limitOf(message.payload);
      if (wish === undefined) return done(new Error("the payload must be 0 to 100 (%) or null"));
      asking.take(wish, send);
      return done();
    });
    this.on("close", (_removed, done) => void asking.end().then(done));
  }
  RED.nodes.registerType("gridwright-limit", build);
}
