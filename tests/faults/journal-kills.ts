// Kills control in the middle of writing, many times over: no acknowledged record may be missing, none damaged, none stand twice,
// and each segment can be replayed from its first record.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { verifyJournal } from "@gridwright/runtime/journal/verify.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";

const LANES = 2;
const STEP = 100_000;
const CHILD = fileURLToPath(new URL("./journal-child.ts", import.meta.url));

/** Runs the child until it acknowledged `rounds` times, kills it; resolves to the last acknowledged number. */
function killed(dir: string, first: number, rounds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, dir, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const deadline = setTimeout(() => child.kill("SIGKILL"), 20_000);
    let told = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      told += text;
      if (told.split("\n").length > rounds) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(deadline);
      resolve(Number(told.trimEnd().split("\n").at(-1)));
    });
  });
}

/** Kills so often in a folder of its own; gives how many records had been acknowledged. */
async function lane(dir: string, kills: number): Promise<number> {
  const acknowledged: [first: number, last: number][] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const first = (kill + 1) * STEP;
    acknowledged.push([first, await killed(dir, first, 1 + ((kill * 7) % 12))]);
  }
  new SegmentWriter(openDisk(dir), { segmentBytesMax: 4_000, queueBytesMax: 4_000 }).close();
  const there = new Map<number, number>();
  for await (const { records } of readJournal({ dir, from: START }))
    for (const { k, t } of records) if (k !== "snapshot") there.set(t, (there.get(t) ?? 0) + 1);
  for (const [first, last] of acknowledged) {
    assert.ok(last > first, "the child acknowledged something");
    for (let n = first; n <= last; n += 1)
      assert.equal(there.get(n), 1, `record ${n} of a run that reached ${last}`);
  }
  const { damage, headless, missing } = await verifyJournal(dir);
  assert.deepEqual({ damage, headless, missing }, { damage: [], headless: [], missing: 0 });
  return acknowledged.reduce((all, [first, last]) => all + last - first + 1, 0);
}

/** How many records were acknowledged before so many kills; throws where one of them is not there, or is there twice. */
export async function killWriters(kills: number): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "gridwright-kill-"));
  try {
    const lanes = Array.from({ length: LANES }, (_, number) =>
      lane(join(root, `lane-${number}`), kills / LANES),
    );
    // Both have ended before their folder goes, whatever either found.
    const ended = await Promise.allSettled(lanes);
    return ended.reduce((all, one) => {
      if (one.status === "rejected") throw one.reason;
      return all + one.value;
    }, 0);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
