import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createCrashCount, FAST_MS } from "./crash-count.ts";

/** Lives of these lengths one after another; gives whether the next one is without flows. */
function afterLives(lengths: readonly number[], deployedAfter = Number.POSITIVE_INFINITY) {
  let version = "000001.json";
  let now = 0;
  const count = createCrashCount(() => version);
  for (const [place, length] of lengths.entries()) {
    if (place === deployedAfter) version = "000002.json";
    count.began(now);
    now += length;
    count.ended(now);
  }
  const deploy = (next: string): void => {
    version = next;
  };
  return { count, deploy };
}
const SOON = FAST_MS - 1;

describe("crashes of what is deployed", () => {
  test("five in a row, each soon after the start, and the next life is without flows", () => {
    assert.equal(afterLives([SOON, SOON, SOON, SOON]).count.safe, false);
    assert.equal(afterLives([SOON, SOON, SOON, SOON, SOON]).count.safe, true);
  });
  test("a long life between begins the count anew", () => {
    assert.equal(afterLives([SOON, SOON, SOON, SOON, FAST_MS, SOON]).count.safe, false);
    assert.equal(afterLives([SOON, FAST_MS, SOON, SOON, SOON, SOON, SOON]).count.safe, true);
  });
  test("a life without flows, however long, does not clear them", () => {
    assert.equal(afterLives([SOON, SOON, SOON, SOON, SOON, 10 * FAST_MS]).count.safe, true);
  });
  test("another version is tried with its flows at once, and counted from nought", () => {
    const { count, deploy } = afterLives([SOON, SOON, SOON, SOON, SOON]);
    deploy("000002.json");
    assert.equal(count.safe, false);
    assert.equal(afterLives([SOON, SOON, SOON, SOON, SOON, SOON], 5).count.safe, false);
  });
});
