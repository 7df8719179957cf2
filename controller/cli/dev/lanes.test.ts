import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { idleMeter, lanes } from "./lanes.ts";

/** Lanes whose processors and time are told by the test, and files that end when it says so. */
function bench(most?: number) {
  let idle = 0;
  let look: (() => void) | undefined;
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const lane = lanes({
    ...(most === undefined ? {} : { most }),
    idle: () => idle,
    every: (given) => {
      look = given;
      return () => {
        look = undefined;
      };
    },
  });
  return {
    begun,
    ask: (...names: readonly string[]) =>
      names.map((name) =>
        lane(() => {
          begun.push(name);
          return new Promise<void>((end) => ends.set(name, end));
        }),
      ),
    async end(name: string) {
      ends.get(name)?.();
      await settled();
    },
    async looked(share: number) {
      idle = share;
      look?.();
      await settled();
    },
    isLooking: () => look !== undefined,
  };
}

describe("lanes", () => {
  it("two files at once, in order, while the processors work", async () => {
    const { ask, begun, end, looked } = bench();
    ask("a", "b", "c", "d");
    await settled();
    await looked(0.24);
    assert.deepEqual(begun, ["a", "b"]);
    await end("b");
    assert.deepEqual(begun, ["a", "b", "c"]);
  });

  it("one more at each look that finds them idle, four at most; back to two when they are not", async () => {
    const { ask, begun, end, looked } = bench();
    ask("a", "b", "c", "d", "e", "f");
    await settled();
    await looked(0.25);
    assert.equal(begun.length, 3);
    await looked(0.25);
    await looked(0.25);
    assert.deepEqual(begun, ["a", "b", "c", "d"]);
    await end("a");
    await end("b");
    await looked(0);
    assert.equal(begun.length, 4);
    await end("c");
    assert.deepEqual(begun, ["a", "b", "c", "d", "e"]);
  });

  it("no more than two where two are the most", async () => {
    const { ask, begun, looked } = bench(2);
    ask("a", "b", "c");
    await settled();
    await looked(1);
    assert.deepEqual(begun, ["a", "b"]);
  });

  it("a file that fails leaves its lane; with the last one the looking ends", async () => {
    const { isLooking } = bench();
    assert.equal(isLooking(), false);
    const lane = lanes({ idle: () => 0, every: () => () => undefined });
    await assert.rejects(
      lane(() => Promise.reject(new Error("red"))),
      /red/,
    );
    const one = bench();
    const asked = one.ask("a");
    await settled();
    assert.equal(one.isLooking(), true);
    await one.end("a");
    await Promise.all(asked);
    assert.equal(one.isLooking(), false);
  });
});

it("the idle share is that of all processors since the last look; what yields to everybody counts as idle", () => {
  let [idle, user, nice] = [100, 100, 100];
  const meter = idleMeter(() => [
    { model: "", speed: 0, times: { user, nice, sys: 0, irq: 0, idle } },
    { model: "", speed: 0, times: { user: 2 * user, nice: 0, sys: 0, irq: 0, idle } },
  ]);
  meter();
  idle += 20;
  nice += 20;
  user += 10;
  assert.equal(meter(), 60 / 90);
  assert.equal(meter(), 0);
});
