// A long run that was stopped goes on, on the same tree only.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { longProgress, treeHash } from "./long-progress.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-long-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "passed.json");
const FILES = ["tests/long/a.test.ts", "tests/long/b.test.ts", "tests/long/c.test.ts"];
const [a = "", b = "", c = ""] = FILES;

test("what passed is left out by the next run on the same tree", () => {
  const first = longProgress(file, "tree 7");
  assert.deepEqual(first.left(FILES), FILES);
  first.note(b);
  assert.deepEqual(longProgress(file, "tree 7").left(FILES), [a, c]);
  assert.deepEqual(longProgress(file, "tree 8").left(FILES), FILES);
});

test("once all passed the next run begins anew", () => {
  const run = longProgress(file, "tree 7");
  for (const one of FILES) run.note(one);
  run.finish();
  assert.deepEqual(longProgress(file, "tree 7").left(FILES), FILES);
});

test("a tree that cannot be named remembers nothing", () => {
  longProgress(file, null).note(a);
  assert.deepEqual(longProgress(file, null).left(FILES), FILES);
});

test("what a run writes when it ends is no change of the tree, whatever else is", () => {
  const root = join(folder, "clone");
  const figures = join(root, "controller/cli/dev/reliability/figures.json");
  mkdirSync(join(figures, ".."), { recursive: true });
  assert.equal(treeHash(root), null);
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@e.test", ...args], {
      cwd: root,
      stdio: "ignore",
    });
  const write = (text: string): void => {
    for (const path of [figures, join(root, "RELIABILITY.md")]) writeFileSync(path, text);
  };
  git("init");
  write("one");
  writeFileSync(join(root, "brain.ts"), "one");
  git("add", ".");
  git("commit", "-m", "one");
  const before = treeHash(root);
  write("two");
  assert.equal(treeHash(root), before);
  writeFileSync(join(root, "brain.ts"), "two");
  assert.notEqual(treeHash(root), before);
});
