// The demo village with its flows at work, and what goes wrong in them: a killed process, code that never ends, that eats
// memory, that breaks out, floods, mistakes of a deploy. Each is contained, told, and the plant goes on by its own plan.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import { figure } from "../tools/figure.ts";
import { startVillage, until, type Village } from "../tools/village.ts";
import { type Editor, editorOf, type Flow, pressed, untilFlowsRun, withSite } from "./editor.ts";

const PREPARE = fileURLToPath(new URL("../../flows/prepare.ts", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../../flows/examples", import.meta.url));
const PATIENCE_MS = 60_000;
let village: Village;
let editor: Editor;

const state = (): Promise<ApiState> => village.api<ApiState>("/api/v1/state");
const pid = (): number => village.processes().flows?.pid ?? 0;
const when = (sentence: string, condition: () => boolean | Promise<boolean>, withinMs = PATIENCE_MS) =>
  until(sentence, condition, { withinMs, terminal: village.terminal, everyMs: 200 });
/** A flow's wish keeps it off now; when that ends its relay may still have to rest. */
const isOff = async (asset: string): Promise<boolean> => {
  const { wanted, reason, until: ends } = (await state()).assets[asset] ?? {};
  return wanted === false && reason?.code === "flow-off" && ends?.code === "until-request-ends";
};

/** Asks once at each start for a printer to stand. */
const ASKS: readonly Flow[] = [
  {
    id: "a1",
    type: "inject",
    z: "t1",
    props: [{ p: "payload" }],
    payload: "false",
    payloadType: "bool",
    repeat: "",
    once: true,
    onceDelay: "0.5",
    x: 100,
    y: 200,
    wires: [["a2"]],
  },
  {
    id: "a2",
    type: "gridwright-request",
    z: "t1",
    name: "printer stands",
    site: "gw-site",
    asset: "printer-1",
    wish: "payload",
    ttl: "10",
    reason: "a test",
    x: 300,
    y: 200,
    wires: [[]],
  },
];
const request = (given: Flow): Flow => ({
  ...(ASKS[1] as Flow),
  id: "bad",
  name: "bad one",
  wires: [[]],
  ...given,
});

async function deployed(...parts: readonly (readonly Flow[])[]): Promise<void> {
  const { status, text } = await editor.deploy(withSite(...parts));
  assert.equal(status, 200, text);
}

/** Node-RED starts what was deployed after its answer. */
const press = (id: string) =>
  when(`${id} can be pressed`, async () => (await editor.press(id).catch(() => 0)) === 200);

/** Breaks out as the function node's sandbox lets everybody, then tries what must not work; tells what did. */
const ESCAPE = `
const proc = RED.util.cloneMessage.constructor("return process")();
const tried = {
  spawn: () => proc.getBuiltinModule("child_process").execSync("id"),
  secret: () => proc.getBuiltinModule("fs").readFileSync("SECRETS"),
  site: () => proc.getBuiltinModule("fs").readFileSync("SITE"),
  write: () => proc.getBuiltinModule("fs").writeFileSync("OUTSIDE", "x"),
  worker: () => new (proc.getBuiltinModule("worker_threads").Worker)("1", { eval: true }),
  binding: () => proc.binding("process_wrap"),
  kill: () => proc.kill(CONTROL, "SIGKILL"),
  kill2: () => proc._kill(CONTROL, 9),
  tell: () => proc.send({ failed: "a lie" }),
};
msg.payload = Object.entries(tried).filter(([, act]) => { try { act(); return true; } catch { return false; } }).map(([name]) => name).join(",") || "nothing";
return msg;`;

const breakOut = (): string =>
  ESCAPE.replace("SECRETS", `${village.dataDir}/secrets/issuers.json`)
    .replace("SITE", `${village.dataDir}/site.yaml`)
    .replace("OUTSIDE", `${village.dataDir}/audit/evil`)
    .replaceAll("CONTROL", String(village.processes().control.pid));

before(async () => {
  execFileSync(process.execPath, [PREPARE, "--with-tests"], { stdio: "ignore" });
  village = await startVillage({ speed: 1, flows: true });
  editor = editorOf(village);
});
after(() => village?.stop());

it("the flows come up after the page, with the examples at work", async (t) => {
  const ms = await untilFlowsRun(village, editor);
  t.diagnostic(`up ${Math.round(ms)} ms after the page`);
  const { versions } = await editor.report();
  assert.deepEqual([versions.length, versions[0]?.by], [1, "gridwright"]);
  assert.ok((await editor.now()).flows.filter(({ type }) => type === "tab").length === 3);
});

it("the editor is there for technicians, and for nobody else", async () => {
  assert.equal((await editor.ask("/flows/")).status, 200);
  for (const role of ["viewer", "member"])
    assert.equal(
      (await editor.ask("/flows/", { headers: { cookie: `gridwright-demo-role=${role}` } })).status,
      403,
    );
});

it("a deploy that is wrong is refused with a list that names the node, and what ran goes on", async () => {
  const before = await editor.now();
  const bad = withSite([
    request({ asset: "sauna", ttl: "" }),
    { id: "e1", type: "exec", z: "t1", wires: [] },
  ]);
  const { status, text } = await editor.deploy(bad, before.rev);
  assert.equal(status, 400);
  const { message } = JSON.parse(text) as { message: string };
  assert.deepEqual(message.split("\n").slice(1), [
    "• test › bad one (bad): say for how long it may hold: 1 to 15 minutes",
    "• test › bad one (bad): the site has no «sauna»",
    "• test › exec (e1): nodes of the type «exec» are not allowed here",
  ]);
  assert.equal((await editor.now()).rev, before.rev);
  assert.equal((await editor.report()).versions.length, 1);
});

it("a request is granted, and its reason is told", async () => {
  const { rev } = await editor.now();
  const { status, text } = await editor.deploy(withSite(ASKS), rev);
  assert.equal(status, 200, text);
  await when("the printer stands because a flow asked", () => isOff("printer-1"));
  const [version] = (await editor.report()).versions;
  assert.deepEqual([version?.n, version?.by], [2, "demo-technician"]);
});

it("of two technicians who deploy at once the second is told, and nothing of the first is lost", async () => {
  const { rev } = await editor.now();
  const mine = withSite(ASKS, pressed("mine", "return msg;"));
  assert.equal((await editor.deploy(mine, rev)).status, 200);
  const { status, text } = await editor.deploy(withSite(), rev);
  assert.deepEqual([status, JSON.parse(text).code], [409, "version_mismatch"]);
  assert.ok((await editor.now()).flows.some(({ id }) => id === "mine-do"));
});

it("when the process is killed the plant is back on its own plan, and the story tells of it", async (t) => {
  await when("the printer stands", () => isOff("printer-1"));
  const second = { ...(ASKS[1] as Flow), asset: "printer-2" };
  await deployed(pressed("calm", "return msg;"), [{ ...(ASKS[0] as Flow), once: false }, second]);
  await when("with a node ends what it asked", async () => !(await isOff("printer-1")));
  await press("a1");
  await when("the other printer stands", () => isOff("printer-2"));
  const old = pid();
  process.kill(old, "SIGKILL");
  const supplied = async (): Promise<boolean> => (await state()).assets["printer-2"]?.wanted === true;
  const ms = await when("the printer has supply", supplied);
  t.diagnostic(`back after ${Math.round(ms)} ms; its request had ten minutes`);
  const told = async (): Promise<boolean> => {
    const { alarms, cleared = [] } = await state();
    return [...alarms, ...cleared].some(({ id }) => id === "flows-lost");
  };
  await when("the loss is told", told);
  await when("the process is there again", () => pid() !== old);
  await untilFlowsRun(village, editor);
});

it("code that breaks out of the sandbox finds no file of ours, no program, no process", async () => {
  await deployed(pressed("out", breakOut()));
  const { said, close } = await editor.listen();
  const { control } = village.processes();
  await press("out-press");
  await when("it says what it could", () => said.length > 0);
  assert.deepEqual(said, ["nothing"]);
  assert.equal(village.processes().control.pid, control.pid);
  figure("R8", {
    tried: (ESCAPE.match(/^ {2}\w+: \(\) =>/gm) ?? []).length,
    worked: said.filter((one) => one !== "nothing").length,
  });
  close();
});

it("a function that never ends is broken off, a failure that nobody hears ends nothing", async () => {
  const lives = pid();
  await editor.deploy(
    withSite(
      pressed("ever", "while (true) {}"),
      pressed("deaf", 'Promise.reject(new Error("unheard")); msg.payload = "on"; return msg;'),
    ),
  );
  const { said, close } = await editor.listen();
  await press("ever-press");
  await press("deaf-press");
  await when("the other function goes on", () => said.includes("on"));
  assert.equal(pid(), lives);
  close();
});

it("a flood of wishes is a wish a second, and control is not late for it", async (t) => {
  const flood = "for (let n = 0; n < 10000; n += 1) node.send({ payload: n % 2 === 0 }); return null;";
  const [button, act] = pressed("flood", flood);
  await deployed([button as Flow, { ...(act as Flow), wires: [["a2"]] }, ASKS[1] as Flow]);
  const sum = async (): Promise<number> => {
    const { accepted, clipped, refused } = (await editor.report()).asked;
    return accepted + clipped + refused;
  };
  const before = await sum();
  const late = village.terminal.filter((line) => line.includes("control loop was")).length;
  await press("flood-press");
  await when("something was asked", async () => (await sum()) > before);
  const asked = (await sum()) - before;
  t.diagnostic(
    `10,000 messages: ${asked} requests; late ${village.terminal.filter((line) => line.includes("control loop was")).length - late} times`,
  );
  assert.ok(asked <= 10, String(asked));
});

it("what eats memory is ended and started again, and nothing else with it", async () => {
  const eat =
    "const eaten = []; const more = () => { eaten.push(Buffer.alloc(1e8, 7)); if (eaten.length < 9) setTimeout(more, 20); }; more(); setTimeout(() => eaten.length, 60000); return msg;";
  await deployed(pressed("eat", eat));
  const old = pid();
  const { control, services } = village.processes();
  await press("eat-press");
  await when("the process is another one", () => pid() !== old && pid() !== 0);
  const now = village.processes();
  assert.deepEqual([now.control.pid, now.services.pid], [control.pid, services.pid]);
  await untilFlowsRun(village, editor);
});

it("every example that comes along passes the gate and starts on the village", async () => {
  const names = readdirSync(EXAMPLES);
  const all = names.flatMap((name) => JSON.parse(readFileSync(join(EXAMPLES, name), "utf8")) as Flow[]);
  const flows = [...new Map(all.map((node) => [node.id, node])).values()];
  const { status, text } = await editor.deploy(flows);
  assert.equal(status, 200, text);
  const tabs = (await editor.now()).flows.filter(({ type }) => type === "tab");
  assert.equal(tabs.length, names.length);
  await press("gw-pump-1");
});

it("a version of before is brought back by its number, as a new one", async () => {
  const { versions } = await editor.report();
  const body = JSON.stringify({ n: 1 });
  assert.equal((await editor.ask("/api/v1/flows/restore", { method: "POST", body })).status, 204);
  const [newest] = (await editor.report()).versions;
  assert.deepEqual([newest?.n, newest?.message], [(versions[0]?.n ?? 0) + 1, "version 1 again"]);
  assert.equal((await editor.now()).flows.filter(({ type }) => type === "tab").length, 3);
});
