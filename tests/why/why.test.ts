// `why` answers for every switching of the demo, and `replay` of its journal differs nowhere.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import { placeOf, sceneOf } from "@gridwright/contract/explain/scene.ts";
import { siteClock } from "@gridwright/contract/explain/when.ts";
import { LANGUAGES } from "@gridwright/contract/reasons.ts";
import { type Chain, chainOf } from "@gridwright/runtime/journal/chain.ts";
import { FILE_HEADER_BYTES } from "@gridwright/runtime/journal/format.ts";
import { verifyJournal } from "@gridwright/runtime/journal/verify.ts";
import { runWhy } from "../../controller/cli/commands/why.ts";
import { whyLines } from "../../controller/cli/commands/why-text.ts";
import { config, demoRecords, journals, model, replayed, type Said, said, WIDTH } from "./demo-journal.ts";

const HOURS = 2;
const folders = journals();
let decisions: readonly Decision[] = [];
let chains: readonly (Chain | undefined)[] = [];
let whole = "";

before(async () => {
  const records = demoRecords(HOURS);
  decisions = records.flatMap((record) => (record.k === "decision" ? [record.decision] : []));
  whole = folders.of(records);
  chains = await Promise.all(decisions.map(({ asset, at }) => chainOf({ dir: whole, model, asset, at })));
});
after(() => folders.remove());

const why = (asset: string, at: number): Promise<Said> =>
  said((write) =>
    runWhy({
      ...{ asset, at: new Date(at).toISOString(), language: "en", data: whole, config },
      ...{ json: false, width: WIDTH, write },
    }),
  );

const RAW = /NaN|undefined|Infinity|\{|\}|\d[.,]\d{4,}/;

describe("why answers for every switching of the demo", () => {
  it("of which there are many, by several rules", () => {
    assert.ok(decisions.length > 20, `${decisions.length} decisions`);
    assert.ok(new Set(decisions.map(({ rule }) => rule)).size >= 2);
  });
  it("with the decision itself, what became of it, and what ended it", () => {
    for (const [place, decision] of decisions.entries()) {
      const { asset, at, set } = decision;
      const chain = chains[place];
      const name = `${asset} at ${new Date(at).toISOString()}`;
      assert.deepEqual(chain?.decision, decision, name);
      assert.deepEqual(chain?.wanted?.set, set, name);
      const next = decisions.slice(place + 1).find((later) => later.asset === asset);
      assert.deepEqual(chain?.next, next, name);
      assert.ok((chain?.commands.length ?? 0) > 0, `${name}: a command went out`);
    }
  });
  it("and just before it with what stood until then", async () => {
    const [first, ...rest] = decisions.filter(({ asset }) => asset === decisions[0]?.asset);
    assert.ok(rest.length > 0);
    for (const [place, decision] of rest.entries()) {
      const chain = await chainOf({ dir: whole, model, asset: decision.asset, at: decision.at - 1 });
      assert.deepEqual(chain?.decision, place === 0 ? first : rest[place - 1]);
    }
  });
  it("in words of both languages that fit a terminal", () => {
    for (const [place, { asset, at }] of decisions.entries())
      for (const language of LANGUAGES) {
        const scene = sceneOf(placeOf(model), { language, now: at });
        const chain = chains[place] ?? { commands: [] };
        const lines = whyLines({ asset, at }, { chain, scene, width: WIDTH });
        assert.ok(lines.length > 6, lines.join("\n"));
        for (const line of lines) {
          assert.ok(line.length <= WIDTH, `${line.length}: ${line}`);
          assert.doesNotMatch(line, RAW);
        }
      }
  });
  it("at the terminal, of a shed and of a return", async () => {
    for (const rule of ["overload", "restoration"]) {
      const { asset = "", at = 0 } = decisions.find((decision) => decision.rule === rule) ?? {};
      const { text, code } = await why(asset, at);
      assert.equal(code, 0);
      assert.match(
        text,
        /Which rule .+ Why exactly .+ What was seen .+ s old .+ Command .+ its device followed/,
      );
    }
  });
  it("and says so where nothing was ever switched, or the question is wrong", async () => {
    const never = Object.values(model.assets).find(
      ({ id, actuator }) => actuator !== undefined && !decisions.some(({ asset }) => asset === id),
    );
    const at = decisions[3]?.at ?? 0;
    assert.match((await why(never?.id ?? "", at)).text, /No decision switched it as far back as the journal/);
    await assert.rejects(why("pump", Date.UTC(2026, 10, 20)), /The journal begins at 2026-11-21 21:00:0/);
    await assert.rejects(why("house-4-heatr", at), /Did you mean house-4-heater\?/);
    await assert.rejects(why("battery", at), /only watches it/);
  });
});

describe("replay of the demo", () => {
  it("differs nowhere, over a restart and several segments", async () => {
    assert.ok(readdirSync(whole).length >= 5);
    const { code, text } = await replayed(whole);
    const ticks = (HOURS * 3_600).toLocaleString("en");
    assert.match(text, new RegExp(`${ticks} ticks, ${decisions.length} decisions and 1\\d\\d snapshots`));
    assert.match(text, /No difference/);
    assert.equal(code, 0);
  });
  it("and its journal is whole, with each byte counted on its day", async () => {
    const check = await verifyJournal(whole, { dayOf: siteClock("Europe/Madrid", "en").isoDay });
    const sizes = readdirSync(whole).map((name) => statSync(join(whole, name)).size);
    const counted = check.days.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.equal(
      counted + sizes.length * FILE_HEADER_BYTES,
      sizes.reduce((sum, size) => sum + size),
    );
    assert.deepEqual(
      check.days.map(({ day }) => day),
      ["2026-11-21"],
    );
    assert.equal(check.kinds.decision, decisions.length);
    assert.deepEqual([check.damage, check.headless, check.missing, check.tail], [[], [], 0, 0]);
  });
  it("takes a stretch, from the newest snapshot before it", async () => {
    const { code, text } = await replayed(whole, { from: "22:10", to: "22:19" });
    const ticks = Number(/: (\d+) ticks/.exec(text)?.[1]);
    assert.ok(ticks >= 600 && ticks <= 661, text);
    assert.equal(code, 0);
  });
});
