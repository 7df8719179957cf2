// What the planner foretells: at each message the next 48 h with their bounds, and when there should be sun to spare.
import type { Config, Red, RedNode } from "../red.ts";
import { lineOf } from "./site.ts";

interface Report {
  readonly state: string;
  readonly plan?: { readonly steps: readonly unknown[]; readonly windows: readonly unknown[] };
}

export default function forecast(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const connection = lineOf(RED, this, config);
    this.on("input", (message, send, done) => {
      if (connection === undefined) return done(new Error("no site"));
      return void connection.get("/api/v1/plan").then(
        (told) => {
          const { state, plan } = told as Report;
          const payload = { state, steps: plan?.steps ?? [], windows: plan?.windows ?? [] };
          this.status({ fill: state === "fresh" ? "green" : "grey", shape: "dot", text: state });
          send({ ...message, topic: "forecast", payload });
          done();
        },
        (error: Error) => done(error),
      );
    });
  }
  RED.nodes.registerType("gridwright-forecast", build);
}
