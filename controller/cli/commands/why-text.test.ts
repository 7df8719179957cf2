// What `why` says on top and of what was seen, where the decision lies back.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import { sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { whyLines } from "./why-text.ts";

const AT = Date.UTC(2026, 10, 27, 9, 42, 7);
const PLACE = {
  timezone: "Europe/Madrid",
  members: {},
  assets: [{ id: "saw", name: "Table saw", kind: "machine", phases: ["L3"] }],
} as const;

const decision: Decision = {
  ...{ asset: "saw", set: { kind: "switch", on: false }, rule: "ladder" },
  reason: { code: "ladder-soc", params: { socRatio: 0.449, belowRatio: 0.45, step: "spare it" } },
  until: { code: "until-soc", params: { aboveRatio: 0.55 } },
  inputs: [{ point: "battery/soc", value: 0.449, unit: "1", ageMs: millis(900), quality: "fresh" }],
  considered: [],
  at: epoch(AT),
};
const { set, reason, until } = decision;

function told(language: Language, now: Decision["until"] = until): string {
  const scene = sceneOf(PLACE, { language, now: AT + 60_000 });
  const wanted = {
    set,
    rule: "ladder",
    reason,
    until: now,
    since: mono(70_000),
    sinceWall: epoch(AT),
  } as const;
  const lines = whyLines({ asset: "saw" }, { chain: { wanted, decision, commands: [] }, scene, width: 200 });
  return lines.join("\n");
}

it("a charge just below its threshold does not read like the threshold", () => {
  assert.match(told("en"), /battery\/soc\s+44\.9 %/);
  assert.match(told("es"), /battery\/soc\s+44,9 %/);
});

it("the sentence on top says what it waits for now, not what it waited for when it was switched", () => {
  assert.match(told("en"), /Table saw was switched off .*; it comes back when the battery is above 55 %/);
  const now = told("en", { code: "waiting-local", params: {} });
  assert.match(now, /Table saw was switched off .*; it must be started at the machine by a person/);
  assert.doesNotMatch(now, /above 55 %/);
});
