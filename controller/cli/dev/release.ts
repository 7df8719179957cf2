// Makes an update (*.gwu) out of the folder of a release: gridwright dev release FOLDER KEY OUT; and the pair of keys for it:
// gridwright dev release-key FOLDER; and a file with the boxes' firmware alone: gridwright dev box-image KEY OUT. The private key stays with those who make releases and is never in one.
import { createHash, createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  createReadStream,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { BOX_PLATFORM, HEX_PATH, SAYS_PATH } from "@gridwright/runtime/boxes/box-image.ts";
import { DATA_FORMAT } from "@gridwright/runtime/data-folder/data-format.ts";
import { writeBundle } from "@gridwright/runtime/update/bundle.ts";
import { Manifest, type ReleaseFile } from "@gridwright/runtime/update/manifest.ts";

/** Never part of a release. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".cache", ".ci", "data", "release.json"]);
/** Holds programs of one machine's kind. */
const OF_ONE_PLATFORM = "bin/node";

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function* filesOf(folder: string, below = ""): AsyncGenerator<ReleaseFile> {
  for (const name of readdirSync(join(folder, below)).sort()) {
    if (below === "" && LEFT_OUT.has(name)) continue;
    const path = below === "" ? name : `${below}/${name}`;
    const full = join(folder, path);
    const found = lstatSync(full);
    const mode = (found.mode & 0o100) === 0 ? 0o644 : 0o755;
    if (found.isDirectory()) yield* filesOf(folder, path);
    else if (found.isSymbolicLink()) yield { path, target: readlinkSync(full) };
    else yield { path, size: found.size, mode, sha256: await hashOf(full) };
  }
}

/** Writes `<out>/gridwright-<version>-<platform>.gwu`; gives its path. Version from the folder's package.json. */
export async function makeRelease(folder: string, keyFile: string, out: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const platform = existsSync(join(folder, OF_ONE_PLATFORM)) ? `${process.platform}-${process.arch}` : "any";
  const files: ReleaseFile[] = [];
  for await (const file of filesOf(folder)) files.push(file);
  const manifest = Manifest.parse({
    ...{
      manifest: 1,
      product: "gridwright",
      version,
      platform,
      dataFormat: DATA_FORMAT,
      madeAt: Date.now(),
      files,
    },
  });
  const path = join(out, `gridwright-${version}-${platform}.gwu`);
  const key = createPrivateKey(readFileSync(keyFile, "utf8"));
  await writeBundle(path, manifest, {
    key,
    async *contentOf(file) {
      yield* createReadStream(join(folder, file.path));
    },
  });
  return path;
}

/**
 * Writes `<out>/gridwright-box-<version>.gwu`: the boxes' firmware of these sources alone, for `gridwright box update --image`;
 * gives its path. Its platform is the box's, so that no controller is updated by it.
 */
export async function makeBoxImage(root: string, keyFile: string, out: string): Promise<string> {
  const contents = new Map([HEX_PATH, SAYS_PATH].map((path) => [path, readFileSync(join(root, path))]));
  const { firmware } = JSON.parse(String(contents.get(SAYS_PATH))) as { readonly firmware: number };
  const version = `${Math.floor(firmware / 100)}.${firmware % 100}.0`;
  const files = [...contents].map(([path, bytes]) => ({
    ...{ path, size: bytes.length, mode: 0o644 },
    sha256: createHash("sha256").update(bytes).digest("hex"),
  }));
  const of = { version, platform: BOX_PLATFORM, dataFormat: DATA_FORMAT, madeAt: Date.now() };
  const manifest = Manifest.parse({ manifest: 1, product: "gridwright", ...of, files });
  const path = join(out, `gridwright-box-${version}.gwu`);
  await writeBundle(path, manifest, {
    key: createPrivateKey(readFileSync(keyFile, "utf8")),
    async *contentOf(file) {
      yield contents.get(file.path) ?? Buffer.alloc(0);
    },
  });
  return path;
}

/** Writes `update-key.pem` (public, for every site) and `update-key.private.pem` (0600) into a folder. */
export function makeReleaseKeys(folder: string): void {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, "update-key.private.pem"), privateKey.export({ type: "pkcs8", format: "pem" }), {
    mode: 0o600,
    flag: "wx",
  });
  writeFileSync(join(folder, "update-key.pem"), publicKey.export({ type: "spki", format: "pem" }), {
    flag: "wx",
  });
}
