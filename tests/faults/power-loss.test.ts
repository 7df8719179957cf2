// The power goes in the middle of what a store writes, on a disk that drops, tears and fills with holes what was not synced: what
// was acknowledged is there afterwards, and the store goes on.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { LedgerBody } from "@gridwright/contract/ledger.ts";
import { emptyQueue } from "@gridwright/core/jobs/queue.ts";
import { openQueueFile } from "@gridwright/runtime/jobs/queue-file.ts";
import { ledgerFiles, openLedgerFiles, readMonth } from "@gridwright/runtime/ledger/ledger-files.ts";
import { openAudit } from "@gridwright/runtime/people/audit.ts";
import { loadCursor, saveCursor } from "@gridwright/runtime/recorder/influx/cursor-file.ts";
import { readSecretFile, replaceSecretFile } from "@gridwright/runtime/secrets/secret-file.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { randomFrom } from "@gridwright/twin/plant/random.ts";
import { figure } from "../tools/figure.ts";
import { quiet } from "../tools/loop-rig.ts";
import { LossyFolder } from "./lossy-folder.ts";

const LIVES = 67;
const CUTS_A_LIFE = 3;
const ACTS_MAX = 60;
const io = testClock();
const SIGNER = { publicKey: "", sign: () => "" };

/** Opened, it tells the highest number that it holds, and puts the next; each number once, in order. */
interface Opened {
  readonly holds: number;
  put(n: number): Promise<unknown>;
}
const inMonth = (n: number): string => `2026-${String(1 + (Math.floor(n / 4) % 12)).padStart(2, "0")}`;
const STORES: Readonly<Record<string, (dir: string) => Promise<Opened>>> = {
  async audit(dir) {
    const audit = await openAudit(join(dir, "audit", "audit.jsonl"), io);
    assert.ok(audit.whole, "the chain holds");
    const numbers = audit
      .newest(1_000)
      .map(({ about }) => Number(about.n))
      .reverse();
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => at + 1),
    );
    return {
      holds: numbers.length,
      put: (n) => audit.note({ who: "person-7", did: "asked", about: { n } }),
    };
  },
  async ledger(dir) {
    const folder = join(dir, "ledger");
    const files = await openLedgerFiles({ folder, months: 12 }, SIGNER);
    const read = await Promise.all((await ledgerFiles(folder)).map((name) => readMonth(folder, name)));
    assert.deepEqual(
      read.map(({ badLine }) => badLine).filter((line) => line !== undefined),
      [],
    );
    return {
      holds: Math.max(0, ...read.flatMap(({ lines }) => lines.map(({ n }) => n))),
      put: (n) => files.append({ k: "rules", from: n, rules: {} } as unknown as LedgerBody, inMonth(n)),
    };
  },
  async secrets(dir) {
    const path = join(dir, "secrets", "accounts.json");
    const kept = (await readSecretFile(path)) as { readonly n: number } | null | undefined;
    assert.notEqual(kept, null, "it is whole");
    return { holds: kept?.n ?? 0, put: (n) => replaceSecretFile(path, { n }) };
  },
  async queue(dir) {
    const file = openQueueFile(dir, { ...quiet, error: (why: string) => assert.fail(why) });
    return { holds: file.begin.count, put: (n) => file.save({ ...emptyQueue, count: n }) };
  },
  async cursor(dir) {
    const path = join(dir, "influx", "cursor.json");
    const place = await loadCursor(path);
    return { holds: place?.offset ?? 0, put: (n) => saveCursor(path, { segment: 3, offset: n }) };
  },
};

interface Cut {
  readonly acts: number;
  /** What was there when it went before. */
  readonly known: number;
}

/** Writes until the power goes; the last number that was acknowledged. */
async function untilCut(folder: LossyFolder, open: (dir: string) => Promise<Opened>, { acts, known }: Cut) {
  folder.left = acts;
  let acknowledged = known;
  try {
    const store = await open(folder.root);
    acknowledged = store.holds;
    for (;;) {
      await store.put(acknowledged + 1);
      acknowledged += 1;
    }
  } catch (error) {
    if (folder.left > 0) throw error;
  }
  folder.powerReturns();
  return acknowledged;
}

describe("the power goes", () => {
  const seen = { cuts: 0, acknowledged: 0, stores: 0 };
  for (const [name, open] of Object.entries(STORES))
    it(`${name}: what was acknowledged is there, and it goes on`, async () => {
      for (let life = 1; life <= LIVES; life += 1) {
        const random = randomFrom(life);
        const folder = new LossyFolder(random);
        let known = 0;
        try {
          for (let cut = 0; cut < CUTS_A_LIFE; cut += 1) {
            const before = known;
            const acknowledged = await untilCut(folder, open, {
              acts: Math.floor(random() * ACTS_MAX),
              known,
            });
            const { holds } = await open(folder.root);
            const where = `life ${life}, cut ${cut}: ${holds} of ${acknowledged}`;
            assert.ok(holds === acknowledged || holds === acknowledged + 1, where);
            known = holds;
            seen.cuts += 1;
            seen.acknowledged += acknowledged - before;
          }
        } finally {
          folder.close();
        }
      }
      seen.stores += 1;
    });
  after(() => {
    if (seen.stores === Object.keys(STORES).length) figure("power-loss", seen);
  });
});
