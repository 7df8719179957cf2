// Real processes on a real disk, killed with signal 9 at seeded acts of an update, good and bad: whatever `current` then leads to
// is whole and finds data that it reads, and the next call brings the update to its end.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bringTo } from "@gridwright/runtime/data-folder/data-format.ts";
import type { Bundle } from "@gridwright/runtime/update/bundle.ts";
import { resume } from "@gridwright/runtime/update/course.ts";
import {
  manifestOf,
  releaseFolder,
  stateOf,
  switchTo,
  unpack,
  versionAt,
} from "@gridwright/runtime/update/installed.ts";
import { isPlain } from "@gridwright/runtime/update/manifest.ts";
import { bundle, KEYS, manifest, NEW, OLD, STEPS } from "@gridwright/runtime/update/mill-releases.ts";
import { diskTree, replaceIn, type Tree } from "@gridwright/runtime/update/tree.ts";
import { figure } from "../tools/figure.ts";
import { siteOn } from "./killed-child.ts";

const CHILD = fileURLToPath(new URL("killed-child.ts", import.meta.url));
const KILLS = 15;
const folder = mkdtempSync(join(tmpdir(), "gridwright-killed-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let older: Bundle;
let newer: Bundle;
before(async () => {
  older = await bundle(folder, manifest(OLD, 1));
  newer = await bundle(folder, manifest(NEW, 2));
});

interface Installed {
  readonly root: Tree;
  readonly data: Tree;
  readonly folders: readonly [root: string, data: string];
}

async function installed(name: string): Promise<Installed> {
  const folders = [join(folder, name, "opt"), join(folder, name, "data")] as const;
  for (const made of folders) mkdirSync(made, { recursive: true });
  const [root, data] = [diskTree(folders[0]), diskTree(folders[1])];
  await unpack(root, older);
  switchTo(root, OLD);
  replaceIn(data, "tiers.json", "three five");
  return { root, data, folders };
}

/** Runs the update in a process of its own; what it said and by what it ended. */
function child({ folders }: Installed, good: boolean, last?: number) {
  const pem = KEYS.publicKey.export({ type: "spki", format: "pem" }).toString();
  const args = [
    ...folders,
    newer.path,
    pem,
    good ? "good" : "bad",
    ...(last === undefined ? [] : [`${last}`]),
  ];
  return spawnSync(process.execPath, [CHILD, ...args], { encoding: "utf8" });
}

function boots({ root, data }: Installed): string {
  const version = versionAt(root, "current") ?? "none";
  for (const file of manifestOf(root, version)?.files.filter(isPlain) ??
    assert.fail(`${version} is not there`))
    assert.equal(
      createHash("sha256")
        .update(root.read(`${releaseFolder(version)}/${file.path}`) ?? "")
        .digest("hex"),
      file.sha256,
    );
  bringTo(data, version === OLD ? 1 : 2, version === OLD ? [] : STEPS);
  return version;
}

describe("killed at seeded acts", () => {
  let kills = 0;
  for (const [sentence, good] of [
    ["a release that does well", true],
    ["one that is taken back", false],
  ] as const)
    it(`${sentence}: the old or the new starts, ${KILLS} times`, async () => {
      const whole = await installed(`whole-${good}`);
      const acts = Number(child(whole, good).stdout);
      assert.ok(acts > KILLS, `${acts} acts`);
      assert.equal(boots(whole), good ? NEW : OLD);
      const started = new Set<string>();
      for (let nth = 0; nth < KILLS; nth += 1) {
        const made = await installed(`kill-${good}-${nth}`);
        const last = Math.floor(((nth + 0.61) * acts) / KILLS);
        assert.equal(child(made, good, last).signal, "SIGKILL");
        started.add(boots(made));
        await resume(siteOn(made, good));
        assert.equal(stateOf(made.root)?.phase ?? "idle", "idle");
        const runs = boots(made);
        if (!good) assert.equal(runs, OLD, `before act ${last}`);
        kills += 1;
      }
      assert.deepEqual(started, new Set([OLD, NEW]));
      figure("update-killed", { kills });
    });
});
