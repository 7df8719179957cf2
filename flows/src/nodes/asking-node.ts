// What nodes have in common that ask for something at each message: the form's mistakes, a message that is no wish, the
// wish itself, and its end with the node.
import type { Config, Red, RedNode } from "../red.ts";
import { createAsking, mistakeOf } from "../site/asking.ts";
import type { Wish } from "../site/wish.ts";
import { siteOf } from "./site.ts";

interface Kind {
  readonly type: string;
  /** Undefined: the message is no wish. */
  readonly wishOf: (payload: unknown, config: Config) => Wish | undefined;
  /** What a message must be. */
  readonly expects: string;
}

export function registerAsking(RED: Red, { type, wishOf, expects }: Kind): void {
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
      const wish = wishOf(message.payload, config);
      if (wish === undefined) return done(new Error(`the payload must be ${expects}`));
      asking.take(wish, send);
      return done();
    });
    this.on("close", (_removed, done) => void asking.end().then(done));
  }
  RED.nodes.registerType(type, build);
}
