import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request, Role } from "@gridwright/contract/request.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { ask, type Moment, run, SETTLED, story } from "./fixtures/scene.ts";

const MODEL = hamlet();
const T = SETTLED;
const later = (seconds: number): number => T + seconds * 1_000;
const flow = (asset: string, on: boolean, ttlMs = 240_000): Request =>
  ask({ kind: "switch", asset, on, why: "the tank is full" }, { role: "flow", ttlMs });
const person = (asset: string, role: Role = "member"): Request =>
  ask({ kind: "switch", asset, on: true, why: "a wash" }, { role, issuer: "ash" });
const back = (asset: string): Request => ask({ kind: "withdraw", asset, why: "done" }, { role: "flow" });
const alive = (is: boolean, role: Role = "flow"): Request =>
  ask({ kind: "flows", alive: is, why: "no sign of life" }, { role });
const takenBack = (back: number | null, role: Role = "flow"): Request =>
  ask({ kind: "flows-watch", failed: { version: 7, back, why: "refused" } }, { role });
const every = (seconds: number, count: number): Moment[] =>
  Array.from({ length: count }, (_, n) => ({ at: later((n + 1) * seconds) }));

//  what is asked when, then what is decided, and how it is answered
const table: readonly (readonly [string, readonly Moment[], string, string])[] = [
  [
    "a flow's wish ends with its ttl and the load comes back by itself",
    [{ at: T, requests: [flow("pump", false, 70_000)] }, ...every(5, 60)],
    "pump off (flow-off), pump on (restored)",
    "accepted answer-accepted",
  ],
  [
    "when the process of the flows is lost, what they asked for ends at once",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(65), requests: [alive(false)] },
      ...every(5, 40),
    ],
    "pump off (flow-off), pump on (restored)",
    "accepted answer-accepted, accepted answer-accepted",
  ],
  [
    "a flow takes back what it asked",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(65), requests: [back("pump")] },
      ...every(5, 40),
    ],
    "pump off (flow-off), pump on (restored)",
    "accepted answer-accepted, accepted answer-accepted",
  ],
  [
    "what a person asked for is not taken back by a flow, nor ended with its process",
    [
      { at: T, requests: [person("pump")] },
      { at: later(2), requests: [back("pump"), alive(false), flow("pump", false)] },
    ],
    "",
    "accepted answer-accepted, accepted answer-accepted, accepted answer-accepted, refused answer-person-first",
  ],
  [
    "a person takes a load over from a flow",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(3), requests: [flow("pump", false), person("heater-a")] },
    ],
    "pump off (flow-off)",
    "accepted answer-accepted, accepted answer-accepted, accepted answer-accepted",
  ],
  [
    "nobody else says that the flows are lost",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(65), requests: [alive(false, "admin")] },
      ...every(5, 8),
    ],
    "pump off (flow-off)",
    "accepted answer-accepted, refused answer-role",
  ],
  [
    "when what was deployed is taken back, what it asked for ends at once",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(65), requests: [takenBack(4)] },
      ...every(5, 40),
    ],
    "pump off (flow-off), pump on (restored)",
    "accepted answer-accepted, accepted answer-accepted",
  ],
  [
    "nobody else takes it back",
    [
      { at: T, requests: [flow("pump", false)] },
      { at: later(65), requests: [takenBack(4, "admin")] },
      ...every(5, 8),
    ],
    "pump off (flow-off)",
    "accepted answer-accepted, refused answer-role",
  ],
  [
    "tier 0 is not a flow's to switch off",
    [{ at: T, requests: [flow("lamps", false)] }],
    "",
    "refused skipped-tier-zero",
  ],
];

describe("a load that flows let count as less needed", () => {
  const less = (asset: string, tier: number, role: Role = "flow"): Request =>
    ask({ kind: "tier", asset, tier, why: "the harvest is in" }, { role, ttlMs: 60_000 });
  const told = (moments: readonly Moment[]) => {
    const { steps } = run(MODEL, moments);
    return {
      tiers: steps.map(({ status }) => status.pump?.tier),
      answers: steps.flatMap(({ answers }) =>
        answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`),
      ),
    };
  };
  const TIER = MODEL.assets.pump?.spec.kind === "load" ? MODEL.assets.pump.spec.tier : undefined;
  const accepted = "accepted answer-accepted";

  it("counts so for its time and no longer", () =>
    assert.deepEqual(told([{ at: T, requests: [less("pump", 4)] }, { at: later(59) }, { at: later(61) }]), {
      tiers: [4, 4, TIER],
      answers: [accepted],
    }));
  it("and no longer than the flow wants, or lives", () =>
    assert.deepEqual(
      told([
        { at: T, requests: [less("pump", 4)] },
        { at: later(5), requests: [back("pump")] },
        { at: later(9), requests: [less("pump", 4)] },
        { at: later(13), requests: [alive(false)] },
      ]),
      { tiers: [4, TIER, 4, TIER], answers: [accepted, accepted, accepted, accepted] },
    ));
  it("a flow waits for what a technician said of it", () =>
    assert.deepEqual(
      told([
        { at: T, requests: [less("pump", 4, "technician")] },
        { at: later(3), requests: [less("pump", 4)] },
      ]).answers,
      [accepted, "refused answer-person-first"],
    ));
  it("never as more, never what is needed most, and not by anybody", () =>
    assert.deepEqual(
      told([{ at: T, requests: [less("pump", 1), less("fridge", 4, "member"), less("lamps", 4)] }]).answers,
      ["refused answer-more-needed", "refused answer-role", "refused skipped-tier-zero"],
    ));
});

describe("what technicians' flows ask", () => {
  for (const [sentence, moments, decided, answered] of table)
    it(sentence, () => {
      const { decisions, steps } = run(MODEL, moments);
      const answers = steps.flatMap((step) => step.answers);
      assert.equal(story(decisions), decided);
      assert.equal(answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`).join(", "), answered);
    });

  it("the loss is told until the process is back", () => {
    const moments = [false, undefined, true].map((is, place) => ({
      at: later(place * 3),
      requests: is === undefined ? [] : [alive(is)],
    }));
    const told = run(MODEL, moments).steps.map(({ conditions }) =>
      conditions.some(({ id }) => id === "flows-lost"),
    );
    assert.deepEqual(told, [true, true, false]);
  });

  //  what is told of a version, in turn, and the alarms that stand after each
  const told: readonly (readonly [string, readonly (Request | undefined)[], readonly string[]])[] = [
    [
      "a version that was taken back is told until another one is in order",
      [takenBack(4), undefined, ask({ kind: "flows-watch", failed: null }, { role: "flow" })],
      ["alarm-flows-refused 7", "alarm-flows-refused 7", ""],
    ],
    [
      "and that none runs, where nothing is left to bring back",
      [takenBack(4), takenBack(null)],
      ["alarm-flows-refused 7", "alarm-flows-refused 7, alarm-flows-stopped 7"],
    ],
  ];
  for (const [sentence, asked, expected] of told)
    it(sentence, () => {
      const moments = asked.map((one, place) => ({
        at: later(place * 3),
        requests: one === undefined ? [] : [one],
      }));
      const alarms = run(MODEL, moments).steps.map(({ conditions }) =>
        conditions
          .filter(({ id }) => id.startsWith("flows-"))
          .map(({ reason }) => `${reason.code} ${reason.params.version}`)
          .join(", "),
      );
      assert.deepEqual(alarms, expected);
    });
});
