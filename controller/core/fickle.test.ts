import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hamlet } from "./fixtures/hamlet.ts";
import { s } from "./fixtures/moments.ts";
import { type Moment, type Run, run, story } from "./fixtures/scene.ts";

const SOCKETS = "relays/relay_4";
type Turn = readonly [second: number, on: boolean];
/** The switch is found as said, and nothing else happens; a tick each half minute. */
const found = (turns: readonly Turn[], until: number): Moment[] => {
  const seconds = [...Array(Math.ceil(until / 30)).keys()].map((place) => place * 30);
  const all = new Set([...seconds, ...turns.flatMap(([second]) => [second, second + 1])]);
  return [...all]
    .sort((a, b) => a - b)
    .map((second) => {
      const turn = turns.find(([at]) => at === second);
      return turn === undefined ? { at: s(second) } : { at: s(second), given: { [SOCKETS]: turn[1] } };
    });
};
/** Off, on, and so on: so many turns, so many seconds apart. */
const turns = (count: number, apart: number): Turn[] =>
  Array.from({ length: count }, (_, turn) => [(turn + 1) * apart, turn % 2 === 1]);
const told = ({ last }: Run): string[] =>
  last.conditions.map(({ id }) => id).filter((id) => id.startsWith("relay-fickle"));
const byHand = ({ decisions }: Run): number =>
  decisions.filter(({ reason }) => reason.code === "override-by-hand").length;

describe("a switch that is turned again and again", () => {
  const TABLE: readonly (readonly [string, readonly Turn[], number, readonly string[]])[] = [
    ["four turns may be a person's", turns(4, 20), 4, []],
    [
      "of more than four in a row none further is followed, and people are told",
      turns(9, 20),
      4,
      ["relay-fickle/sockets"],
    ],
    ["turns with ten minutes between them are each a person's", turns(9, 601), 9, []],
  ];
  for (const [sentence, each, followed, conditions] of TABLE)
    it(sentence, () => {
      const after = run(hamlet(), found(each, (each.at(-1)?.[0] ?? 0) + 40));
      assert.deepEqual([byHand(after), told(after)], [followed, conditions]);
    });

  it("is left as its load is by itself, and believed again when it was calm for as long as a hand is respected", () => {
    const calm: Turn[] = [...turns(9, 20), [400, true]];
    const after = run(hamlet(), found(calm, 2_300));
    assert.deepEqual(told(after), []);
    assert.equal(after.last.desired.find(({ asset }) => asset === "sockets")?.rule, "default");
    const again = run(hamlet(), found([...calm, [2_302, false]], 2_400));
    assert.match(story(again.decisions), /sockets off \(override-by-hand\)$/);
  });

  it("what people close themselves does not use up the closings that ours may do", () => {
    const { last } = run(hamlet(), found(turns(4, 20), 90));
    assert.deepEqual([last.memory.switched.sockets?.closings, last.memory.switched.sockets?.life], [[], 2]);
  });
});
