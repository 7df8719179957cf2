// An update that is cut off anywhere leaves a site that starts: with the old release or the new one, whole, and with data that it
// reads; and one that does not prove itself is taken back with its data.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { figure } from "../../../tests/tools/figure.ts";
import { bringTo } from "../data-folder/data-format.ts";
import type { Bundle } from "./bundle.ts";
import { goBack, resume, type Site, update } from "./course.ts";
import {
  CURRENT,
  manifestOf,
  PREVIOUS,
  releaseFolder,
  stateOf,
  switchTo,
  unpack,
  versionAt,
  versionsIn,
} from "./installed.ts";
import { LossyTree, type Power, PowerCut } from "./lossy-tree.ts";
import { isPlain } from "./manifest.ts";
import { bundle, manifest, NEW, OLD, STEPS } from "./mill-releases.ts";
import { diskTree, replaceIn, type Tree } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-update-"));
after(() => rmSync(folder, { recursive: true }));
let older: Bundle;
let newer: Bundle;
before(async () => {
  older = await bundle(folder, manifest(OLD, 1));
  newer = await bundle(folder, manifest(NEW, 2));
});

const FORMATS: Readonly<Record<string, number>> = { [OLD]: 1, [NEW]: 2 };

interface Machine {
  readonly root: Tree;
  readonly data: Tree;
  readonly site: Site;
}

/** `health`: what the gate says of the new release. */
function machine(root: Tree, data: Tree, health?: string): Machine {
  const site: Site = {
    ...{ root, platform: "linux-mill", now: () => 1_790_000_000_000, say: () => undefined },
    stop: async () => undefined,
    start: async () => undefined,
    migrate: async (version, format) => bringTo(data, format, version === NEW ? STEPS : []),
    unhealthy: async () => (versionAt(root, CURRENT) === NEW ? health : undefined),
  };
  return { root, data, site };
}

async function installOld(root: Tree, data: Tree): Promise<void> {
  await unpack(root, older);
  switchTo(root, OLD);
  replaceIn(data, "tiers.json", "three five");
}

/** What starts now: its release must be whole, and its program able to bring the data to its own format. */
function boots({ root, data }: Machine): string {
  const version = versionAt(root, CURRENT) ?? "none";
  const found = manifestOf(root, version);
  assert.ok(found, `${version} has no manifest`);
  for (const file of found.files) {
    const path = `${releaseFolder(version)}/${file.path}`;
    if (!isPlain(file)) assert.equal(root.target(path), file.target);
    else
      assert.equal(
        createHash("sha256")
          .update(root.read(path) ?? "")
          .digest("hex"),
        file.sha256,
        path,
      );
  }
  assert.doesNotThrow(() => bringTo(data, FORMATS[version] ?? 0, version === NEW ? STEPS : []));
  const told = ["tiers.json", "own.json", "lent.json"].map((name) => data.read(name)?.toString() ?? "");
  assert.deepEqual(told, version === OLD ? ["three five", "", ""] : ["", "three", "five"]);
  return version;
}

