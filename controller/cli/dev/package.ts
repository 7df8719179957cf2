// `npm run package`: a release as a Debian package, or as a bare folder for install.sh. It says what it wrote and its hash.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runVisibly } from "./program.ts";
import { buildDeb, signFile } from "./release/deb.ts";
import { ARCHES, type Arch, buildTree } from "./release/tree.ts";
import { ROOT } from "./root.ts";

const HELP = `npm run package -- [--arch amd64|arm64] [--out DIR] [--key FILE] [--tree DIR] [--without-flows]

  --arch   the machine it is for; without it this one
  --out    folder for the package; without it dist/
  --key    private Ed25519 key (openssl genpkey -algorithm ed25519): writes a .sig beside the package
  --tree   no package: the release as a folder, which must not be there
  --without-flows   no Node-RED (a third of the size)
`;

const HERE: Arch = process.arch === "arm64" ? "arm64" : "amd64";

/** When the sources were last changed: what has no history says it by SOURCE_DATE_EPOCH. */
function epochOf(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0)
    throw new Error("no history here: set SOURCE_DATE_EPOCH to the date of the sources, in s");
  return Number(stdout.trim());
}

const isArch = (text: string): text is Arch => Object.hasOwn(ARCHES, text);

export async function makePackage(words: readonly string[]): Promise<number> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      arch: text,
      out: text,
      key: text,
      tree: text,
      "without-flows": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const arch = values.arch ?? HERE;
  if (values.help === true || !isArch(arch)) {
    console.log(HELP);
    return values.help === true ? 0 : 1;
  }
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const flows = values["without-flows"] !== true;
  const out = resolve(values.out ?? join(ROOT, "dist"));
  const tree = resolve(values.tree ?? join(out, `.release-${arch}`));
  mkdirSync(out, { recursive: true });
  if (flows && (await runVisibly(process.execPath, [join(ROOT, "flows/prepare.ts")])) !== 0) return 1;
  const epochS = epochOf();
  if (values.tree === undefined) rmSync(tree, { recursive: true, force: true });
  buildTree({ ...{ root: ROOT, to: tree, arch, epochS, flows } });
  if (values.tree !== undefined) {
    console.log(`${tree}: gridwright ${version} for ${arch}`);
    return 0;
  }
  const deb = buildDeb({ ...{ tree, version, arch, epochS, out } });
  console.log(`${createHash("sha256").update(readFileSync(deb)).digest("hex")}  ${deb}`);
  if (values.key === undefined) console.log("not signed: --key FILE signs it");
  else console.log(`signed: ${signFile(deb, values.key)}`);
  return 0;
}
