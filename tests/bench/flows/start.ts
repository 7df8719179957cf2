// How long Node-RED takes to start and what it holds in memory: our process of flows beside one that a user starts by himself.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { VILLAGE } from "../../../controller/cli/commands/demo.ts";
import { superviseChild } from "../../../controller/cli/supervisor/child.ts";
import { FLOWS_PACKAGE, flagsOf } from "../../../controller/cli/supervisor/flows-judge.ts";
import { newFlowsPlace } from "../../../controller/cli/supervisor/flows-place.ts";
import type { Village } from "../../tools/village.ts";
import { MEGA, plain, spread, table } from "../figures.ts";
import { usageOf } from "../proc.ts";
import { inFolder } from "../processes.ts";
import { withBareRed } from "./bare.ts";

const SETTLED_MS = 10_000;
const EXAMPLES = ["water-heater-by-surplus", "compressor-rests", "plenty-message"];
/** A tab, so that an empty flow file is not replaced by anything. */
const NOTHING = [{ id: "t1", type: "tab", label: "nothing" }];

/** From the fork until the process says that Node-RED runs, ms; nobody answers what its nodes ask. */
const ourStart = (): Promise<number> =>
  inFolder(async (dataDir) => {
    const userDir = join(dataDir, "flows");
    mkdirSync(userDir);
    const at = { ...(await newFlowsPlace(new Set())), dataDir, userDir, siteFile: VILLAGE };
    const begun = performance.now();
    const child = superviseChild({
      startup: () => ({
        ...at,
        ...{ process: "flows", packageDir: FLOWS_PACKAGE, apiUrl: "http://127.0.0.1:9" },
        ...{ examples: EXAMPLES, safe: false },
      }),
      flags: flagsOf(userDir),
      env: { MALLOC_ARENA_MAX: "2" },
      ...{ onLine: () => undefined, onReady: () => undefined, onEnd: () => undefined },
    });
    try {
      await child.ready;
      return performance.now() - begun;
    } finally {
      await child.stop();
    }
  });

async function times(rounds: number, one: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await one());
  return all;
}

export async function measureStarts(rounds: number): Promise<string> {
  // The first of each warms the disk's cache and is not counted.
  const ours = (await times(rounds + 1, ourStart)).slice(1);
  const bare = (await times(rounds + 1, () => withBareRed(NOTHING, async ({ startMs }) => startMs))).slice(1);
  const row = (name: string, all: readonly number[]): string[] => {
    const { p50, max } = spread(all);
    return [name, plain(p50, 0), plain(max, 0), plain(p50 / spread(bare).p50)];
  };
  return table(
    [`${rounds} starts each, ms`, "p50", "max", "ratio"],
    [row("our process, confined, with three examples", ours), row("Node-RED alone, no flow", bare)],
  );
}

/** What the flows take beside what else the village takes. */
export async function measureMemory(village: Village): Promise<string> {
  await wait(SETTLED_MS);
  const { flows, control, services, broker } = village.processes();
  const rest = [control, services, broker].map(({ pid }) => usageOf(pid));
  const ours = usageOf(flows?.pid ?? 0);
  const bare = await withBareRed(NOTHING, async ({ pid }) => {
    await wait(SETTLED_MS);
    return usageOf(pid);
  });
  const sum = (of: "rss" | "own"): number => rest.reduce((all, usage) => all + usage[of], 0);
  const row = (name: string, rss: number, own: number): string[] => [
    name,
    plain(rss / MEGA, 0),
    plain(own / MEGA, 0),
  ];
  return table(
    ["MB", "RSS", "its own"],
    [
      row("our process of flows, three examples at work", ours.rss, ours.own),
      row("Node-RED alone, no flow", bare.rss, bare.own),
      row("control, services and broker together, for comparison", sum("rss"), sum("own")),
    ],
  );
}
