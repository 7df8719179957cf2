// Trials of flows by the process that services start for them, with the real Node-RED on a twin of the village: what an
// example asks stands in the result, and what goes wrong in a flow is contained and told. None of it needs a running site.
import assert from "node:assert/strict";
import { execFileSync, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, it } from "node:test";
import { fileURLToPath } from "node:url";
import { TrialRun } from "@gridwright/contract/api-trials.ts";
import type { TrialNews, TrialOrder } from "@gridwright/runtime/flows/trial-order.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { type Flow, pressed, SITE, withSite } from "../flows/editor.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const VILLAGE = path("controller/twin/sites/village.yaml");
const DEADLINE_MS = 240_000;

interface Told {
  readonly done: Extract<TrialNews, { done: object }>["done"] | undefined;
  readonly failed: string | undefined;
  readonly disabled: readonly string[];
}

const example = (name: string): Flow[] =>
  JSON.parse(readFileSync(path(`flows/examples/${name}.json`), "utf8")) as Flow[];

/** Fires by itself, once or again and again. */
const byItself = ([button, ...rest]: readonly Flow[], more: Flow): readonly Flow[] => [
  { ...button, once: true, onceDelay: "30", ...more },
  ...rest,
];

async function tried(flows: readonly Flow[], day: Partial<TrialOrder["day"]> = {}): Promise<Told> {
  const child = fork(path("controller/cli/trial/child.ts"), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const late = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  let disabled: readonly string[] = [];
  child.on("message", (news: TrialNews) => {
    if ("disabled" in news) disabled = news.disabled;
    if ("done" in news) resolve({ done: news.done, failed: undefined, disabled });
    if ("failed" in news) resolve({ done: undefined, failed: news.failed.en, disabled });
  });
  child.once("exit", (code) => reject(new Error(`the trial ended with ${code}`)));
  const { model } = loadSite(VILLAGE);
  const order: TrialOrder = {
    siteFile: VILLAGE,
    scenarioFile: path("controller/twin/scenarios/village-day.yaml"),
    ask: { flows: flows as TrialOrder["ask"]["flows"] },
    ...{ running: null, pace: 600, lastDay: { arrays: {}, loads: {} } },
    day: {
      ...{ weather: "sunny", fault: "none", hours: 1, site: model.hash, habits: "scenario" },
      ...{ start: Date.UTC(2026, 5, 21, 10), soc: 0.94, measured: false },
      ...day,
    },
  };
  child.send(order);
  return promise.finally(() => clearTimeout(late));
}

before(() => {
  execFileSync(process.execPath, [path("flows/prepare.ts"), "--with-tests"], { stdio: "ignore" });
});

it("what an example asks is answered by the real brain and stands in the result", async () => {
  const flows = example("water-heater-by-surplus").map((node) =>
    node.type === "gridwright-surplus" ? { ...node, watts: "300", minutes: "1", fullFrom: "80" } : node,
  );
  const outside: Flow = { id: "m1", type: "mqtt in", name: "a button outside", z: flows[0]?.id, wires: [[]] };
  const { done, disabled } = await tried([...flows, outside]);
  assert.ok(done);
  for (const run of [done.before, done.after]) assert.deepEqual(TrialRun.parse(run), run);
  const asked = done.after.requests.map(({ asset, outcome, said }) => [asset, outcome, said.en]);
  assert.deepEqual(asked[0], ["house-4-heater", "accepted", "taken"]);
  assert.deepEqual([done.before.requests, done.before.flows, disabled], [[], null, ["a button outside"]]);
  assert.equal(done.after.series.loadW.length, 4);
});

it("what a flow does differs from what would be without it, by the plant's own clock", async () => {
  const ask: Flow = {
    ...{ id: "p2", type: "gridwright-request", z: "t1", name: "sockets stand", site: SITE.id },
    ...{ asset: "house-4-sockets", wish: "off", ttl: "12", reason: "a trial", x: 300, y: 200, wires: [[]] },
  };
  const [button] = pressed("p", "return msg;");
  // Each four minutes of the plant; of its hour two minutes are gone when flows begin.
  const every = { ...button, once: true, onceDelay: "1", repeat: "240", wires: [["p2"]] };
  const { done } = await tried(withSite([every, ask]));
  assert.ok(done);
  const wanted = ({ tiers }: TrialRun): number => tiers.reduce((sum, one) => sum + one.notServedWh, 0);
  assert.ok(wanted(done.after) - wanted(done.before) > 5, `${wanted(done.before)} ${wanted(done.after)}`);
  const [line] = done.after.requests;
  assert.deepEqual([line?.node, line?.outcome], ["sockets stand", "accepted"]);
  // Asked again after a third of its time: each second press.
  assert.ok((line?.n ?? 0) >= 6 && (line?.n ?? 0) <= 15, String(line?.n));
});

it("code that never ends and a failure that nobody hears are contained and told", async () => {
  const { done } = await tried(
    withSite(
      byItself(pressed("ever", "while (true) {}"), {}),
      byItself(pressed("deaf", 'Promise.reject(new Error("unheard of")); return msg;'), { onceDelay: "60" }),
    ),
  );
  assert.ok(done);
  const said = done.after.process.said.map(({ text }) => text).join("\n");
  assert.match(said, /timed out/);
  assert.match(said, /unheard of/);
  assert.deepEqual(done.after.process.ended, []);
});

it("a flow that ends its own process is started again, and in the end left alone", async () => {
  const die = 'RED.util.cloneMessage.constructor("return process")().exit(7); return msg;';
  const { done } = await tried(withSite(byItself(pressed("die", die), {})));
  assert.deepEqual(done?.after.process.ended[0], "exit code 7");
  assert.equal(
    done?.after.alarms.some(({ id }) => id === "flows-lost"),
    true,
  );
});

it("what the gate would refuse is not tried", async () => {
  const { failed } = await tried(withSite([{ id: "e1", type: "exec", z: "t1", wires: [] }]));
  assert.match(failed ?? "", /exec/);
});
