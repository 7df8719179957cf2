// A process that does little and says how late its timers were: what another one that works hard does to it.
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 5;
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);

process.on("message", (word: "begin" | "end") => {
  if (word === "begin") {
    histogram.reset();
    histogram.enable();
  } else {
    histogram.disable();
    process.send?.({
      p50: late(histogram.percentile(50)),
      p99: late(histogram.percentile(99)),
      max: late(histogram.max),
    });
  }
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
