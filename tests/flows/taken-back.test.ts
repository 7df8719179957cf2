// A deploy that ends its own process again and again, in the demo village: what proved itself before comes back by itself,
// and where nothing has, no flow runs until a technician deploys something else. All else goes on meanwhile.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { FlowsAnswer } from "@gridwright/contract/api-flows.ts";
import { startVillage, until, type Village } from "../tools/village.ts";
import { type Editor, editorOf, type Flow, pressed, untilFlowsRun, withSite } from "./editor.ts";

const PREPARE = fileURLToPath(new URL("../../flows/prepare.ts", import.meta.url));
const PATIENCE_MS = 90_000;
/** On a slow machine its silence is noticed before its third new life. */
const ENDED: ReadonlySet<string> = new Set(["crash-loop", "silent"]);
let village: Village;
let editor: Editor;

const when = (sentence: string, condition: () => boolean | Promise<boolean>) =>
  until(sentence, condition, { withinMs: PATIENCE_MS, terminal: village.terminal, everyMs: 300 });
const report = (): Promise<FlowsAnswer | undefined> => editor.report().catch(() => undefined);
const alarms = async (): Promise<string> => {
  const { alarms: open } = await village.api<ApiState>("/api/v1/state");
  return open
    .map(({ id }) => id)
    .filter((id) => id.startsWith("flows-"))
    .sort()
    .join(", ");
};

/** Ends the process that it runs in, each time that it starts. */
function suicidal(): readonly Flow[] {
  const [button, act, say] = pressed("die", 'RED.util.cloneMessage.constructor("return process")().exit(7);');
  return withSite([{ ...button, once: true, onceDelay: "1" }, act as Flow, say as Flow]);
}

before(async () => {
  execFileSync(process.execPath, [PREPARE, "--with-tests"], { stdio: "ignore" });
  village = await startVillage({ speed: 1, flows: true });
  editor = editorOf(village);
  await untilFlowsRun(village, editor);
});
after(() => village?.stop());

it("what comes along is watched from the first start on", async () => {
  await when("version 1 is watched", async () => (await report())?.watch?.version === 1);
  assert.deepEqual([(await editor.report()).good, (await editor.report()).failed], [null, null]);
});

it("where nothing has proved itself, no flow runs after a crash loop, and all else does", async (t) => {
  const { control } = village.processes();
  assert.equal((await editor.deploy(suicidal())).status, 200);
  const ms = await when("no flow runs", async () => (await report())?.state === "safe");
  t.diagnostic(`without flows ${Math.round(ms)} ms after the deploy`);
  await when("it is told", async () => (await alarms()) === "flows-stopped, flows-taken-back");
  const { failed, watch } = await editor.report();
  assert.deepEqual([failed?.version, failed?.back, watch], [2, null, null]);
  assert.ok(ENDED.has(failed?.why ?? ""), failed?.why);
  assert.equal(village.processes().control.pid, control.pid);
});

it("what a technician deploys then runs at once, and is watched anew", async () => {
  assert.equal((await editor.deploy(withSite(pressed("calm", "return msg;")))).status, 200);
  await when("it runs", async () => (await report())?.state === "running");
  await when("nothing is told any more", async () => (await alarms()) === "");
  const { failed, watch } = await editor.report();
  assert.deepEqual([failed, watch?.version], [null, 3]);
});

it("a version that proved itself comes back in place of one that does not", async (t) => {
  // Nobody waits a quarter of an hour here: what services keep says that version 3 has.
  const kept = JSON.stringify({ good: 3, stopped: null, failed: null });
  const { pid } = village.processes().services;
  writeFileSync(join(village.dataDir, "flows-watch.json"), kept);
  process.kill(pid, "SIGKILL");
  await when("services are there again", () => village.processes().services.pid !== pid);
  await when("they know it", async () => (await report())?.good === 3);
  await when("the flows are heard again", async () => (await report())?.state === "running");
  assert.equal((await editor.deploy(suicidal())).status, 200);
  const ms = await when("version 3 is back", async () => (await report())?.failed?.back === 3);
  t.diagnostic(`taken back ${Math.round(ms)} ms after the deploy`);
  await when("as a version of its own", async () => (await report())?.versions[0]?.n === 5);
  await when("watched in its turn", async () => (await report())?.watch?.version === 5);
  await when("and runs", async () => (await report())?.state === "running");
  const { versions } = await editor.report();
  assert.deepEqual([versions[0]?.by, versions[0]?.message], ["gridwright", "version 3 again"]);
  assert.ok((await editor.now()).flows.some(({ id }) => id === "calm-do"));
  await when("that alone is told", async () => (await alarms()) === "flows-taken-back");
});
