import assert from "node:assert/strict";
import { test } from "node:test";
import { keptBeside } from "./kept-beside.ts";

test("what follows from an object is worked out once for it, also where it is false", () => {
  let built = 0;
  const isLong = keptBeside(({ text }: { readonly text: string }) => {
    built += 1;
    return text.length > 4;
  });
  const [short, long] = [{ text: "sun" }, { text: "battery" }];
  assert.deepEqual([isLong(short), isLong(long), isLong(short), isLong(long)], [false, true, false, true]);
  assert.equal(built, 2);
});

test("and once for the part that it is kept beside", () => {
  let built = 0;
  const model = { name: "hamlet" };
  const first = keptBeside(
    ({ at }: { readonly at: number; readonly model: object }) => {
      built += 1;
      return at;
    },
    (from) => from.model,
  );
  assert.deepEqual([first({ at: 7, model }), first({ at: 9, model })], [7, 7]);
  assert.deepEqual([first({ at: 9, model: { name: "mill" } }), built], [9, 2]);
});
