import assert from "node:assert/strict";
import { it } from "node:test";
import type { Sample } from "@gridwright/contract/ports.ts";
import { Liar } from "./liar.ts";
import type { DeviceMode } from "./trouble.ts";

const at = (value: number): readonly Sample[] => [
  { point: "power", value },
  { point: "relay_3", value: true },
];
const firstOf = ([first]: readonly Sample[]): unknown => first && "value" in first && first.value;

/** Says 700, 710, … at 2, 4, … s, well until 20 s, then with the fault. */
function toldBy(mode: DeviceMode): readonly unknown[] {
  const liar = new Liar("pump-meter", { seed: 5, modes: [mode] });
  const said: unknown[] = [];
  for (let second = 2; second <= 32; second += 2) {
    if (second > 20) liar.mode = mode;
    const samples = liar.says("pump-meter:normal", second * 1_000, at(700 + second * 5));
    if (second > 26) said.push(firstOf(samples));
  }
  return said;
}

it("a device lies in its own way", () => {
  assert.deepEqual(toldBy("stuck"), [800, 800, 800], "it repeats what it said last");
  assert.deepEqual(toldBy("delayed"), [790, 800, 810], "it tells what was ten seconds ago");
  const wrong = toldBy("wrong").map((value, place) => Number(value) / (840 + place * 10));
  assert.equal(new Set(wrong.map((share) => share.toFixed(6))).size, 1, "by one factor");
  assert.notEqual(wrong[0], 1);
  assert.equal(new Set(toldBy("garbage").map(String)).size > 1, true, "no two senseless values need agree");
});

it("whether it answers, and how late", () => {
  const rows: readonly [
    DeviceMode | undefined,
    answers: (share: number) => boolean,
    late: (most: number) => boolean,
  ][] = [
    [undefined, (share) => share === 1, (most) => most === 0],
    ["off", (share) => share === 0, (most) => most === 0],
    ["intermittent", (share) => share > 0.2 && share < 0.5, (most) => most === 0],
    ["slow", (share) => share === 1, (most) => most > 1],
  ];
  for (const [mode, answers, late] of rows) {
    const liar = new Liar("saw-meter", { seed: 7, modes: [] });
    liar.mode = mode;
    const asked = Array.from({ length: 300 }, () => ({ answer: liar.answers(), late: liar.lateness() }));
    const share = asked.filter(({ answer }) => answer).length / asked.length;
    assert.ok(answers(share), `${mode} answers ${share}`);
    assert.ok(late(Math.max(...asked.map((one) => one.late))), `${mode} is late`);
  }
});
