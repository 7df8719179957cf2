// An exception that nobody catches, in control, again and again: it ends with the bug in its log, relays stay as they are, and
// a new one takes over what it knew.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import { figure } from "../tools/figure.ts";
import { throwIn } from "../tools/throw-in.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const TIMES = 3;
const LAST_WORD_MS = 50;
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
/** Plant time of the newest tick that the page heard. */
const told = async (): Promise<number> => (await village.api<ApiState>("/api/v1/state")).t ?? 0;

/** From the exception on, ms: until the process is gone, and until the page hears that a new one decides. */
interface Restart {
  readonly goneMs: number;
  readonly decidesMs: number;
}

async function thrownIn(time: number): Promise<Restart> {
  const old = village.processes().control.pid;
  const held = await supplied();
  const lost = new Set<string>();
  await throwIn(old);
  const begun = performance.now();
  const since = (): number => Math.round(performance.now() - begun);
  await until("control is gone", () => saidTimes("control ended (exit code 70)") === time, WITHIN);
  const goneMs = since();
  // What the old one said last may still be on its way; a new one is not there that soon.
  await wait(LAST_WORD_MS);
  const from = await told();
  await until(
    "a new one decides",
    async () => {
      const now = await supplied();
      for (const id of held) if (!now.includes(id)) lost.add(id);
      return (await told()) > from;
    },
    WITHIN,
  );
  const decidesMs = since();
  assert.notEqual(village.processes().control.pid, old);
  assert.deepEqual([...lost], [], "a load lost its supply while control was away");
  assert.equal(saidTimes("Error: a bug, on purpose"), time, "the log names the bug");
  return { goneMs, decidesMs };
}

describe("an uncaught exception in control", () => {
  it("ends it; relays hold, and a new one takes over each time", async () => {
    const took: Restart[] = [];
    for (let time = 1; time <= TIMES; time += 1) {
      await until("control runs", () => saidTimes("taken over from the journal") === time, WITHIN);
      took.push(await thrownIn(time));
    }
    const decides = took.map(({ decidesMs }) => decidesMs);
    figure("R18", {
      ...{ times: took.length, goneMs: Math.max(...took.map(({ goneMs }) => goneMs)) },
      ...{ quickestMs: Math.min(...decides), slowestMs: Math.max(...decides) },
    });
  });
});
