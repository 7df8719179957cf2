// `npm start -- --box`, over real processes, the real image and a real port, in real time: somebody cuts at the saw, the box's
// cable is pulled out in the midst of it; the cut finishes, then the saw is dead, the extractor runs on for 20 s; when the cable
// is back the story says so.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { ApiDecision, ApiState } from "@gridwright/contract/api.ts";
import { needs } from "../tools/needs.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const skip = needs("socat");
const CUT_W = 500;
const RUN_ON_MS = 20_000;
const SILENCE_MS = 2_000;

let village: Village;
before(async () => {
  if (!skip) village = await startVillage({ box: true });
});
after(() => village?.stop());

const state = (): Promise<ApiState> => village.api<ApiState>("/api/v1/state");
const wait = (sentence: string, condition: (now: ApiState) => boolean, withinMs: number): Promise<number> =>
  until(sentence, async () => condition(await state()), {
    withinMs,
    everyMs: 250,
    terminal: village.terminal,
  });

const power = ({ channels }: ApiState, asset: string): number => Number(channels[`${asset}/power`]?.v ?? 0);
const lost = ({ alarms }: ApiState): boolean =>
  alarms.some(({ id }) => id.includes("device-lost/workshop-box"));

it("a cut outlives its cable, then the saw is dead and the extractor runs on; the story tells of both", {
  skip,
}, async () => {
  await wait("somebody cuts planks", (now) => power(now, "saw") > CUT_W, 150_000);
  await wait("the box is lost", lost, 120_000);
  assert.ok(power(await state(), "saw") > CUT_W, "the cut goes on without its cable");
  await wait("the cable is back", (now) => !lost(now), 240_000);
  let own: readonly ApiDecision[] = [];
  await wait(
    "the box has told what it did",
    ({ decisions }) => {
      own = decisions.filter(({ rule }) => rule === "box");
      return ["saw", "extractor"].every((asset) => own.some((one) => one.asset === asset));
    },
    60_000,
  );
  const of = (asset: string): ApiDecision | undefined => own.find((one) => one.asset === asset);
  assert.equal(of("saw")?.reason.code, "box-finished");
  assert.equal(of("extractor")?.reason.code, "box-ran-on");
  const finished = Number(of("saw")?.reason.params.forMs);
  assert.ok(finished > SILENCE_MS, `the saw kept its supply for ${finished} ms without its cable`);
  const ranOnMs = Number(of("extractor")?.at) - Number(of("saw")?.at);
  assert.ok(Math.abs(ranOnMs - RUN_ON_MS) < 1_000, `the extractor ran on for ${ranOnMs} ms`);
  await wait("control has given the saw its supply again", ({ assets }) => assets.saw?.on === true, 60_000);
});
