// The script of docs/ledger.md, which knows nothing of gridwright, agrees with `gridwright verify`, and sees what it sees.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { verifyLedger } from "@gridwright/runtime/ledger/verify.ts";
import { needs } from "../tools/needs.ts";
import { dataFolder, historyOf, settled } from "./mill.ts";

const page = readFileSync(new URL("../../docs/ledger.md", import.meta.url), "utf8");
const script = /```sh\n(#!\/bin\/sh\n[\s\S]*?)```/.exec(page)?.[1] ?? "";

describe("a ledger is checked by openssl and sums alone", { skip: needs("openssl") }, () => {
  const dataDir = dataFolder();
  const folder = join(dataDir, "ledger");
  const file = join(folder, "2026-11.jsonl");
  const program = join(mkdtempSync(join(tmpdir(), "gridwright-check-")), "check.sh");
  const check = () => spawnSync("sh", [program, folder], { encoding: "utf8" });
  before(async () => {
    writeFileSync(program, script);
    await settled({ dataDir, history: historyOf(9) });
  });

  test("its sums are those of gridwright verify, and together they are 0", async () => {
    const { stdout, status } = check();
    const verified = await verifyLedger(folder);
    const sums = [...verified.balances].map(([account, wh]) => `${account} ${wh}`);
    assert.equal(verified.fault, undefined);
    assert.deepEqual(stdout.trim().split("\n"), [...sums, "together 0"].sort());
    assert.equal(status, 0);
    assert.ok(sums.includes("pool 0") && sums.length > 4, sums.join(", "));
  });
  const spoils: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    [
      "a Wh more",
      (text) => text.replace(/("bought","pool","member:inn",)(\d+)/, (_, to, wh) => `${to}${Number(wh) + 1}`),
      /chain breaks/,
    ],
    ["a line taken out", (text) => text.split("\n").toSpliced(4, 1).join("\n"), /chain breaks/],
    [
      "another's signature",
      (text) => text.replace(/"sig":"[^"]+"(?=}\n$)/, /"sig":"[^"]+"/.exec(text)?.[0] ?? ""),
      /not signed/,
    ],
  ];
  for (const [sentence, spoil, says] of spoils)
    test(`${sentence} is seen by both`, async () => {
      const whole = readFileSync(file, "utf8");
      writeFileSync(file, spoil(whole));
      const [alone, ours] = [check().stdout, (await verifyLedger(folder)).fault];
      writeFileSync(file, whole);
      assert.match(alone, says);
      assert.match(ours ?? "", /^2026-11\.jsonl, line/);
    });
  test("of bits flipped all over what is signed, both see each", async () => {
    const whole = readFileSync(file);
    const text = whole.toString("latin1");
    const lines = text.split("\n").filter(Boolean);
    const begins = lines.map((_, place) =>
      lines.slice(0, place).reduce((sum, line) => sum + line.length + 1, 0),
    );
    const unseen: string[] = [];
    for (let flip = 0; flip < 20; flip += 1) {
      const place = (flip * 5) % lines.length;
      const head = lines[place]?.lastIndexOf('","sig":"') ?? 0;
      const at = (begins[place] ?? 0) + Math.floor((flip * head) / 20);
      const spoiled = Buffer.from(whole);
      spoiled[at] = (whole[at] ?? 0) ^ (1 << (flip % 8));
      writeFileSync(file, spoiled);
      const [alone, ours] = [check().stdout, (await verifyLedger(folder)).fault];
      if (!/chain breaks|not signed/.test(alone) || ours === undefined)
        unseen.push(`${at}: ${alone} / ${ours}`);
    }
    writeFileSync(file, whole);
    assert.deepEqual(unseen, []);
  });
});
