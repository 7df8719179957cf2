import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../../src/words/gate-en.json" with { type: "json" };
import es from "../../src/words/gate-es.json" with { type: "json" };
import type { FlowNode, KnownAsset } from "./flow-node.ts";
import { judge, NODES_MAX } from "./judge.ts";
import { toldOf } from "./told.ts";

const ASSETS: readonly KnownAsset[] = [
  { id: "pump", name: "Pump", switched: true, tier: 3, control: "switch", points: ["power"] },
  { id: "lamps", name: "Lamps", switched: true, tier: 0, control: "switch", points: ["power"] },
  { id: "roof", name: "Roof", switched: false, control: "limit", points: ["power"] },
  { id: "bank", name: "Bank", switched: true, control: "setpoint", points: ["soc"] },
];
const request = (given: object): FlowNode => ({
  ...{ id: "r7", type: "gridwright-request", z: "t3", site: "s2", asset: "pump", ttl: "10", reason: "water" },
  ...given,
});
const constraint = (given: object): FlowNode =>
  request({ type: "gridwright-constraint", from: "22:00", to: "06:00", ...given });
const node = (type: string, given: object = {}): FlowNode => ({ id: "n5", type, z: "t3", ...given });

const table: readonly (readonly [string, unknown, string])[] = [
  ["a whole request passes", [request({})], ""],
  ["a request says for how long", [request({ ttl: "" })], "ttl"],
  ["not for ever", [request({ ttl: "16" })], "ttl"],
  ["not for a time that is no number", [request({ ttl: "NaN" })], "ttl"],
  ["and why", [request({ reason: " " })], "no-reason"],
  ["of something that is there", [request({ asset: "sauna" })], "unknown-asset"],
  ["that has a switch", [request({ asset: "roof" })], "not-switched"],
  ["and is not needed most", [request({ asset: "lamps" })], "tier-zero"],
  ["a limit is for what has one", [request({ type: "gridwright-limit", ttl: "16" })], "ttl, not-limited"],
  ["a setpoint is for a battery", [request({ type: "gridwright-battery" })], "not-steered"],
  ["that is told what to give", [request({ type: "gridwright-battery", asset: "bank" })], ""],
  [
    "a job says what it is, for a machine that is there",
    [request({ type: "gridwright-ask-job", asset: "mill", reason: "" })],
    "no-reason, unknown-asset",
  ],
  ["the sun has", [request({ type: "gridwright-limit", asset: "roof" })], ""],
  ["a request names a load", [request({ asset: undefined })], "no-asset"],
  ["a constraint says from when to when", [constraint({ to: "6" })], "window"],
  ["and not from an hour to itself", [constraint({ from: "6:00" })], "window"],
  ["has its time and reason like a request", [constraint({ ttl: "16", reason: "" })], "ttl, no-reason"],
  ["and never keeps out what is needed most", [constraint({ asset: "lamps" })], "tier-zero"],
  ["a whole constraint passes", [constraint({})], ""],
  [
    "who listens may listen to everything",
    [node("gridwright-job"), node("gridwright-decision", { asset: "" })],
    "",
  ],
  ["or to something that is there", [node("gridwright-job", { asset: "sauna" })], "unknown-asset"],
  [
    "a reading names a point that is measured",
    [node("gridwright-reading", { asset: "roof", point: "soc" })],
    "unknown-point",
  ],
  ["what is measured may be read", [node("gridwright-reading", { asset: "roof", point: "power" })], ""],
  ["programs and files are out", [node("exec"), node("file in")], "type, type"],
  ["nothing is sent past the controller", [node("mqtt out"), node("http request")], "type, type"],
  [
    "a subflow's own nodes are judged too",
    [{ id: "sub", type: "subflow" }, node("exec", { z: "sub" })],
    "type",
  ],
  ["a subflow must come along", [node("subflow:gone")], "type"],
  ["a subflow that is there may be used", [{ id: "sub", type: "subflow" }, node("subflow:sub")], ""],
  [
    "functions bring no modules",
    [node("function", { libs: [{ var: "cp", module: "child_process" }] })],
    "modules",
  ],
  ["a clock that never rests is none", [node("inject", { repeat: "0.02" })], "too-often"],
  ["a clock of a minute is one", [node("inject", { repeat: "60" })], ""],
  ["a name of an object's own is no type", [node("constructor")], "type"],
  ["what is no list is no flow", { flows: [] }, "no-flows"],
  ["nor a list of anything", [{ id: 7, type: "inject" }], "no-flows"],
  [
    "a flood of nodes is refused as a whole",
    Array.from({ length: NODES_MAX + 1 }, () => node("debug")),
    "too-many",
  ],
  ["and one enormous node", [node("comment", { info: "x".repeat(450_000) })], "too-large"],
];

for (const [sentence, flows, expected] of table)
  test(sentence, () => {
    const codes = judge(flows, ASSETS).map(({ code }) => code);
    assert.equal(codes.join(", "), expected);
  });

test("while the site cannot be asked the rest is judged all the same", () => {
  const found = judge([request({ asset: "sauna" }), request({ reason: "" })], undefined);
  assert.deepEqual(
    found.map(({ code }) => code),
    ["no-reason"],
  );
});

test("a complaint names the node and its tab, in each language", () => {
  const flows = [{ id: "t3", type: "tab", label: "Water" }, request({ name: "pump on", ttl: "" })];
  const told = (language: "en" | "es") => toldOf(judge(flows, ASSETS), flows, language).split("\n").at(-1);
  assert.equal(told("en"), "• Water › pump on (r7): say for how long it may hold: 1 to 15 minutes");
  assert.equal(told("es"), "• Water › pump on (r7): di cuánto tiempo puede durar: de 1 a 15 minutos");
});

test("both languages have the same sentences with the same figures", () => {
  const holes = (words: Record<string, string>) =>
    Object.entries(words).map(([key, said]) => `${key} ${[...said.matchAll(/\{\w+\}/g)].map(String).sort()}`);
  assert.deepEqual(holes(es).sort(), holes(en).sort());
});
