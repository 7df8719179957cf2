// From an event to what a flow makes of it: here a technician's request is decided, a flow hears of it and asks in turn, and is
// answered; beside it the wiring that a user builds with Node-RED alone: a message in, a function, a message out to the relay.
import { setTimeout as wait } from "node:timers/promises";
import type { ApiSite, ApiState } from "@gridwright/contract/api.ts";
import mqtt from "mqtt";
import { type Editor, type Flow, SITE, withSite } from "../../flows/editor.ts";
import { until, type Village } from "../../tools/village.ts";
import { startMosquitto } from "../broker.ts";
import { cells, plain, type Spread, spread, table } from "../figures.ts";
import { withBareRed } from "./bare.ts";

/** A node asks once a second at most; what comes sooner would wait for that. */
const PAUSE_MS = 1_300;
const BARE_PAUSE_MS = 150;
const WITHIN_MS = 10_000;
const READY_MS = 120_000;
const TIER_MIN = 2;
/** Asked and taken back in turn: what stands already a node does not ask again. */
const STAMP = `flow.set("heard", Date.now());
const asks = flow.get("asks") !== true;
flow.set("asks", asks);
msg.payload = asks ? false : null;
return msg;`;
const FLOWS_OWN = "printer-2";
const now = (): number => performance.timeOrigin + performance.now();

/** Whatever goes off, the flow asks something of printer 2; both times are told as one debug message. */
const FOLLOWS: readonly Flow[] = [
  {
    ...{ id: "l1", type: "gridwright-decision", z: "t1", name: "", site: SITE.id, asset: "" },
    ...{ act: "off", x: 100, y: 80, wires: [["l2"]] },
  },
  {
    ...{ id: "l2", type: "function", z: "t1", func: STAMP, outputs: 1, libs: [] },
    ...{ x: 200, y: 80, wires: [["l3"]] },
  },
  {
    ...{ id: "l3", type: "gridwright-request", z: "t1", name: "", site: SITE.id, asset: FLOWS_OWN },
    ...{ wish: "payload", ttl: "10", reason: "a measurement", x: 300, y: 80, wires: [["l4"]] },
  },
  {
    ...{ id: "l4", type: "function", z: "t1", outputs: 1, libs: [], x: 400, y: 80, wires: [["l5"]] },
    func: 'msg.payload = "heard " + flow.get("heard") + " answered " + Date.now(); return msg;',
  },
  {
    ...{ id: "l5", type: "debug", z: "t1", active: true, tosidebar: true, complete: "payload" },
    ...{ targetType: "msg", x: 500, y: 80, wires: [] },
  },
];

interface Times {
  /** ms from the event. */
  readonly heard: Spread;
  readonly answered: Spread;
  readonly seen: number;
}

/** Loads that a technician switches off one after the other: what comes back on has to wait for its turn. */
async function loadsOf(editor: Editor): Promise<readonly string[]> {
  const { assets } = (await (await editor.ask("/api/v1/site")).json()) as ApiSite;
  return assets
    .filter(({ id, switched, tier = 0 }) => switched && tier >= TIER_MIN && id !== FLOWS_OWN)
    .map(({ id }) => id);
}

async function switchOff(editor: Editor, asset: string): Promise<void> {
  const body = JSON.stringify({ kind: "switch", asset, on: false, why: "a measurement" });
  const answer = await editor.ask("/api/v1/requests", { method: "POST", body });
  if (!answer.ok) throw new Error(`the wish was refused: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
}

/** Those that are on; undefined while control still finds its feet. */
async function loadsOn(village: Village, editor: Editor): Promise<readonly string[] | undefined> {
  const { assets } = await village.api<ApiState>("/api/v1/state");
  if (Object.values(assets).some(({ reason }) => reason?.code === "starting-up")) return undefined;
  return (await loadsOf(editor)).filter((id) => assets[id]?.wanted !== false);
}

export async function measureOurs(village: Village, editor: Editor, count: number): Promise<Times> {
  const { status, text } = await editor.deploy(withSite(FOLLOWS));
  if (status !== 200) throw new Error(text);
  const ready = async (): Promise<boolean> => (await loadsOn(village, editor)) !== undefined;
  await until("control has found its feet", ready, { withinMs: READY_MS, everyMs: 500 });
  const loads = (await loadsOn(village, editor)) ?? [];
  const { said, close } = await editor.listen();
  const heard: number[] = [];
  const answered: number[] = [];
  for (const asset of loads.slice(0, count)) {
    await wait(PAUSE_MS * (1 + Math.random() * 0.7));
    const before = said.length;
    const at = now();
    await switchOff(editor, asset);
    await until("the flow is answered", () => said.length > before, { withinMs: WITHIN_MS, everyMs: 20 });
    const [, first, second] = /heard (\d+) answered (\d+)/.exec(said.at(-1) ?? "") ?? [];
    heard.push(Number(first) - at);
    answered.push(Number(second) - at);
  }
  close();
  return { heard: spread(heard), answered: spread(answered), seen: heard.length };
}

const BROKER = "b1";
const wiring = (port: number): readonly Flow[] => [
  { id: "t1", type: "tab", label: "wiring" },
  {
    id: BROKER,
    type: "mqtt-broker",
    broker: "127.0.0.1",
    port: `${port}`,
    autoConnect: true,
    keepalive: "60",
  },
  { id: "m1", type: "mqtt in", z: "t1", topic: "event", qos: "0", broker: BROKER, wires: [["m2"]] },
  { id: "m2", type: "function", z: "t1", func: "return msg;", outputs: 1, libs: [], wires: [["m3"]] },
  { id: "m3", type: "mqtt out", z: "t1", topic: "relay", qos: "0", retain: "", broker: BROKER, wires: [] },
];

export async function measureBare(count: number): Promise<Spread> {
  const broker = await startMosquitto();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  try {
    await client.subscribeAsync("relay");
    return await withBareRed(wiring(broker.port), async () => {
      let got = 0;
      client.on("message", () => {
        got += 1;
      });
      const passes = async (): Promise<boolean> => {
        await client.publishAsync("event", "hello");
        return got > 0;
      };
      await until("the wiring is there", passes, { withinMs: WITHIN_MS, everyMs: 200 });
      await wait(WITHIN_MS / 10);
      const took: number[] = [];
      for (let n = 0; n < count; n += 1) {
        await wait(BARE_PAUSE_MS * (1 + Math.random()));
        const at = performance.now();
        const arrived = new Promise((resolve) => client.once("message", resolve));
        await client.publishAsync("event", `${n}`);
        await arrived;
        took.push(performance.now() - at);
      }
      return spread(took);
    });
  } finally {
    await client.endAsync(true);
    await broker.stop();
  }
}

export async function measureLatency(village: Village, editor: Editor, count: number): Promise<string> {
  const ours = await measureOurs(village, editor, count);
  const bare = await measureBare(ours.seen);
  const ratio = ({ p50 }: Spread): string => plain(p50 / bare.p50);
  return table(
    [`${ours.seen} events, ms`, "p50", "p99", "max", "ratio"],
    [
      [
        "here: asked by a person → the flow's node gives out what was decided",
        ...cells(ours.heard),
        ratio(ours.heard),
      ],
      [
        "here: asked by a person → the flow's own request is granted",
        ...cells(ours.answered),
        ratio(ours.answered),
      ],
      ["Node-RED alone: message in → message to the relay, asked by nobody", ...cells(bare), "1"],
    ],
  );
}
