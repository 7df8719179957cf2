import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision, RuleName } from "@gridwright/contract/decision.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import { epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import {
  type FlowsWatching,
  flowsWatchLeft,
  judgeFlows,
  watchingFrom,
  wayBack,
  withAnswer,
  withAsked,
  withDecision,
  withLife,
} from "./flows-watch.ts";

const SINCE = mono(7_000);
const after = (seconds: number): Mono => mono(SINCE + seconds * 1_000);
const MINUTE = 60;

type Happens = (watching: FlowsWatching) => FlowsWatching;
const life =
  (safe = false): Happens =>
  (watching) =>
    withLife(watching, safe);
const answered =
  (code: ReasonCode, times: number, outcome: "refused" | "clipped" = "refused"): Happens =>
  (watching) =>
    Array.from({ length: times }).reduce<FlowsWatching>(
      (so) => withAnswer(so, { id: "request-3", issuer: "services", outcome, reason: { code, params: {} } }),
      watching,
    );
const asks =
  (asset: string, on = true): Happens =>
  (watching) =>
    withAsked(watching, { kind: "switch", asset, on, why: "sun" });
const takesBack =
  (asset: string): Happens =>
  (watching) =>
    withAsked(watching, { kind: "withdraw", asset, why: "done" });
/** `second`: of plant time. */
const decided =
  (
    rule: RuleName,
    code: ReasonCode,
    { asset, on, second }: { asset: string; on: boolean; second: number },
  ): Happens =>
  (watching) =>
    withDecision(watching, {
      ...{ asset, rule, set: { kind: "switch", on }, reason: { code, params: {} } },
      ...{ until: { code: "until-request-ends", params: {} }, inputs: [], considered: [] },
      at: epoch(1_760_000_000_000 + second * 1_000),
    } as Decision);
const comesOn = (asset: string, second: number) =>
  decided("requests", "flow-on", { asset, on: true, second });
const goesOff = (asset: string, second: number, rule: RuleName = "overload") =>
  decided(rule, "overload-budget", { asset, on: false, second });

//  what happens after the deploy, seconds after it, seconds since the last sign of life, and what is said of it
const table: readonly (readonly [string, readonly Happens[], number, number | undefined, string])[] = [
  ["quiet: it is watched", [], 14 * MINUTE, 2, "watched"],
  ["quiet for its whole time: it has proved itself", [], 15 * MINUTE, 2, "good"],
  ["a crash can befall anybody", [life(), life()], 5 * MINUTE, 2, "watched"],
  ["three lives in its time are a crash loop", [life(), life(), life()], 5 * MINUTE, 2, "crash-loop"],
  ["one that had to start without flows too", [life(true)], 2 * MINUTE, 2, "crash-loop"],
  ["a start takes its time", [], 3 * MINUTE, 30, "watched"],
  ["a process that says nothing any more is in trouble", [], 3 * MINUTE, 31, "silent"],
  ["a silence from before its deploy is not its own", [], 20, 50, "watched"],
  ["what was never heard is not judged by its silence", [], 3 * MINUTE, undefined, "watched"],
  ["fifty refusals are borne", [answered("waiting-room", 50)], 4 * MINUTE, 2, "watched"],
  ["more are not", [answered("waiting-room", 51)], 4 * MINUTE, 2, "refused"],
  [
    "what was taken in part is no refusal",
    [answered("waiting-turn", 70, "clipped")],
    4 * MINUTE,
    2,
    "watched",
  ],
  [
    "to yield to people is no fault",
    [answered("answer-person-first", 60), answered("answer-held", 60)],
    4 * MINUTE,
    2,
    "watched",
  ],
  [
    "a protection right after a load came on for it was caused by it",
    [asks("heater"), comesOn("heater", 40), goesOff("oven", 70)],
    MINUTE,
    2,
    "protection",
  ],
  [
    "also at the last second",
    [asks("heater"), comesOn("heater", 40), goesOff("heater", 100, "battery-limits")],
    2 * MINUTE,
    2,
    "protection",
  ],
  [
    "a later one has causes of its own",
    [asks("heater"), comesOn("heater", 40), goesOff("oven", 101)],
    2 * MINUTE,
    2,
    "watched",
  ],
  [
    "one before it as well",
    [goesOff("oven", 39), asks("heater"), comesOn("heater", 40)],
    MINUTE,
    2,
    "watched",
  ],
  [
    "to save energy is no protection",
    [asks("heater"), comesOn("heater", 40), goesOff("oven", 70, "ladder")],
    MINUTE,
    2,
    "watched",
  ],
  [
    "nor is a load that a protection lets come on",
    [
      asks("heater"),
      comesOn("heater", 40),
      decided("overload", "restored", { asset: "oven", on: true, second: 50 }),
    ],
    MINUTE,
    2,
    "watched",
  ],
  [
    "what another Node-RED asked is not its fault",
    [comesOn("heater", 40), goesOff("oven", 70)],
    MINUTE,
    2,
    "watched",
  ],
  [
    "nor what it asked to stand, or took back",
    [asks("heater", false), takesBack("heater"), comesOn("heater", 40), goesOff("oven", 70)],
    MINUTE,
    2,
    "watched",
  ],
  [
    "trouble in its last second is trouble",
    [asks("heater"), comesOn("heater", 40), goesOff("oven", 70)],
    15 * MINUTE,
    2,
    "protection",
  ],
];

describe("what is deployed is judged for a while", () => {
  for (const [sentence, happens, seconds, silent, expected] of table)
    it(sentence, () => {
      const watching = happens.reduce((so, one) => one(so), watchingFrom({ version: 7, by: "ash" }, SINCE));
      const heardAt = silent === undefined ? undefined : after(seconds - silent);
      assert.equal(judgeFlows(watching, { now: after(seconds), heardAt }), expected);
    });

  it("tells how long it is still watched", () => {
    const watching = watchingFrom({ version: 7, by: "ash" }, SINCE);
    assert.deepEqual(
      [flowsWatchLeft(watching, after(240)), flowsWatchLeft(watching, after(5_000))],
      [660_000, 0],
    );
  });
});

//  who deployed what failed, the last that proved itself, and what comes back
const ways: readonly (readonly [string, string, number | null, number | null])[] = [
  ["a person's version gives way to the last that proved itself", "ash", 4, 4],
  ["where none did, no flow runs", "ash", null, null],
  ["what was brought back and fails is not tried again", "gridwright", 4, null],
  ["nor does a version give way to itself", "ash", 7, null],
];
describe("what comes back in its stead", () => {
  for (const [sentence, by, good, expected] of ways)
    it(sentence, () => assert.equal(wayBack({ version: 7, by }, good), expected));
});
