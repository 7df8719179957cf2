// Debian packages for a box, which has no network: fetched by this machine's own apt for the box's own system, and laid there as a small
// archive of its own, so that apt-get in the box works as it does elsewhere.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Box } from "./box.ts";

const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));
const ARCHIVE = "/srv/archive";

/** What apt needs to know of a package, from the package itself. */
function entryOf(folder: string, name: string): string {
  const { stdout } = spawnSync("dpkg-deb", ["--field", join(folder, name)], { encoding: "utf8" });
  const sum = spawnSync("sha256sum", [join(folder, name)], { encoding: "utf8" }).stdout.split(" ")[0];
  const size = spawnSync("stat", ["-c", "%s", join(folder, name)], { encoding: "utf8" }).stdout.trim();
  return `${stdout.trim()}\nFilename: ./${name}\nSize: ${size}\nSHA256: ${sum}\n`;
}

/** Throws with what apt said where it cannot fetch them. */
export function givePackages(box: Box, ...names: readonly string[]): void {
  const folder = join(CACHE, `packages-${names.join("-")}`);
  mkdirSync(join(folder, "partial"), { recursive: true });
  const of = [
    `Dir::State::status=${join(box.root, "var/lib/dpkg/status")}`,
    `Dir::Cache::archives=${folder}`,
  ];
  const args = ["-y", "--no-install-recommends", "--download-only", ...of.flatMap((one) => ["-o", one])];
  const { status, stdout, stderr } = spawnSync("apt-get", [...args, "install", ...names], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`apt-get fetched nothing: ${stdout}${stderr}`.slice(-800));
  const packages = readdirSync(folder).filter((name) => name.endsWith(".deb"));
  const to = join(box.root, ARCHIVE);
  mkdirSync(to, { recursive: true });
  for (const name of packages) cpSync(join(folder, name), join(to, name));
  writeFileSync(join(to, "Packages"), packages.map((name) => entryOf(folder, name)).join("\n"));
  rmSync(join(box.root, "etc/apt/sources.list"), { force: true });
  rmSync(join(box.root, "etc/apt/sources.list.d"), { recursive: true, force: true });
  writeFileSync(join(box.root, "etc/apt/sources.list"), `deb [trusted=yes] file:${ARCHIVE} ./\n`);
  const { status: updated, output } = box.run("apt-get", "update");
  if (updated !== 0) throw new Error(output);
}
