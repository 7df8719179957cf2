// A process of a trial that does as its order's first node says, for tests of who holds it. Only tests may fork this.
import type { TrialNews, TrialOrder } from "./trial-order.ts";

const tell = (news: TrialNews, then?: () => void): void =>
  void process.send?.(news, undefined, undefined, () => then?.());

/** Longer than a pipe holds at once. */
const LONG = "x".repeat(400);
const run = (text: string) => ({
  ...{ flows: text, tiers: [], switchings: {}, limits: [], alarms: [], requests: [] },
  ...{ generatorHours: 0.5, gridImportWh: 31, gridExportWh: 4, batteryThroughputWh: 87, pvWh: 120 },
  ...{ curtailedWh: 6, series: { sunW: [7], loadW: [9], importW: [3], soc: [0.7] } },
  process: {
    ...{ ended: ["exit code 7"], stalledMs: 12 },
    said: Array.from({ length: 200 }, (_, n) => ({ text: `${n} ${LONG}`.slice(0, 400), n: 3 })),
  },
});

const AWAKE_MS = 60_000;

const ACTS: Readonly<Record<string, () => void>> = {
  "tells-all-and-ends": () => {
    tell({ progress: 0.42 });
    tell({ disabled: ["a button"] });
    tell({ done: { before: run("before"), after: run("after") } }, () => process.exit(0));
  },
  "is-half-way": () => tell({ progress: 0.5 }),
  fails: () => tell({ failed: { en: "no such pump", es: "no hay tal bomba" } }),
  crashes: () => process.exit(7),
  "is-deaf": () => {
    process.removeAllListeners("disconnect");
    setInterval(() => undefined, AWAKE_MS);
    tell({ progress: 0.5 });
  },
};

function serve(): void {
  process.once("disconnect", () => process.exit(0));
  process.once("message", ({ ask }: TrialOrder) => ACTS[ask.flows[0]?.type ?? ""]?.());
}

if (import.meta.main) serve();
