// An exception that nobody catches, in control, again and again: it ends with the bug in its log, relays stay as they are, and
// a new one takes over what it knew.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { figure } from "../tools/figure.ts";
import { throwIn } from "../tools/throw-in.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const TIMES = 3;
const WITHIN = { withinMs: 60_000, everyMs: 20 };
let village: Village;

before(async () => {
  village = await startVillage({ speed: 1 });
});
after(() => village?.stop());

type Relays = Readonly<Record<string, { readonly supplied: boolean }>>;
const supplied = async (): Promise<readonly string[]> => {
  const { relays } = (await village.twin({ query: [] })) as { relays: Relays };
  return Object.keys(relays).filter((id) => relays[id]?.supplied === true);
};
const saidTimes = (words: string): number => village.terminal.filter((line) => line.includes(words)).length;

describe("an uncaught exception in control", () => {
  it("ends it; relays hold, and a new one takes over each time", async () => {
    const took: number[] = [];
    for (let time = 1; time <= TIMES; time += 1) {
      await until("control runs", () => saidTimes("taken over from the journal") === time, WITHIN);
      const held = await supplied();
      const old = village.processes().control.pid;
      const lost = new Set<string>();
      await throwIn(old);
      const begun = performance.now();
      await until(
        "a new one runs",
        async () => {
          const now = await supplied();
          for (const id of held) if (!now.includes(id)) lost.add(id);
          return village.processes().control.pid !== old;
        },
        WITHIN,
      );
      took.push(Math.round(performance.now() - begun));
      assert.deepEqual([...lost], [], "a load lost its supply while control was away");
      assert.equal(saidTimes("Error: a bug, on purpose"), time, "the log names the bug");
    }
    await until("the last one takes over", () => saidTimes("taken over from the journal") > TIMES, WITHIN);
    figure("R18", { times: took.length, quickestMs: Math.min(...took), slowestMs: Math.max(...took) });
  });
});
