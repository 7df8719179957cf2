import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Request } from "@gridwright/contract/request.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { ask, type Given, longCrossed, run, SETTLED } from "./fixtures/scene.ts";

const MODEL = hamlet();
const wish = (asset: string, on: boolean) => ({ kind: "switch" as const, asset, on, why: "because" });
const hold = (asset: string) => ({ kind: "hold" as const, asset, why: "leaking" });
const clear = (asset: string) => ({ kind: "clear-hold" as const, asset, why: "dry" });
const counted = { kind: "use" as const, machine: "saw", runMs: 7_200_000, starts: 9, care: [] };
const twice = ask(wish("pump", false));

describe("each request gets one answer", () => {
  const low = { "battery/soc": 0.41 } as const;
  const table: readonly (readonly [
    sentence: string,
    requests: readonly Request[],
    then: string,
    given?: Given,
  ])[] = [
    ["a wish to switch off is taken", [ask(wish("pump", false))], "accepted answer-accepted"],
    ["a wish for what has supply is taken", [ask(wish("pump", true))], "accepted answer-accepted"],
    ["a wish that came twice acts once", [twice, twice], "accepted answer-accepted, refused answer-replayed"],
    [
      "a wish while supply is short is refused with what stands against it",
      [ask(wish("heater-a", true))],
      "refused ladder-soc",
      low,
    ],
    ["tier 0 is never switched off", [ask(wish("lamps", false))], "refused skipped-tier-zero"],
    ["not even held", [ask(hold("lamps"))], "refused skipped-tier-zero"],
    ["what feeds the controller is never written", [ask(hold("router"))], "refused skipped-floor"],
    ["what has no switch cannot be wished for", [ask(wish("village", false))], "refused answer-no-switch"],
    ["a member starts no diesel set", [ask(wish("genset", true), { role: "member" })], "refused answer-role"],
    ["what is not there is said to be so", [ask(wish("sauna", true))], "refused answer-unknown-asset"],
    [
      "a member switches their own",
      [ask(wish("heater-a", false), { role: "member" })],
      "accepted answer-accepted",
    ],
    ["and what belongs to all", [ask(wish("pump", false), { role: "member" })], "accepted answer-accepted"],
    ["but not a neighbour's", [ask(wish("heater-b", false), { role: "member" })], "refused answer-role"],
    [
      "services ask for the house that they name",
      [ask(wish("heater-a", false), { role: "member", issuer: "services", member: "ash" })],
      "accepted answer-accepted",
    ],
    [
      "and for no other",
      [ask(wish("heater-a", false), { role: "member", issuer: "ash", member: "birch" })],
      "refused answer-role",
    ],
    ["a viewer switches nothing", [ask(wish("pump", false), { role: "viewer" })], "refused answer-role"],
    [
      "another community switches nothing",
      [ask(wish("pump", false), { role: "neighbour" })],
      "refused answer-role",
    ],
    ["anyone with a part in it may hold", [ask(hold("pump"), { role: "flow" })], "accepted answer-accepted"],
    [
      "a hold is ended by a technician only",
      [ask(clear("pump"), { role: "planner" })],
      "refused answer-role",
    ],
    [
      "what is held is not switched on",
      [ask(hold("pump")), ask(wish("pump", true))],
      "accepted answer-accepted, refused answer-held",
    ],
    [
      "an alarm is acknowledged",
      [ask({ kind: "acknowledge", alarm: "grid-lost" })],
      "accepted answer-accepted",
    ],
    [
      "what the workshop counted is taken from the planner's side",
      [ask(counted, { role: "planner" })],
      "accepted answer-accepted",
    ],
    ["and from nobody else", [ask(counted, { role: "technician" })], "refused answer-role"],
  ];
  for (const [sentence, requests, then, given = {}] of table)
    it(sentence, () => {
      const { last } = run(
        MODEL,
        [
          { at: SETTLED, given },
          { at: SETTLED + 900, requests },
        ],
        { memory: longCrossed(MODEL) },
      );
      const text = (id: string) =>
        last.answers
          .filter((answer) => answer.id === id)
          .map(({ outcome, reason }) => `${outcome} ${reason.code}`);
      const ids = [...new Set(requests.map(({ id }) => id))];
      assert.equal(ids.flatMap(text).toSorted().join(", "), then);
    });

  const RULED = hamlet(({ assets, ...site }) => ({
    ...site,
    assets: {
      ...assets,
      saw: { ...(assets as Record<string, object>).saw, training: "90 d", runs: "permit", onSilence: "off" },
    },
  }));
  const byRole = { admin: "", technician: "", planner: "", member: "answer-queue", flow: "answer-queue" };
  for (const [role, then] of Object.entries(byRole))
    it(`a ${role} ${then === "" ? "may start" : "does not start"} a machine whose users must be trained past the queue`, () => {
      const requests = [ask(wish("saw", true), { role: role as "member" })];
      const { last } = run(RULED, [{ at: SETTLED }, { at: SETTLED + 900, requests }]);
      const codes = last.answers.map(({ reason }) => reason.code).filter((code) => code === "answer-queue");
      assert.deepEqual(codes, then === "" ? [] : [then]);
    });

  it("in the controller's first seconds a wish is taken for later", () => {
    const memory = { ...run(MODEL, [{ at: SETTLED }]).last.memory, startedAt: (SETTLED - 3_000) as never };
    const { last } = run(MODEL, [{ at: SETTLED + 900, requests: [ask(wish("pump", false))] }], { memory });
    assert.deepEqual(
      last.answers.map(({ outcome, reason }) => `${outcome} ${reason.code}`),
      ["clipped starting-up"],
    );
  });
  it("an id that was seen is known later too", () => {
    const { steps } = run(MODEL, [
      { at: SETTLED, requests: [twice] },
      { at: SETTLED + 900, requests: [twice] },
    ]);
    assert.equal(steps[1]?.answers[0]?.reason.code, "answer-replayed");
  });
});
