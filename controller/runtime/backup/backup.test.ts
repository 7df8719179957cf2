// A backup holds what the site was, opens for its passphrase alone, and one bit that is wrong is found wherever it is.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { lockDataFolder } from "../data-folder/lock.ts";
import { LIGHT, type Mill, mill, PASSPHRASE, SECRET, WHOLE_BLOCKS, WHOLE_LINES } from "./fixture.ts";
import { HEAD_BYTES } from "./format.ts";
import { makeBackup } from "./make.ts";
import { checkBackup, readBackup } from "./read.ts";
import { restoreBackup } from "./restore.ts";
import { type Keys, keysOf, openSealer } from "./seal.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-backup-"));
const out = join(root, "mill.gwb");
let site: Mill;
let bytes: Buffer;

before(async () => {
  site = mill(root);
  await makeBackup({ ...site.making, out });
  bytes = readFileSync(out);
});
after(() => {
  site.db.close();
  rmSync(root, { recursive: true });
});

/** Each key once: thousands of tries of one file need one. */
const known = new Map<string, Promise<Keys>>();
const remembering = (passphrase: string, bound: Buffer): Promise<Keys> => {
  const name = `${passphrase} ${bound.toString("hex")}`;
  const keys = known.get(name) ?? keysOf(passphrase, bound);
  known.set(name, keys);
  return keys;
};

const tried = join(root, "tried.gwb");
/** What comes of reading these bytes. */
async function outcome(content: Buffer, passphrase = PASSPHRASE): Promise<string> {
  writeFileSync(tried, content);
  try {
    await checkBackup({ path: tried, passphrase, keysOf: remembering });
    return "whole";
  } catch (error) {
    assert.ok(error instanceof Error);
    return "code" in error ? `${String(error.code)}: ${error.message}` : `a bug: ${error.stack}`;
  }
}

describe("a backup of a folder that is being written", () => {
  const dataDir = join(root, "restored");
  const siteFile = join(root, "restored-etc", "site.yaml");
  const text = (path: string): string => readFileSync(join(dataDir, path), "utf8");
  before(() => restoreBackup({ path: out, passphrase: PASSPHRASE, dataDir, siteFile }));

  it("what is replaced whole comes back as it was, with who may read it", () => {
    assert.equal(text("secrets/broker.json"), JSON.stringify({ pump: SECRET }));
    assert.equal(statSync(join(dataDir, "secrets/broker.json")).mode & 0o777, 0o600);
    assert.equal(text("flows/versions/000002.json"), '{"flows":[]}\n');
    assert.equal(readFileSync(siteFile, "utf8"), "site: { id: mill }\n");
    assert.equal(
      readFileSync(join(root, "restored-etc", "profiles", "pump.yaml"), "utf8"),
      "profile: pump\n",
    );
  });
  it("lines and blocks come up to the last whole one", () => {
    assert.equal(text("ledger/2026-11.jsonl"), WHOLE_LINES);
    assert.deepEqual(readFileSync(join(dataDir, "journal", "00000008.gwj")), WHOLE_BLOCKS);
  });
  it("a database comes with what was committed, its indexes and its version", () => {
    const rows = (db: DatabaseSync): unknown[] =>
      [
        "SELECT * FROM block WHERE id < 5000",
        "SELECT * FROM day",
        "SELECT sql FROM sqlite_schema ORDER BY name",
      ].map((sql) => db.prepare(sql).all());
    const db = new DatabaseSync(join(dataDir, "history.sqlite"));
    assert.deepEqual(rows(db), rows(site.db));
    assert.deepEqual(
      { ...db.prepare("SELECT count(*) AS n, max(id) AS last FROM block").get() },
      { n: 199, last: 399 },
    );
    assert.equal(db.prepare("PRAGMA user_version").get()?.user_version, 7);
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
    db.close();
  });
  it("what a start makes anew, and what was put aside, is not in it", () => {
    for (const name of [
      "run.json",
      "control.lock",
      "agreements.json.new",
      "history.sqlite.damaged",
      "flows/node_modules",
    ])
      assert.ok(!existsSync(join(dataDir, name)), name);
  });
  it("nothing of it can be read in the file, not even a name", () => {
    for (const word of [SECRET, "broker.json", "mill", "2026-11", "GWBK"])
      assert.equal(bytes.includes(word), false, word);
  });
});

