// The demo village at 60× while its processes are killed: loads keep their state, the story goes on, and when the
// supervisor itself dies nothing stays behind.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import { figure } from "../tools/figure.ts";
import { calmOf, movedByThemselves } from "../tools/moved-relays.ts";
import { alive } from "../tools/peers.ts";
import { throwIn } from "../tools/throw-in.ts";
import { type Processes, startVillage, until, type Village } from "../tools/village.ts";

/** A killed process must be up again within this (real) time; the machine may be busy. */
const RESTART_MS = 2_000;
const RESTART_PATIENCE_MS = 15_000;
const LAST_WORD_MS = 50;

let village: Village;
const state = (): Promise<ApiState> => village.api<ApiState>("/api/v1/state");
const pid = (name: keyof Processes): number => village.processes()[name].pid;

type Relays = Readonly<Record<string, { readonly supplied: boolean; readonly energised: boolean | null }>>;
const relays = async (): Promise<Relays> =>
  ((await village.twin({ query: [] })) as { relays: Relays }).relays;
const off = (all: Relays): readonly string[] =>
  Object.entries(all).flatMap(([id, { supplied }]) => (supplied ? [] : [id]));

before(async () => {
  village = await startVillage({ speed: 60 });
});
after(() => village.stop());

async function killed(name: keyof Processes): Promise<number> {
  const before = pid(name);
  process.kill(before, "SIGKILL");
  const back = (): boolean => pid(name) !== before;
  return until(`${name} is running again`, back, {
    withinMs: RESTART_PATIENCE_MS,
    terminal: village.terminal,
  });
}

const storyGoesOn = async (): Promise<void> => {
  const from = (await state()).t ?? 0;
  const later = async (): Promise<boolean> =>
    ((await state().catch(() => undefined))?.t ?? 0) > from + 60_000;
  await until("plant time goes on", later, { withinMs: 20_000, terminal: village.terminal });
};

const WITHIN = { withinMs: 60_000, everyMs: 20 };
/** Real ms until the page hears a later tick than now; what was said before the kill may still come. */
async function heardAgain(): Promise<number> {
  const begun = performance.now();
  await wait(LAST_WORD_MS);
  const from = (await state().catch(() => undefined))?.t ?? 0;
  await until("the page hears control", async () => ((await state()).t ?? 0) > from, WITHIN);
  return Math.round(performance.now() - begun);
}

describe("kill -9 in the middle of the story", () => {
  it("loads are shed in the overload", async () => {
    const shed = async (): Promise<boolean> => {
      const decided = Object.values((await state()).assets).filter((asset) => asset.shed).length >= 3;
      return decided && off(await relays()).length >= 3;
    };
    await until("three loads are shed", shed, { withinMs: 240_000, terminal: village.terminal });
  });
  it("of control: no load changes while it is away, and it takes over what it knew", async (t) => {
    const held = off(await relays());
    assert.ok(held.length >= 3, "heaters are off before the kill");
    const old = pid("control");
    process.kill(old, "SIGKILL");
    const heard = heardAgain();
    const moved = new Set<string>();
    const ms = await until(
      "control is running again",
      async () => {
        const now = new Set(off(await relays()));
        for (const id of held) if (!now.has(id)) moved.add(id);
        return pid("control") !== old;
      },
      { withinMs: RESTART_PATIENCE_MS, terminal: village.terminal },
    );
    t.diagnostic(`control was running again after ${Math.round(ms)} ms (goal ${RESTART_MS})`);
    assert.deepEqual([...moved], [], "a load came back while control was away");
    const taken = village.terminal.findLast((line) => line.includes("ticks were taken over"));
    const ticks = Number(/ (\d+) ticks were taken over/.exec(taken ?? "")?.[1] ?? 0);
    assert.ok(ticks > 0, taken ?? "control said nothing");
    const decidesMs = await heard;
    await storyGoesOn();
    figure("back-control", { ms: decidesMs });
  });
  it("of the broker: control and page find back", async (t) => {
    const again = killed("broker");
    const ms = await heardAgain();
    t.diagnostic(`broker again after ${Math.round(await again)} ms`);
    await storyGoesOn();
    figure("back-broker", { ms });
  });
  it("of services: the page is back on its port", async (t) => {
    const port = village.processes().services.ports.page;
    t.diagnostic(`services again after ${Math.round(await killed("services"))} ms`);
    assert.equal(village.processes().services.ports.page, port);
    await storyGoesOn();
  });
});

describe("an uncaught exception", () => {
  it("in control ends it, and a new one takes over; relays stay", async (t) => {
    const old = pid("control");
    const before = await calmOf(village);
    await throwIn(old);
    const ms = await until("control is running again", () => pid("control") !== old, {
      withinMs: RESTART_PATIENCE_MS,
      terminal: village.terminal,
    });
    t.diagnostic(`control was running again after ${Math.round(ms)} ms (goal ${RESTART_MS})`);
    assert.ok(
      village.terminal.some((line) => line.includes("a bug, on purpose")),
      "the log names the bug",
    );
    await storyGoesOn();
    assert.deepEqual(await movedByThemselves(village, before), []);
  });
});

describe("the supervisor's own death", () => {
  it("ends all its children", async (t) => {
    const pids = Object.values(village.processes()).map((one) => one.pid);
    village.supervisor.kill("SIGKILL");
    const gone = (): boolean => pids.every((one) => !alive(one));
    const ms = await until("all children are gone", gone, { withinMs: 5_000, everyMs: 20 });
    t.diagnostic(`gone after ${Math.round(ms)} ms (goal 1000)`);
  });
});
