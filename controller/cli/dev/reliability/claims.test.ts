// Each claim is proved by tests that exist, and its figure was seen; no line is red. And what a claim's figure is made of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../root.ts";
import { after, type Claim, stateOf } from "./claim.ts";
import { CLAIMS } from "./claims.ts";
import { keptFigures } from "./keep.ts";

for (const claim of CLAIMS) {
  test(`${claim.id}: its tests exist, and tell its figure`, () => {
    const proofs = [...claim.quick, ...(claim.long ?? [])];
    assert.ok(claim.quick.length > 0, "nothing in npm test proves it");
    for (const { file, test: name } of proofs) {
      const text = readFileSync(join(ROOT, file), "utf8");
      assert.ok(text.includes(name), `${file} has no test «${name}»`);
    }
    const told = proofs.map(({ file }) => readFileSync(join(ROOT, file), "utf8"));
    assert.ok(
      told.some((text) => text.includes(`figure("${claim.id}"`)),
      "no test of it tells its figure",
    );
    for (const { file } of claim.long ?? []) assert.match(file, /^tests\/long\//);
  });
  test(`${claim.id}: its figure was seen and nothing of it is red`, () => {
    const { figure, red } = stateOf(claim, keptFigures());
    assert.deepEqual(red, []);
    assert.notEqual(figure, undefined, "run its tests, then npm run reliability");
  });
}

test("no two claims have one name", () =>
  assert.equal(new Set(CLAIMS.map(({ id }) => id)).size, CLAIMS.length));

test("every requirement R1 to R18 has a claim", () => {
  const ids = CLAIMS.map(({ id }) => id).filter((id) => /^R\d+$/.test(id));
  assert.deepEqual(
    ids,
    Array.from({ length: 18 }, (_, index) => `R${index + 1}`),
  );
});

const claim: Claim = {
  ...{ id: "flood", says: "", goal: "", figure: "{sent} sent, {late} ms late" },
  quick: [
    { file: "a", test: "" },
    { file: "b", test: "" },
  ],
  long: [{ file: "c", test: "" }],
};
const run = (file: string, values: Record<string, number>, passed = true) =>
  ({ file, passed, lines: [{ claim: "flood", values }], day: `2026-11-0${file === "a" ? 1 : 2}` }) as const;

test("a figure is put together from its files, a longer form's before a quick one's, and is as old as its oldest part", () => {
  const one = after({}, [claim], run("a", { sent: 1_700 }));
  assert.equal(stateOf(claim, one).figure, undefined);
  const two = after(one, [claim], run("b", { late: 13 }));
  assert.deepEqual(stateOf(claim, two), {
    ...{ figure: "1,700 sent, 13 ms late", isReached: true, red: [], day: "2026-11-01" },
  });
  const three = after(two, [claim], run("c", { sent: 90_000 }));
  assert.equal(stateOf(claim, three).figure, "90,000 sent, 13 ms late");
});

test("a file that fails makes the claim red until it passes again", () => {
  const good = after({}, [claim], run("a", { sent: 3, late: 5 }));
  const bad = after(good, [claim], run("a", {}, false));
  assert.deepEqual(stateOf(claim, bad), { figure: undefined, isReached: true, red: ["a"], day: undefined });
  assert.deepEqual(stateOf(claim, after(bad, [claim], run("a", { sent: 3, late: 5 }))).red, []);
});

test("a figure that is less than its goal needs, or more than it may be, is told as less", () => {
  const seen = after(after({}, [claim], run("a", { sent: 1_700 })), [claim], run("b", { late: 13 }));
  //  least, most, reached
  const rows: readonly [Claim["least"], Claim["most"], boolean][] = [
    [{ sent: 1_700 }, { late: 13 }, true],
    [{ sent: 1_701 }, {}, false],
    [{}, { late: 12 }, false],
    [{ received: 3 }, {}, false],
  ];
  for (const [least = {}, most = {}, then] of rows)
    assert.equal(stateOf({ ...claim, least, most }, seen).isReached, then);
});

test("a file that belongs to no claim changes nothing", () => {
  const figures = after({}, [claim], run("a", { sent: 3 }));
  assert.equal(JSON.stringify(after(figures, [claim], run("z", {}, false))), JSON.stringify(figures));
});
