// Whose word stands when a person and a program ask for opposite things, and what no program ends.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { s } from "./fixtures/moments.ts";
import { ask, CALM, type Moment, run, settledMemory, story } from "./fixtures/scene.ts";

const TTL = 600_000;
const wish = (role: "planner" | "flow" | "member" | "technician", on: boolean) =>
  ask({ kind: "switch", asset: "heater-a", on, why: "a bath" }, { role, issuer: "ash", ttlMs: TTL });
const at = (second: number, ...requests: readonly ReturnType<typeof wish>[]): Moment => ({
  at: s(second),
  requests,
});
const quiet = (from: number, to: number): Moment[] =>
  Array.from({ length: Math.ceil((to - from) / 40) }, (_, tick) => ({ at: s(from + tick * 40) }));

const changed = (keys: object): SiteModel =>
  hamlet((site) => {
    const assets = site.assets as Record<string, object>;
    return { ...site, assets: { ...assets, "heater-a": { ...assets["heater-a"], ...keys } } };
  });

function told(model: SiteModel, moments: readonly Moment[]): string {
  const { decisions, steps } = run(model, moments, { given: CALM, memory: settledMemory(model) });
  const words = steps
    .flatMap(({ answers }) => answers)
    .map(({ outcome, reason }) => `${outcome} ${reason.code}`)
    .join(", ");
  return `${words} | ${story(decisions.filter(({ asset }) => asset === "heater-a"))}`;
}

const ACCEPTED = "accepted answer-accepted";
const ROWS: readonly [sentence: string, keys: object, moments: readonly Moment[], then: string][] = [
  [
    "a program does not undo what a person wished",
    {},
    [at(3, wish("member", true)), ...quiet(20, 60), at(70, wish("planner", false)), ...quiet(80, 200)],
    `${ACCEPTED}, refused answer-person | `,
  ],
  [
    "it may when that has ended",
    {},
    [at(3, wish("member", true)), ...quiet(20, 600), at(620, wish("planner", false)), ...quiet(630, 700)],
    `${ACCEPTED}, ${ACCEPTED} | heater-a off (requested-off)`,
  ],
  [
    "it may wish the same",
    {},
    [at(3, wish("member", false)), at(70, wish("planner", false)), ...quiet(80, 200)],
    `${ACCEPTED}, ${ACCEPTED} | heater-a off (requested-off)`,
  ],
  [
    "wishing the same does not make the person's wish its own",
    {},
    [
      at(3, wish("member", true)),
      at(70, wish("planner", true)),
      ...quiet(80, 100),
      at(110, wish("planner", false)),
      ...quiet(120, 200),
    ],
    `${ACCEPTED}, ${ACCEPTED}, refused answer-person | `,
  ],
  [
    "a person undoes what a program wished",
    { rating: "400 VA" },
    [at(3, wish("planner", false)), ...quiet(20, 400), at(420, wish("member", true)), ...quiet(430, 700)],
    `${ACCEPTED}, ${ACCEPTED} | heater-a off (requested-off), heater-a on (requested-on)`,
  ],
  [
    "what a person must start at its place is not started by a program",
    { rearm: "local" },
    [at(3, wish("technician", false)), ...quiet(20, 640), at(650, wish("planner", true)), ...quiet(660, 800)],
    `${ACCEPTED}, refused waiting-local | heater-a off (requested-off)`,
  ],
  [
    "but by a person's wish",
    { rearm: "local", rating: "400 VA" },
    [
      at(3, wish("technician", false)),
      ...quiet(20, 640),
      at(650, wish("technician", true)),
      ...quiet(660, 800),
    ],
    `${ACCEPTED}, ${ACCEPTED} | heater-a off (requested-off), heater-a on (requested-on)`,
  ],
  [
    "a start permit of the queue starts it: somebody asked for its job",
    { kind: "machine", rearm: "local", runs: "permit", rating: "400 VA" },
    [at(3, wish("technician", false)), ...quiet(20, 640), at(650, wish("planner", true)), ...quiet(660, 800)],
    `${ACCEPTED}, ${ACCEPTED} | heater-a off (requested-off), heater-a on (requested-on)`,
  ],
  [
    "a flow that asks for the same machine does not",
    { kind: "machine", rearm: "local", runs: "permit", rating: "400 VA" },
    [at(3, wish("technician", false)), ...quiet(20, 640), at(650, wish("flow", true)), ...quiet(660, 800)],
    `${ACCEPTED}, refused waiting-local | heater-a off (requested-off)`,
  ],
];

describe("who asks", () => {
  for (const [sentence, keys, moments, then] of ROWS)
    it(sentence, () => assert.equal(told(changed(keys), moments), then));
});
