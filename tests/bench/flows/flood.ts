// What a flow that has gone wild does to the loop of control: floods through a request node, and past it at the door itself.
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type Editor, type Flow, pressed, SITE, withSite } from "../../flows/editor.ts";
import type { Village } from "../../tools/village.ts";
import { cells, plain, table } from "../figures.ts";
import { type Inspector, inspect } from "../inspect.ts";
import type { Flooded, FloodOrder } from "./flood-child.ts";

const CHILD = new URL("./flood-child.ts", import.meta.url);
const RESOLUTION_MS = 2;
const WATCH = `(() => {
  const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
  globalThis.gridwrightBench = monitorEventLoopDelay({ resolution: ${RESOLUTION_MS} });
  return globalThis.gridwrightBench.enable();
})()`;
const BEGIN = "(globalThis.gridwrightBench.reset(), true)";
const LOOK = "[50, 99, 100].map((share) => globalThis.gridwrightBench.percentile(share) / 1e6)";

interface Phase {
  readonly late: readonly number[];
  readonly ticks: number;
  readonly asked: number;
  readonly refused: number;
}

const REQUEST: Flow = {
  ...{ id: "f2", type: "gridwright-request", z: "t1", name: "flood", site: SITE.id, asset: "printer-2" },
  ...{ wish: "payload", ttl: "10", reason: "a flood", x: 400, y: 80, wires: [[]] },
};
/** Ten thousand a second, on and off in turn. */
const FLOOD = `let n = 0;
setInterval(() => { for (let i = 0; i < 100; i += 1) { n += 1; node.send({ payload: n % 2 === 0 }); } }, 10);
return null;`;

interface Stage {
  readonly village: Village;
  readonly editor: Editor;
  readonly control: Inspector;
  readonly forMs: number;
}

async function ticksOf(editor: Editor): Promise<number> {
  const { control } = (await (await editor.ask("/api/v1/processes")).json()) as {
    control: { ticks: number };
  };
  return control.ticks;
}

/** What control suffered while `during` ran; ticks are told each five seconds. */
async function phase({ editor, control, forMs }: Stage, during: () => Promise<unknown>): Promise<Phase> {
  const [before, ticks] = [(await editor.report()).asked, await ticksOf(editor)];
  await control.evaluate(BEGIN);
  const begun = performance.now();
  await Promise.all([during(), wait(forMs)]);
  const late = await control.evaluate<readonly number[]>(LOOK);
  const seconds = (performance.now() - begun) / 1_000;
  const { asked } = await editor.report();
  return {
    late: late.map((ms) => Math.max(0, ms - RESOLUTION_MS)),
    ticks: ((await ticksOf(editor)) - ticks) / seconds,
    asked: asked.accepted + asked.clipped + asked.refused - before.accepted - before.clipped - before.refused,
    refused: asked.refused - before.refused,
  };
}

async function floodAtTheDoor({ village, forMs }: Stage): Promise<Flooded> {
  const child = fork(CHILD, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const told = once(child, "message");
  child.send({ port: village.processes().services.ports.page ?? 0, forMs } satisfies FloodOrder);
  const [flooded] = (await told) as [Flooded];
  child.disconnect();
  return flooded;
}

const row = (name: string, { late, ticks, asked, refused }: Phase): string[] => {
  const [p50 = 0, p99 = 0, max = 0] = late;
  return [name, ...cells({ p50, p99, max }), plain(ticks, 1), `${asked}`, `${refused}`];
};

export async function measureFlood(village: Village, editor: Editor, forMs: number): Promise<string> {
  const control = await inspect(village.processes().control.pid, village.terminal);
  await control.evaluate(WATCH);
  const stage = { village, editor, control, forMs };
  const [press, act] = pressed("flood", FLOOD);
  await editor.deploy(withSite([press as Flow, { ...(act as Flow), wires: [["f2"]] }, REQUEST]));
  await wait(forMs / 4);
  const calm = await phase(stage, async () => undefined);
  const through = await phase(stage, () => editor.press("flood-press"));
  await editor.deploy(withSite(pressed("calm", "return msg;")));
  await wait(forMs / 4);
  let door: Flooded = { sent: 0, seconds: 1, statuses: {} };
  const past = await phase(stage, async () => {
    door = await floodAtTheDoor(stage);
  });
  control.close();
  const counts = Object.entries(door.statuses).map(([status, n]) => `${n} × ${status}`);
  return `${table(
    ["control's event loop late, ms", "p50", "p99", "max", "ticks/s", "requests weighed", "refused"],
    [
      row("calm", calm),
      row("10,000 messages/s into a request node", through),
      row("past the node, at the door of the API", past),
    ],
  )}

Through the node a flood is one request a second, with the newest wish. At the door ${plain(door.sent / door.seconds, 0)} requests/s were sent by a process of its
own, as fast as they were answered: ${counts.join(", ")} (429: turned away by services before control hears of it).`;
}
