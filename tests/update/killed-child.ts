// A process that installs an update on a real disk and kills itself before the given act; without one it says how many there were.
import { bringTo } from "@gridwright/runtime/data-folder/data-format.ts";
import { openBundle } from "@gridwright/runtime/update/bundle.ts";
import { type Site, update } from "@gridwright/runtime/update/course.ts";
import { versionAt } from "@gridwright/runtime/update/installed.ts";
import { updateKey } from "@gridwright/runtime/update/manifest.ts";
import { NEW, STEPS } from "@gridwright/runtime/update/mill-releases.ts";
import { diskTree, type Tree } from "@gridwright/runtime/update/tree.ts";

/** Where a release of tests runs: it does well, or not. */
export function siteOn(trees: { readonly root: Tree; readonly data: Tree }, isGood: boolean): Site {
  const { root, data } = trees;
  return {
    ...{ root, platform: "linux-mill", now: () => 1_790_000_000_000, say: () => undefined },
    stop: async () => undefined,
    start: async () => undefined,
    migrate: async (version, format) => bringTo(data, format, version === NEW ? STEPS : []),
    unhealthy: async () =>
      isGood || versionAt(root, "current") !== NEW ? undefined : "the page does not answer",
  };
}

let acts = 0;
/** The same tree; the process is gone before act number `last`. */
function mortal(tree: Tree, last: number): Tree {
  const counted =
    <A extends readonly unknown[]>(act: (...args: A) => void) =>
    (...args: A): void => {
      if (acts === last) process.kill(process.pid, "SIGKILL");
      acts += 1;
      act(...args);
    };
  const { folder, append, link, rename, remove, sync } = tree;
  return {
    ...tree,
    ...{ folder: counted(folder), append: counted(append), link: counted(link) },
    ...{ rename: counted(rename), remove: counted(remove), sync: counted(sync) },
  };
}

async function main([
  root = "",
  data = "",
  file = "",
  pem = "",
  good = "",
  last = "",
]: readonly string[]): Promise<void> {
  const at = last === "" ? Number.POSITIVE_INFINITY : Number(last);
  const trees = { root: mortal(diskTree(root), at), data: mortal(diskTree(data), at) };
  await update(siteOn(trees, good === "good"), await openBundle(file, updateKey(pem, "the key")));
  process.stdout.write(`${acts}\n`);
}

if (process.argv[1]?.endsWith("killed-child.ts")) await main(process.argv.slice(2));
