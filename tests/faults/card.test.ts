// A card that takes five seconds for each write, one that is full and one that became read-only, under the whole village: the
// loop ticks on and obeys, no relay moves by itself, people are told, and once the card is well again the journal has what was asked in that time.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { verifyJournal } from "@gridwright/runtime/journal/verify.ts";
import { parseDocument } from "yaml";
import { figure } from "../tools/figure.ts";
import { type Calm, calmOf, movedByThemselves } from "../tools/moved-relays.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const CARD = pathToFileURL(join(import.meta.dirname, "bad-card.ts")).href;
const SITE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
/** A loop that waited for the card would be late by its five seconds less a tick. */
const LATE_S_MAX = 3.5;
const WITHIN = { withinMs: 60_000, everyMs: 250 };

const folder = mkdtempSync(join(tmpdir(), "gridwright-card-"));
const mode = join(folder, "card");
let village: Village;

before(async () => {
  writeFileSync(mode, "well");
  const site = parseDocument(readFileSync(SITE, "utf8"));
  site.setIn(["journal", "commit"], "1 s");
  writeFileSync(join(folder, "site.yaml"), String(site));
  process.env.GRIDWRIGHT_CARD = mode;
  process.env.NODE_OPTIONS = `--import=${CARD}`;
  village = await startVillage({ speed: 1, site: join(folder, "site.yaml") });
});
after(async () => {
  await village.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ticks = (): Promise<number> => village.metric("gridwright_control_ticks_total");
const journalAlarm = async (): Promise<boolean> => {
  const { open } = await village.api<{ open: readonly Alarm[] }>("/api/v1/alarms");
  return open.some(({ id }) => id === "journal/write");
};
const calm = (): Promise<Calm> => calmOf(village);
async function ticksOn(): Promise<void> {
  const from = await ticks();
  await until("the loop ticks on", async () => (await ticks()) > from + 6, WITHIN);
}
const hold = async (asset: string): Promise<string> =>
  (await village.ask({ kind: "hold", asset, why: "the card is tried" })).outcome;
/** Assets for which a hold is in the journal. */
async function held(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { records } of readJournal({ dir: join(village.dataDir, "journal"), from: START }))
    for (const record of records)
      if (record.k === "request" && record.request.body.kind === "hold") found.add(record.request.body.asset);
  return found;
}

describe("under a bad card", () => {
  let late = 0;
  const kept: string[] = [];
  const moved: string[] = [];
  const quietly = async (before: Calm): Promise<void> => {
    moved.push(...(await movedByThemselves(village, before)));
    assert.deepEqual(moved, []);
  };
  it("slow by five seconds a write, the loop is not late and what it was asked is kept", async () => {
    await until("the village ticks", async () => (await ticks()) > 3, WITHIN);
    const before = await calm();
    writeFileSync(mode, "slow");
    await until("a slow write is under way", () => existsSync(`${mode}.met`), WITHIN);
    await ticksOn();
    assert.equal(await hold("house-3-heater"), "accepted");
    await ticksOn();
    late = await village.metric('gridwright_control_lateness_seconds{quantile="1"}');
    assert.ok(late < LATE_S_MAX);
    assert.equal(await journalAlarm(), false);
    await quietly(before);
    writeFileSync(mode, "well");
    await until("what was asked is kept", async () => (await held()).has("house-3-heater"), WITHIN);
    kept.push("house-3-heater");
  });

  const REFUSALS = [
    ["full", "house-4-heater"],
    ["read-only", "house-5-heater"],
  ] as const;
  for (const [what, asset] of REFUSALS)
    it(`${what}, the loop ticks on and obeys, no relay moves by itself, people are told, and nothing asked is lost`, async () => {
      const before = await calm();
      writeFileSync(mode, what);
      await until("people are told", journalAlarm, WITHIN);
      assert.equal(await hold(asset), "accepted");
      await ticksOn();
      assert.equal((await held()).has(asset), false);
      await quietly(before);
      writeFileSync(mode, "well");
      const written = await until("what was asked is kept", async () => (await held()).has(asset), WITHIN);
      const over = await until("the alarm is over", async () => !(await journalAlarm()), WITHIN);
      kept.push(asset);
      if (what === "full") figure("back-disk", { ms: Math.round(written + over) });
    });

  it("the journal is whole in the end", async () => {
    const { damage, headless, missing } = await verifyJournal(join(village.dataDir, "journal"));
    assert.deepEqual({ damage, headless, missing }, { damage: [], headless: [], missing: 0 });
    assert.equal(await village.metric("gridwright_journal_refused_total"), 0);
    assert.equal(kept.length, 1 + REFUSALS.length);
    figure("disk-full", {
      ...{ asked: kept.length, alarms: REFUSALS.length, lateMs: Math.round(late * 1_000) },
      ...{ relays: Object.keys((await calm()).relays).length, moved: moved.length },
    });
  });
});
