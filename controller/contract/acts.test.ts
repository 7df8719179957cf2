// Which kind of act a decision is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Act, actOf } from "./acts.ts";
import type { Decision } from "./decision.ts";

type Given = Pick<Decision, "set" | "rule">;
const rows: [string, Given, Act][] = [
  ["off for need is taken", { set: { kind: "switch", on: false }, rule: "overload" }, "taken"],
  ["a part of it is taken too", { set: { kind: "limit", share: 0.6 }, rule: "export-limit" }, "taken"],
  ["back is given", { set: { kind: "switch", on: true }, rule: "restoration" }, "given"],
  ["no limit any more is given", { set: { kind: "limit", share: 1 }, rule: "export-limit" }, "given"],
  [
    "off because a person holds it is asked",
    { set: { kind: "switch", on: false }, rule: "manual-hold" },
    "asked",
  ],
  ["on by a wish is asked", { set: { kind: "switch", on: true }, rule: "requests" }, "asked"],
  ["a battery's power is steered", { set: { kind: "setpoint", share: -0.4 }, rule: "surplus" }, "steered"],
  ["a set's start is steered", { set: { kind: "switch", on: true }, rule: "generator" }, "steered"],
];
for (const [sentence, given, act] of rows) test(`acts: ${sentence}`, () => assert.equal(actOf(given), act));
