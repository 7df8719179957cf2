// The audit: what is noted is on disk, and no change of it goes unseen.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { figure } from "../../../tests/tools/figure.ts";
import { testClock } from "../web/garden-fixture.ts";
import { checkAudit, openAudit } from "./audit.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-audit-"));
after(() => rmSync(folder, { recursive: true }));
const io = testClock();

async function filled(name: string, deeds = 7): Promise<string> {
  const path = join(folder, name, "audit.jsonl");
  const audit = await openAudit(path, io);
  for (let n = 1; n <= deeds; n += 1) {
    await io.move(1_300);
    await audit.note({ who: `person-${n}a`, did: "asked", about: { asset: "kettle", n, on: n % 2 === 0 } });
  }
  return path;
}

test("audit: survives a restart and goes on, newest first, for its owner's eyes only", async () => {
  const path = await filled("restart", 3);
  const again = await openAudit(path, io);
  await again.note({ who: "person-4a", did: "signed-out" });
  assert.deepEqual(
    again.newest(2).map(({ n, did }) => [n, did]),
    [
      [4, "signed-out"],
      [3, "asked"],
    ],
  );
  assert.equal(again.whole, true);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(checkAudit(readFileSync(path, "utf8")).entries.length, 4);
});

test("audit: deeds noted at once stand one after the other", async () => {
  const path = join(folder, "at-once", "audit.jsonl");
  const audit = await openAudit(path, io);
  await Promise.all(["a7", "b8", "c9"].map((who) => audit.note({ who, did: "signed-in" })));
  const { entries, badLine } = checkAudit(readFileSync(path, "utf8"));
  assert.deepEqual([entries.map(({ who }) => who), badLine], [["a7", "b8", "c9"], undefined]);
});

test("audit: of 1,000 bits flipped in 1,000 places, 1,000 are found", async () => {
  const bytes = readFileSync(await filled("bits", 9));
  const found = Array.from({ length: 1_000 }, (_, place) => {
    const spoiled = Buffer.from(bytes);
    const at = Math.floor((place * (bytes.length - 1)) / 999);
    spoiled[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
    return checkAudit(spoiled.toString("utf8")).badLine !== undefined;
  });
  assert.equal(found.filter(Boolean).length, 1_000);
  figure("R10", { flipped: found.length, found: found.filter(Boolean).length });
});

const tails: [string, string][] = [
  ["half a line", '{"n":8,"t":17'],
  ["a line of which the length reached the card, and not all bytes", `{"n":8,"t":1\0\0\0}\n`],
];
for (const [sentence, tail] of tails)
  test(`audit: ${sentence} at the end is what a power cut left: it is put aside, and the chain goes on`, async () => {
    const path = await filled(`tail-${tail.length}`);
    writeFileSync(path, readFileSync(path, "utf8") + tail);
    const audit = await openAudit(path, io);
    assert.equal(audit.whole, true);
    await audit.note({ who: "person-8a", did: "signed-in" });
    const { entries, badLine } = checkAudit(readFileSync(path, "utf8"));
    assert.deepEqual([entries.map(({ n }) => n), badLine], [[1, 2, 3, 4, 5, 6, 7, 8], undefined]);
    assert.equal(readFileSync(`${path}.torn`, "utf8"), tail);
  });

const spoils: [string, (lines: string[]) => string[]][] = [
  ["a line taken out", (lines) => lines.toSpliced(3, 1)],
  ["two lines changed round", (lines) => lines.with(2, lines[3] ?? "").with(3, lines[2] ?? "")],
  ["a line twice", (lines) => lines.toSpliced(3, 0, lines[3] ?? "")],
  ["a line of blanks", (lines) => lines.toSpliced(3, 0, "")],
];
for (const [sentence, spoil] of spoils)
  test(`audit: ${sentence} is found, and the log goes on`, async () => {
    const path = await filled(`spoil-${sentence.length}-${sentence.replaceAll(" ", "-")}`);
    writeFileSync(path, spoil(readFileSync(path, "utf8").split("\n")).join("\n"));
    const audit = await openAudit(path, io);
    assert.equal(audit.whole, false);
    await audit.note({ who: "person-8a", did: "signed-in" });
    assert.equal(audit.newest(1)[0]?.who, "person-8a");
  });
