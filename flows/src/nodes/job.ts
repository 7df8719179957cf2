// Jobs of the workshop's queue as they begin to run and as they end, with what they took. It listens only;
// the node ask-job asks.
import type { Config, Red, RedNode } from "../red.ts";
import { jobNews, type SeenJob } from "../site/job-news.ts";
import { lookEvery, realTime } from "../site/real-time.ts";
import { lineOf } from "./site.ts";

const LOOK_EVERY_MS = 5_000;

export default function job(RED: Red): void {
  function build(this: RedNode, config: Config): void {
    RED.nodes.createNode(this, config);
    const connection = lineOf(RED, this, config);
    if (connection === undefined) return;
    let before: readonly SeenJob[] | undefined;
    const tell = (jobs: readonly SeenJob[]): void => {
      const now = jobs.filter(({ machine }) => !config.asset || machine === config.asset);
      for (const { event, job: one } of jobNews(before, now)) {
        const { id, machine, what, state: outcome, energyWh, sunWh, workedMs } = one;
        const told = { topic: machine, payload: event === "start", event, job: id, what };
        this.send(event === "start" ? told : { ...told, outcome, energyWh, sunWh, workedMs });
      }
      before = now;
      const running = now.filter(({ state }) => state === "running" || state === "overrun").length;
      this.status({ fill: running > 0 ? "green" : "grey", shape: "dot", text: `${running} running` });
    };
    const look = (): void =>
      void connection.get("/api/v1/jobs").then(
        (report) => tell((report as { readonly jobs: readonly SeenJob[] }).jobs),
        () => this.status({ fill: "red", shape: "ring", text: "no line to the controller" }),
      );
    const { setInterval, clearInterval } = realTime();
    look();
    const timer = setInterval(look, lookEvery(LOOK_EVERY_MS));
    this.on("close", (_removed, done) => {
      clearInterval(timer);
      done();
    });
  }
  RED.nodes.registerType("gridwright-job", build);
}
