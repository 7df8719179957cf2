// The ledger over what befalls meters and computers: nothing is invented, nothing lost, and nothing changes unseen.
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type LedgerBody, SLOT_MS } from "@gridwright/contract/ledger.ts";
import { memberSums } from "@gridwright/core/ledger/tally.ts";
import type { KeptLedger } from "@gridwright/runtime/ledger/kept-ledger.ts";
import { readMonth } from "@gridwright/runtime/ledger/ledger-files.ts";
import { verifyText } from "@gridwright/runtime/ledger/verify.ts";
import { BEGIN, dataFolder, historyOf, mill, PLAIN, type Story, settled, steady } from "./mill.ts";

const FILE = "2026-11.jsonl";
const fileOf = (dataDir: string): string => join(dataDir, "ledger", FILE);
const bodiesOf = async (dataDir: string): Promise<readonly LedgerBody[]> =>
  (await readMonth(join(dataDir, "ledger"), FILE)).lines.map(({ body }) => body);
const kindsOf = async (dataDir: string): Promise<string> =>
  (await bodiesOf(dataDir)).map(({ k }) => k[0]).join("");
async function usedBy(kept: KeptLedger, member: string): Promise<number> {
  const { local, bought } = memberSums(await kept.tally("2026-11"), member);
  return local + bought;
}
/** Wh that the steady story takes in so many slots. */
const steadyWh = (member: "inn" | "forge", slots: number): number =>
  Array.from({ length: slots * 15 }, (_, minute) => (steady(minute)[member] ?? 0) / 60).reduce(
    (a, b) => a + b,
    0,
  );
const near = (found: number, right: number, by = 30): void =>
  assert.ok(Math.abs(found - right) <= by, `${found} instead of ${right}`);

describe("a ledger is settled from the history", () => {
  it("slot by slot, as soon as each is over; what a restart finds goes on", async () => {
    const dataDir = dataFolder();
    await settled({ dataDir, history: historyOf(3) });
    assert.equal(await kindsOf(dataDir), "brsss");
    const kept = await settled({ dataDir, history: historyOf(7) });
    assert.equal(await kindsOf(dataDir), "brsssssss");
    near(await usedBy(kept, "inn"), steadyWh("inn", 7));
    near(await usedBy(kept, "forge"), steadyWh("forge", 7));
    assert.equal(kept.damage, undefined);
  });
  it("a line that a power cut tore is put aside, and its slot settled again", async () => {
    const dataDir = dataFolder();
    await settled({ dataDir, history: historyOf(4) });
    const whole = readFileSync(fileOf(dataDir), "utf8");
    writeFileSync(fileOf(dataDir), whole.slice(0, -90));
    const kept = await settled({ dataDir, history: historyOf(5) });
    assert.equal(await kindsOf(dataDir), "brsssss");
    assert.equal(kept.damage, undefined);
    assert.ok(readFileSync(`${fileOf(dataDir)}.torn`, "utf8").length > 100);
  });
  it("a line that was changed is told, and the ledger goes on", async () => {
    const dataDir = dataFolder();
    await settled({ dataDir, history: historyOf(4) });
    writeFileSync(
      fileOf(dataDir),
      readFileSync(fileOf(dataDir), "utf8").replace('"pool","member:inn",', '"pool","member:ina",'),
    );
    const kept = await settled({ dataDir, history: historyOf(5) });
    assert.match(kept.damage ?? "", /line 3 of 2026-11\.jsonl/);
  });
  it("jobs go to whose they were, once", async () => {
    const dataDir = dataFolder();
    const job = { id: "j-5", machine: "saw", member: "inn", wh: 640, endedAt: BEGIN + SLOT_MS + 7_000 };
    await settled({ dataDir, history: historyOf(3), jobs: [job] });
    const kept = await settled({ dataDir, history: historyOf(5), jobs: [job] });
    assert.equal((await kept.tally("2026-11")).get("job:inn")?.job, 640);
  });
});

