// A copy of the tree as it stands, in a folder of its own, to be spoiled: what git knows and what is new, with the packages that
// are installed here. Its workspaces lead to the copy's own sources.
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../laws/source.ts";
import { type Defect, planted } from "./defect.ts";

const LISTED = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
const BUILT_PAGE = "dashboards/web/dist";
const FIGURES = ".cache/figures.json";
const COMMAND_MS_MAX = 1_800_000;
const OUTPUT_BYTES_MAX = 50_000_000;

/** Links to what lies in `from`; links that are there, as those of workspaces, stay as they are and so lead into the copy. */
function linkAll(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const [there, here] = [join(from, name), join(to, name)];
    if (lstatSync(there).isSymbolicLink()) symlinkSync(readlinkSync(there), here);
    else if (name.startsWith("@")) linkAll(there, here);
    else if (lstatSync(there).isFile()) copyFileSync(there, here);
    else symlinkSync(there, here);
  }
}

function copyTo(folder: string): void {
  const list = execFileSync("git", LISTED, { cwd: ROOT, encoding: "utf8" });
  for (const path of new Set(list.split("\0"))) {
    if (path === "" || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path), { verbatimSymlinks: true });
  }
  linkAll(join(ROOT, "node_modules"), join(folder, "node_modules"));
  if (existsSync(join(ROOT, BUILT_PAGE)))
    cpSync(join(ROOT, BUILT_PAGE), join(folder, BUILT_PAGE), { recursive: true });
}

export interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

export interface TreeCopy {
  /** Runs an npm script of the copy. */
  run(script: string, ...words: readonly string[]): Ran;
  /** Ids of the claims that its RELIABILITY.md calls red, and of all that it has. */
  rows(): { readonly all: readonly string[]; readonly red: readonly string[] };
  /** As it stands is how `plant` finds it, and how it leaves it. */
  keep(): void;
  /** Runs `act` while the defect is in the copy. */
  plant<T>(defect: Defect, act: () => T): T;
  close(): void;
}

/** Makes the copy; takes some seconds. */
export function copyTree(): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-planted-"));
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8" });
  const text = (path: string): string => readFileSync(join(folder, path), "utf8");
  let figures = "{}";
  copyTo(folder);
  git("init", "-q");
  git("add", "-A");
  return {
    run(script, ...words) {
      const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", script, "--", ...words], {
        ...{ cwd: folder, encoding: "utf8", timeout: COMMAND_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX },
        // A run inside a run: what the outer one tells its tests is not for the inner.
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
      });
      return { ok: status === 0, output: `${stdout}${stderr}` };
    },
    rows() {
      const lines = text("RELIABILITY.md").matchAll(/^\| ([\w-]+) \|(.*)$/gm);
      const found = [...lines].map(([, id = "", rest = ""]) => ({ id, isRed: rest.includes("| ✖ red |") }));
      return {
        all: found.map(({ id }) => id),
        red: found.filter(({ isRed }) => isRed).map(({ id }) => id),
      };
    },
    keep() {
      git("add", "-A");
      // A proof that tells no figure leaves none.
      figures = existsSync(join(folder, FIGURES)) ? text(FIGURES) : figures;
    },
    plant({ file, ...defect }, act) {
      writeFileSync(join(folder, file), planted({ file, ...defect }, text(file)));
      try {
        return act();
      } finally {
        git("checkout", "-q", "--", ".");
        mkdirSync(dirname(join(folder, FIGURES)), { recursive: true });
        writeFileSync(join(folder, FIGURES), figures);
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
