// The technicians' flows as a section of BENCHMARKS.md: what Node-RED costs, how quickly a flow is heard and answered, what a
// flood does to control, how long a trial takes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { editorOf, untilFlowsRun } from "../../flows/editor.ts";
import { startVillage } from "../../tools/village.ts";
import { anyInspectPort } from "../inspect.ts";
import { measureFlood } from "./flood.ts";
import { measureLatency } from "./latency.ts";
import { measureMemory, measureStarts } from "./start.ts";
import { measureTrial } from "./trial.ts";

const PREPARE = fileURLToPath(new URL("../../../flows/prepare.ts", import.meta.url));
const FULL = { starts: 8, events: 60, floodMs: 30_000, hours: 24 };
const QUICK = { starts: 1, events: 5, floodMs: 5_000, hours: 1 };

export async function benchFlows(quick: boolean): Promise<string> {
  const { starts, events, floodMs, hours } = quick ? QUICK : FULL;
  execFileSync(process.execPath, [PREPARE, "--with-tests"], { stdio: "ignore" });
  const started = await measureStarts(starts);
  anyInspectPort();
  const village = await startVillage({ speed: 1, flows: true });
  try {
    const editor = editorOf(village);
    await untilFlowsRun(village, editor);
    const memory = await measureMemory(village);
    const trial = await measureTrial(editor, hours);
    const latency = await measureLatency(village, editor, events);
    const flood = await measureFlood(village, editor, floodMs);
    return `The village in real time with its flows; Node-RED 5 as a process of its own. Ratios are against Node-RED as a user starts it
by himself, which no gate judges and nobody watches.

${started}

${memory}

${latency}

A person's wish is decided in control's next tick, goes by broker and event stream to the node, and the request back by the API;
the wiring alone writes to the relay unasked.

${flood}

${trial}`;
  } finally {
    await village.stop();
  }
}