/** Numbers that look drawn and are the same each time. */
function drawn(seed: number): () => number {
  let state = seed * 7_919 + 17;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

interface Cut {
  readonly machine: Machine;
  readonly trees: readonly [LossyTree, LossyTree];
  readonly power: Power;
  readonly wasCut: boolean;
}

/** An update on a fresh machine whose power is cut after so many acts. */
async function cutAfter(acts: number, seed: number, health?: string): Promise<Cut> {
  const power: Power = { left: Number.POSITIVE_INFINITY, random: drawn(seed) };
  const trees = [new LossyTree(power), new LossyTree(power)] as const;
  await installOld(...trees);
  power.left = acts;
  const made = machine(trees[0], trees[1], health);
  try {
    await update(made.site, newer);
    return { machine: made, trees, power, wasCut: false };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    for (const tree of trees) tree.powerReturns();
    return { machine: made, trees, power, wasCut: true };
  }
}

describe("an update", () => {
  const disk = (name: string): Machine => {
    const at = (part: string): Tree => diskTree(join(folder, name, part));
    for (const part of ["opt", "data"]) diskTree(folder).folder(`${name}/${part}`);
    return machine(at("opt"), at("data"));
  };
  it("that proves itself runs from then on, and the one before stays beside it", async () => {
    const made = disk("good");
    await installOld(made.root, made.data);
    assert.deepEqual(await update(made.site, newer), { runs: NEW });
    assert.equal(boots(made), NEW);
    assert.deepEqual(versionsIn(made.root), [OLD, NEW]);
    assert.deepEqual(await goBack(made.site), { runs: OLD });
    assert.equal(boots(made), OLD);
    assert.equal(stateOf(made.root)?.failed, undefined);
  });
  it("that does not is taken back with its data, and what was wrong is remembered", async () => {
    const made = disk("bad");
    await installOld(made.root, made.data);
    const { site } = machine(made.root, made.data, "the page does not answer");
    assert.deepEqual(await update(site, newer), { runs: OLD, failed: "the page does not answer" });
    assert.equal(boots(made), OLD);
    assert.equal(stateOf(made.root)?.failed, "the page does not answer");
    assert.deepEqual(await update(made.site, newer), { runs: NEW }, "it may be tried again");
    assert.equal(versionAt(made.root, PREVIOUS), OLD);
    const bad = await bundle(join(folder, "bad-later"), manifest("1.6.0", 2));
    const { site: later } = { site: { ...made.site, unhealthy: async () => "no device answers" } };
    assert.deepEqual(await update(later, bad), { runs: NEW, failed: "no device answers" });
    assert.equal(versionAt(made.root, PREVIOUS), OLD, "the one before is still the one before");
  });
  it("that does not fit is refused and changes nothing", async () => {
    const made = disk("refused");
    await assert.rejects(update(made.site, newer), /Nothing is installed here/);
    await installOld(made.root, made.data);
    const rows: readonly (readonly [made: Bundle, why: RegExp])[] = [
      [older, /is version 1\.4\.0; 1\.4\.0 runs here/],
      [await bundle(join(folder, "a"), manifest("1.3.9", 1)), /is version 1\.3\.9/],
      [await bundle(join(folder, "b"), manifest("2.0.0", 3)), /cannot take over the data/],
      [
        await bundle(join(folder, "c"), { ...manifest("1.6.0", 1), platform: "linux-quay" }),
        /is for linux-quay/,
      ],
    ];
    for (const [refused, why] of rows)
      await assert.rejects(update(made.site, refused), { code: "update-refused", message: why });
    assert.deepEqual(versionsIn(made.root), [OLD]);
    await assert.rejects(goBack(made.site), { code: "update-refused" });
    assert.equal(boots(made), OLD);
  });
});

/** What starts after the cut, and what runs once the course was brought to its end. */
async function afterCut({
  machine: made,
}: Cut): Promise<{ readonly started: string; readonly runs: string }> {
  const started = boots(made);
  const ended = await resume(made.site);
  const runs = boots(made);
  assert.equal(stateOf(made.root)?.phase ?? "idle", "idle");
  assert.ok(ended === undefined || ended.runs === runs);
  return { started, runs };
}

/** Cut after each number of acts, by three seeds each, until it comes through. */
async function everywhere(
  health?: string,
): Promise<readonly { readonly started: string; readonly runs: string }[]> {
  const seen: { readonly started: string; readonly runs: string }[] = [];
  for (let acts = 0; ; acts += 1)
    for (const seed of [3, 11, 29]) {
      const cut = await cutAfter(acts, seed, health);
      if (!cut.wasCut) return seen;
      seen.push(await afterCut(cut));
    }
}

/** Cut once more while it is brought to its end; false: it came through. */
async function cutAgain({ machine: made, trees, power }: Cut, more: number): Promise<boolean> {
  power.left = more;
  const isCut = await resume(made.site).then(
    () => false,
    (error: unknown) => error instanceof PowerCut || Promise.reject(error),
  );
  power.left = Number.POSITIVE_INFINITY;
  if (isCut) for (const tree of trees) tree.powerReturns();
  return isCut;
}

describe("the power is cut", () => {
  let all = 0;
  //  case                                              what the gate says                 what runs at the end
  const rows: readonly (readonly [sentence: string, health: string | undefined, end: string])[] = [
    ["while a good release is installed", undefined, NEW],
    ["while a bad release is installed and taken back", "control does not act", OLD],
  ];
  for (const [sentence, health, end] of rows)
    it(`${sentence}: at every act, the old or the new starts, and the course comes to its end`, async () => {
      const seen = await everywhere(health);
      assert.ok(seen.length >= 100, `${seen.length} cuts`);
      assert.deepEqual(new Set(seen.map(({ started }) => started)), new Set([OLD, NEW]));
      if (health !== undefined) assert.ok(seen.every(({ runs }) => runs === OLD));
      assert.equal(boots((await cutAfter(Number.POSITIVE_INFINITY, 3, health)).machine), end);
      all += seen.length;
    });
  it("a second time, while it is being brought to its end", async () => {
    let cuts = 0;
    for (let acts = 20; acts < 90; acts += 5)
      for (let more = 0; more < 30; more += 4) {
        const cut = await cutAfter(acts, more + 5, "the page does not answer");
        if (!cut.wasCut || !(await cutAgain(cut, more))) continue;
        cuts += 1;
        assert.equal((await afterCut(cut)).runs, OLD, `after ${acts} and ${more} acts`);
      }
    assert.ok(cuts > 40, `${cuts} cuts`);
    figure("update-killed", { cuts: all, again: cuts });
  });
});