describe("what is wrong with a backup is named", () => {
  it("a thousand flipped bits are a thousand refusals", async () => {
    let refused = 0;
    for (let nth = 0; nth < 1_000; nth += 1) {
      const bit = Math.floor(((nth + 0.37) * bytes.length * 8) / 1_000);
      const spoiled = Buffer.from(bytes);
      spoiled.writeUInt8(spoiled.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const said = await outcome(spoiled);
      assert.match(said, /^backup-damaged: /, `bit ${bit}`);
      refused += 1;
    }
    assert.equal(refused, 1_000);
  });
  it("every bit of the head too", async () => {
    for (let bit = 0; bit < HEAD_BYTES * 8; bit += 1) {
      const spoiled = Buffer.from(bytes);
      spoiled.writeUInt8(spoiled.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.match(await outcome(spoiled), /^backup-damaged: /, `bit ${bit}`);
    }
  });
  it("cut off anywhere it is torn, also between two frames", async () => {
    let at = HEAD_BYTES;
    while (at < bytes.length) {
      assert.match(await outcome(bytes.subarray(0, at)), /^backup-damaged: .* is torn: its end is missing/);
      assert.match(await outcome(bytes.subarray(0, at + 3)), /^backup-damaged: .* is torn/);
      at += 4 + bytes.readUInt32LE(at);
    }
  });
  it("frames that changed places, and what follows the end", async () => {
    const first = HEAD_BYTES + 4 + bytes.readUInt32LE(HEAD_BYTES);
    const second = first + 4 + bytes.readUInt32LE(first);
    const swapped = [
      bytes.subarray(0, HEAD_BYTES),
      bytes.subarray(first, second),
      bytes.subarray(HEAD_BYTES, first),
    ];
    assert.match(await outcome(Buffer.concat([...swapped, bytes.subarray(second)])), /^backup-damaged/);
    assert.match(await outcome(Buffer.concat([bytes, Buffer.from("more")])), /^backup-damaged/);
  });
  it("another passphrase, another file", async () => {
    assert.match(await outcome(bytes, "four dry wells beyonD"), /^backup-passphrase-wrong: /);
    assert.match(
      await outcome(Buffer.from("%PDF-1.7 a letter")),
      /^backup-damaged: .* is no backup of gridwright/,
    );
    assert.match(await outcome(Buffer.alloc(0)), /is no backup of gridwright/);
  });
  it("a passphrase is the same however its letters are composed", async () => {
    const path = join(root, "accents.gwb");
    await makeBackup({ ...site.making, out: path, passphrase: "el año de la peña".normalize("NFC") });
    const checked = await checkBackup({ path, passphrase: "el año de la peña".normalize("NFD") });
    assert.equal(checked.files.length, 9);
  });
  it("a path that leads out of its folder is refused", async () => {
    for (const path of [
      "data/../../etc/passwd",
      "/etc/passwd",
      "data",
      "other/file",
      "data/./x",
      "site/a/../../x",
    ]) {
      const { head, seal } = await openSealer(PASSPHRASE, 7_000, LIGHT);
      const file = Buffer.from(JSON.stringify({ path, kind: "whole", mode: 0o600 }));
      writeFileSync(
        tried,
        Buffer.concat([head, seal("file", file), seal("end", Buffer.from('{"files":1,"bytes":0}'))]),
      );
      await assert.rejects(checkBackup({ path: tried, passphrase: PASSPHRASE }), path);
    }
  });
  it("a head that asks for all memory is refused before anything is derived", async () => {
    const { head } = await openSealer(PASSPHRASE, 7_000, { ...LIGHT, memoryKib: 300_000 });
    assert.match(await outcome(head), /^backup-damaged: .* is damaged in its head/);
  });
});

describe("restoring loses nothing", () => {
  const restore = (dataDir: string, siteFile = join(dataDir, "site", "site.yaml")) =>
    restoreBackup({ path: out, passphrase: PASSPHRASE, dataDir, siteFile });
  it("a folder with something in it is left as it is", async () => {
    const dataDir = join(root, "full");
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "letter"), "dear");
    await assert.rejects(restore(dataDir), {
      code: "data-folder-unusable",
      message: /holds something already/,
    });
    assert.equal(readFileSync(join(dataDir, "letter"), "utf8"), "dear");
  });
  it("a site file that is there is left as it is, and the data folder empty", async () => {
    const siteFile = join(root, "etc2", "site.yaml");
    mkdirSync(join(root, "etc2"));
    writeFileSync(siteFile, "mine");
    await assert.rejects(restore(join(root, "empty"), siteFile), /is there already/);
    assert.equal(readFileSync(siteFile, "utf8"), "mine");
    assert.equal(existsSync(join(root, "empty")), false);
  });
  it("a damaged one writes nothing at all", async () => {
    const dataDir = join(root, "never");
    writeFileSync(tried, bytes.subarray(0, bytes.length - 5));
    const restoring = { path: tried, passphrase: PASSPHRASE, dataDir, siteFile: join(dataDir, "s.yaml") };
    await assert.rejects(restoreBackup(restoring), { code: "backup-damaged" });
    assert.equal(existsSync(dataDir), false);
  });
  it("where one was cut off nobody may run, and the next try begins anew", async () => {
    const dataDir = join(root, "cut");
    await restore(dataDir);
    writeFileSync(join(dataDir, "restore-unfinished"), "");
    rmSync(join(dataDir, "ledger"), { recursive: true });
    assert.throws(() => lockDataFolder(dataDir), /did not come to its end/);
    await restore(dataDir);
    assert.equal(readFileSync(join(dataDir, "ledger", "2026-11.jsonl"), "utf8"), WHOLE_LINES);
    lockDataFolder(dataDir)();
  });
});

it("only so much of the journal goes in as is asked for, and places in it are copied before it", async () => {
  const path = join(root, "part.gwb");
  const { now } = site.making;
  const age = (await import("node:fs/promises")).utimes;
  await age(
    join(site.dataDir, "journal", "00000007.gwj"),
    (now - 9 * 86_400_000) / 1_000,
    (now - 9 * 86_400_000) / 1_000,
  );
  await age(join(site.dataDir, "journal", "00000008.gwj"), now / 1_000, now / 1_000);
  await makeBackup({ ...site.making, out: path, journalMs: 5 * 86_400_000 });
  const names: string[] = [];
  for await (const piece of readBackup({ path, passphrase: PASSPHRASE }))
    if (piece.k === "file") names.push(piece.file.path);
  assert.equal(names.includes("data/journal/00000007.gwj"), false);
  assert.equal(names.at(-1), "data/journal/00000008.gwj");
  assert.ok(names.indexOf("data/history.sqlite") < names.indexOf("data/ledger/2026-11.jsonl"));
});
