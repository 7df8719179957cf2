// Which files of the long suite passed on this very tree, so that a run that was stopped goes on where it stopped. What changed
// since, in a commit or not, begins anew.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ROOT } from "./root.ts";

const FILE = join(ROOT, ".cache", "long-passed.json");
const Kept = z.strictObject({ tree: z.string(), passed: z.array(z.string()) });
/** What a long run itself writes when it ends: no change of the tree that it tests. */
const WRITTEN = [":!RELIABILITY.md", ":!controller/cli/dev/reliability/figures.json"];

/** Of all that git knows and what was changed since; null where this is no clone. */
export function treeHash(root: string): string | null {
  const hash = createHash("sha256");
  for (const args of [
    ["rev-parse", "HEAD"],
    ["diff", "HEAD", "--", ".", ...WRITTEN],
    ["status", "--porcelain", "--", ".", ...WRITTEN],
  ]) {
    const { status, stdout } = spawnSync("git", args, { cwd: root, maxBuffer: 1e9 });
    if (status !== 0) return null;
    hash.update(stdout);
  }
  return hash.digest("hex");
}

export interface LongProgress {
  /** The files that did not pass yet. */
  left(files: readonly string[]): readonly string[];
  note(file: string): void;
  /** All passed: the next run begins anew. */
  finish(): void;
}

function passedBefore(file: string, tree: string): readonly string[] {
  if (!existsSync(file)) return [];
  const kept = Kept.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return kept.success && kept.data.tree === tree ? kept.data.passed : [];
}

/** Opens what is remembered; a tree without git remembers nothing. */
export function longProgress(file = FILE, tree = treeHash(ROOT)): LongProgress {
  const passed = new Set(tree === null ? [] : passedBefore(file, tree));
  const keep = (): void => {
    if (tree === null) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ tree, passed: [...passed] }));
  };
  return {
    left: (files) => files.filter((one) => !passed.has(one)),
    note(one) {
      passed.add(one);
      keep();
    },
    finish() {
      passed.clear();
      keep();
    },
  };
}
