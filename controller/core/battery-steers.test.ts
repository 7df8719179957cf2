import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request, Role } from "@gridwright/contract/request.ts";
import { s } from "./fixtures/moments.ts";
import { CLOUDY, flows, quay } from "./fixtures/quay.ts";
import { ask, type Given, type Moment, run, settledMemory } from "./fixtures/scene.ts";

const MODEL = quay();
const steer = (asset: string, share: number, { role = "flow" as Role, ttlMs = 300_000 } = {}): Request =>
  ask({ kind: "setpoint", asset, share, why: "the night is cheap" }, { role, ttlMs, issuer: "alder" });
const back = ask({ kind: "withdraw", asset: "battery-a", why: "done" }, { role: "flow" });
const lost = ask({ kind: "flows", alive: false, why: "no sign of life" }, { role: "flow" });
const at = (second: number, given: Given, ...requests: Request[]): Moment => ({
  at: s(second),
  given,
  requests,
});
const ISLAND: Given = { "line/grid_present": false };

/** W that both batteries are told after each moment, and the answers. */
function told(moments: readonly Moment[]) {
  const { steps } = run(MODEL, moments, { given: CLOUDY, memory: settledMemory(MODEL, CLOUDY) });
  const watts = steps.map(({ desired }) =>
    [
      ["battery-a", 5_000],
      ["battery-b", 4_000],
    ]
      .map(([id, power]) => {
        const set = desired.find(({ asset }) => asset === id)?.set;
        return set?.kind === "setpoint" ? Math.round(set.share * Number(power)) : "?";
      })
      .join(" "),
  );
  return {
    watts,
    answers: steps.flatMap(({ answers }) =>
      answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`),
    ),
  };
}

const IMPORTS = flows([900, 700, 400]);
const OK = "accepted answer-accepted";
//  what happens, what both are told after each moment, and the answers
const table: readonly (readonly [string, Moment[], string[], string[]])[] = [
  [
    "a battery takes what was asked, and no other gives meanwhile",
    [at(0, IMPORTS), at(5, IMPORTS, steer("battery-a", -0.4))],
    ["1150 800", "-2000 0"],
    [OK],
  ],
  [
    "it gives what was asked, and no other takes meanwhile",
    [at(0, flows([-900, -1_100, -400])), at(5, flows([-900, -1_100, -400]), steer("battery-a", 0.2))],
    ["-1750 -600", "1000 0"],
    [OK],
  ],
  [
    "the connection bears the rest: nine tenths of what was agreed to be taken",
    [at(5, flows([2_500, 2_300, 2_200]), steer("battery-a", -0.9))],
    ["-1100 0"],
    ["clipped answer-battery-room"],
  ],
  [
    "nor more than the battery allows",
    [at(5, { ...IMPORTS, "store-a/charge_current_limit": 20 }, steer("battery-a", -0.9))],
    ["-900 0"],
    ["clipped answer-battery-room"],
  ],
  [
    "with its time the batteries share again",
    [at(5, IMPORTS, steer("battery-a", -0.4, { ttlMs: 20_000 })), at(26, IMPORTS)],
    ["-2000 0", "1150 800"],
    [OK],
  ],
  [
    "and when it is taken back",
    [at(5, IMPORTS, steer("battery-a", -0.4)), at(11, IMPORTS, back)],
    ["-2000 0", "1150 800"],
    [OK, OK],
  ],
  [
    "and when the process of the flows is lost",
    [at(5, IMPORTS, steer("battery-a", -0.4)), at(11, IMPORTS, lost)],
    ["-2000 0", "1150 800"],
    [OK, OK],
  ],
  [
    "a flow waits for what a technician asked",
    [
      at(5, IMPORTS, steer("battery-a", -0.2, { role: "technician" })),
      at(7, IMPORTS, steer("battery-a", 0.5)),
    ],
    ["-1000 0", "-1000 0"],
    [OK, "refused answer-person-first"],
  ],
  [
    "without the grid loads alone decide",
    [at(5, ISLAND, steer("battery-a", -0.4))],
    ["0 0"],
    ["refused answer-no-grid"],
  ],
  [
    "a load is no battery, and a member may not ask",
    [at(5, IMPORTS, steer("crane", 0.3), steer("battery-a", 0.3, { role: "member" }))],
    ["1150 800"],
    ["refused answer-no-setpoint", "refused answer-role"],
  ],
];

describe("what a battery is asked to give or take", () => {
  for (const [sentence, moments, watts, answers] of table)
    it(sentence, () => assert.deepEqual(told(moments), { watts, answers }));
});
