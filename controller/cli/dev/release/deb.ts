// A release as a Debian package: one folder below /opt and four small scripts, which hand over to the release's own install.sh. The
// same sources give the same bytes. The signature is Ed25519 over the whole file, which openssl checks.
import { spawnSync } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Arch } from "./tree.ts";

export interface DebOptions {
  /** A release as tree.ts makes it, on the same disk as `out`; it is moved into the package. */
  readonly tree: string;
  readonly version: string;
  readonly arch: Arch;
  readonly epochS: number;
  /** Folder for the package. */
  readonly out: string;
}

const BELOW = "opt/gridwright/releases";

const control = ({ version, arch }: DebOptions, installedKb: number): string =>
  [
    "Package: gridwright",
    `Version: ${version}`,
    `Architecture: ${arch}`,
    "Maintainer: the gridwright project <gridwright@localhost>",
    `Installed-Size: ${installedKb}`,
    "Depends: systemd (>= 252), socat, libc6 (>= 2.36), libstdc++6",
    "Suggests: influxdb, influxdb-client, mosquitto",
    "Section: net",
    "Priority: optional",
    "Description: controller for community microgrids and shared workshops",
    " Reads inverters, batteries, meters and machines, sheds load by need when power",
    " is short, brings it back when there is room, and says why. No cloud, no account,",
    " no internet.",
    "",
  ].join("\n");

/** Each script calls the release that it belongs to: none of its own ways to do the same. */
const scripts = (version: string): Readonly<Record<string, string>> => {
  const install = `/${BELOW}/${version}/deploy/install.sh`;
  return {
    postinst: `#!/bin/sh\nset -e\n[ "$1" = configure ] || exit 0\nexec ${install} --here\n`,
    prerm: `#!/bin/sh\nset -e\n[ "$1" = remove ] || exit 0\nexec ${install} --uninstall --keep-releases\n`,
    postrm: [
      "#!/bin/sh",
      "set -e",
      '[ "$1" = remove ] || [ "$1" = purge ] || exit 0',
      "rm -rf /opt/gridwright /var/cache/gridwright",
      "",
    ].join("\n"),
  };
};

function run(command: string, args: readonly string[], epochS: number): string {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epochS), LC_ALL: "C" };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`);
  return stdout;
}

function writeScript(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** Writes the package and gives its path. */
export function buildDeb(options: DebOptions): string {
  const { tree, version, arch, epochS, out } = options;
  const stage = join(out, `.stage-${arch}`);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, BELOW), { recursive: true });
  mkdirSync(join(stage, "DEBIAN"));
  const docs = join(stage, "usr/share/doc/gridwright");
  mkdirSync(docs, { recursive: true });
  renameSync(tree, join(stage, BELOW, version));
  symlinkSync(`/${BELOW}/${version}/LICENSE`, join(docs, "copyright"));
  const kb = Number(run("du", ["-sk", "--apparent-size", stage], epochS).split("\t")[0]);
  writeFileSync(join(stage, "DEBIAN/control"), control(options, kb));
  for (const [name, text] of Object.entries(scripts(version))) writeScript(join(stage, "DEBIAN", name), text);
  const path = join(out, `gridwright_${version}_${arch}.deb`);
  settleFolders(stage, epochS);
  run("dpkg-deb", ["--root-owner-group", "-Zzstd", "--threads-max=1", "--build", stage, path], epochS);
  rmSync(stage, { recursive: true });
  return path;
}

/** Times of the few folders around the release; dpkg-deb keeps those that are older than the date it is given. */
function settleFolders(stage: string, epochS: number): void {
  const list = run("find", [stage, "-newermt", `@${epochS}`, "-not", "-type", "l"], epochS);
  for (const path of list
    .split("\n")
    .filter((one) => one !== "")
    .sort()
    .reverse())
    utimesSync(path, epochS, epochS);
}

/** Writes `<file>.sig` and gives its path. `key`: a private Ed25519 key as PEM. */
export function signFile(file: string, key: string): string {
  const privateKey = createPrivateKey(readFileSync(key));
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new Error(`${key} is no Ed25519 key: openssl genpkey -algorithm ed25519`);
  writeFileSync(`${file}.sig`, sign(null, readFileSync(file), privateKey));
  return `${file}.sig`;
}