describe("meters that do not tell what was", () => {
  const silentFor =
    (from: number, to: number): Story =>
    (minute) => {
      const { inn = 0, forge = 0 } = steady(minute);
      return minute >= from && minute < to ? { forge } : { inn, forge };
    };
  it("a silent counter that speaks again is spread over its silence, as corrections", async () => {
    const dataDir = dataFolder();
    const kept = await settled({ dataDir, history: historyOf(9, silentFor(30, 90)) });
    assert.match(await kindsOf(dataDir), /^brss+cccc+s/);
    near(await usedBy(kept, "inn"), steadyWh("inn", 9));
  });
  it("what comes two days late into the history is booked as corrections", async () => {
    const dataDir = dataFolder();
    const slots = 2 * 96 + 7;
    await settled({ dataDir, history: historyOf(slots, silentFor(20, 100_000)) });
    const before = await bodiesOf(dataDir);
    const kept = await settled({ dataDir, history: historyOf(slots) });
    const after = await bodiesOf(dataDir);
    assert.deepEqual(after.slice(0, before.length), before, "what was booked stays");
    assert.ok(after.slice(before.length).every(({ k }) => k === "correction"));
    near(await usedBy(kept, "inn"), steadyWh("inn", slots), 60);
    const again = await settled({ dataDir, history: historyOf(slots) });
    assert.equal((await bodiesOf(dataDir)).length, after.length, "and once");
    assert.equal(again.damage, undefined);
  });
  const turned: readonly (readonly [string, (minute: number, wh: number) => number])[] = [
    ["runs backwards", (minute, wh) => (minute < 37 ? wh : wh - 2 * (wh - 41_400))],
    ["begins anew", (minute, wh) => (minute < 37 ? wh : wh - 41_400)],
    ["is swapped for one that has counted more", (minute, wh) => (minute < 37 ? wh : wh + 912_000)],
  ];
  for (const [sentence, counter] of turned)
    it(`one that ${sentence} makes no energy of nothing, and its slot says that a part is missing`, async () => {
      const dataDir = dataFolder();
      const history = historyOf(5, steady, (id, minute, wh) => (id === "inn" ? counter(minute, wh) : wh));
      const kept = await settled({ dataDir, history });
      const used = await usedBy(kept, "inn");
      assert.ok(used >= steadyWh("inn", 2) - 12 && used <= steadyWh("inn", 5) + 12, `${used}`);
      const slots = (await bodiesOf(dataDir)).flatMap((body) =>
        body.k === "slot" ? [body.entries[2]?.[2]] : [],
      );
      assert.deepEqual(slots.slice(0, 3), ["ok", "ok", "part"]);
      assert.ok(memberSums(await kept.tally("2026-11"), "inn").gaps > 0);
    });
});

describe("rules that change", () => {
  it("a member who leaves in the month owes nothing from that day on", async () => {
    const dataDir = dataFolder();
    const left = mill(`${PLAIN}\n  left: { inn: 2026-11-10 }`);
    await settled({ dataDir, history: historyOf(4) });
    const kept = await settled({ dataDir, history: historyOf(9), model: left });
    near(await usedBy(kept, "inn"), steadyWh("inn", 4));
    const vacant = (await kept.tally("2026-11")).get("vacant:inn");
    near((vacant?.local ?? 0) + (vacant?.bought ?? 0), steadyWh("inn", 9) - steadyWh("inn", 4));
  });
  it("a price that is changed afterwards does not touch what was settled", async () => {
    const dataDir = dataFolder();
    const before = memberSums(
      await (await settled({ dataDir, history: historyOf(4) })).tally("2026-11"),
      "forge",
    );
    const dearer = mill(PLAIN.replace("bought: 0.24", "bought: 0.36"));
    const same = memberSums(
      await (await settled({ dataDir, history: historyOf(4), model: dearer })).tally("2026-11"),
      "forge",
    );
    assert.equal(same.due, before.due);
    const after = memberSums(
      await (await settled({ dataDir, history: historyOf(5), model: dearer })).tally("2026-11"),
      "forge",
    );
    assert.equal(after.due - before.due, (after.bought - before.bought) * 360_000);
    assert.match(await kindsOf(dataDir), /^brssssrs$/);
  });
});

it("of 1,000 bits flipped in 1,000 places of the ledger, 1,000 are found", async () => {
  const dataDir = dataFolder();
  await settled({ dataDir, history: historyOf(5) });
  const bytes = readFileSync(fileOf(dataDir));
  assert.equal(verifyText(bytes.toString("utf8")), undefined);
  const found = Array.from({ length: 1_000 }, (_, place) => {
    const spoiled = Buffer.from(bytes);
    const at = Math.floor((place * (bytes.length - 1)) / 999);
    spoiled[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
    return verifyText(spoiled.toString("utf8")) !== undefined;
  });
  assert.equal(found.filter(Boolean).length, 1_000);
});

it("what is added by somebody without the key is found", async () => {
  const dataDir = dataFolder();
  await settled({ dataDir, history: historyOf(3) });
  const other = dataFolder();
  await settled({ dataDir: other, history: historyOf(4) });
  appendFileSync(fileOf(dataDir), `${readFileSync(fileOf(other), "utf8").split("\n")[5]}\n`);
  assert.match(verifyText(readFileSync(fileOf(dataDir), "utf8")) ?? "", /^line 6/);
});
