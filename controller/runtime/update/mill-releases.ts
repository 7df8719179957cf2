// Two small releases for tests, as bundles signed by a key of their own: 1.4.0 and 1.5.0, which writes data of the next format.
import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FormatStep } from "../data-folder/data-format.ts";
import { type Bundle, openBundle, writeBundle } from "./bundle.ts";
import type { Manifest } from "./manifest.ts";
import { replaceIn } from "./tree.ts";

export const KEYS = generateKeyPairSync("ed25519");
export const OLD = "1.4.0";
export const NEW = "1.5.0";

const contents = (version: string): ReadonlyMap<string, Buffer> =>
  new Map([
    ["bin/node", Buffer.alloc(90_000, version)],
    ["controller/cli/main.ts", Buffer.from(`program ${version}\n`)],
    ["controller/core/empty.ts", Buffer.alloc(0)],
    ["package.json", Buffer.from(`{"version":"${version}"}\n`)],
  ]);

export function manifest(version: string, dataFormat: number, files = contents(version)): Manifest {
  return {
    ...{
      manifest: 1,
      product: "gridwright",
      version,
      platform: "linux-mill",
      dataFormat,
      madeAt: 1_790_000_000_000,
    },
    files: [
      ...[...files].map(([path, bytes]) => ({
        ...{ path, size: bytes.length, mode: path.startsWith("bin/") ? (0o755 as const) : (0o644 as const) },
        sha256: createHash("sha256").update(bytes).digest("hex"),
      })),
      { path: "node_modules/core", target: "../controller/core" },
    ],
  };
}

/** Writes a bundle into a folder and opens it. */
export async function bundle(
  folder: string,
  made: Manifest,
  {
    key = KEYS.privateKey,
    files = contents(made.version),
  }: { key?: KeyObject; files?: ReadonlyMap<string, Buffer> } = {},
): Promise<Bundle> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `gridwright-${made.version}.gwu`);
  const contentOf = async function* ({ path: name }: { path: string }): AsyncGenerator<Buffer> {
    yield files.get(name) ?? Buffer.alloc(0);
  };
  await writeBundle(path, made, { key, contentOf });
  return openBundle(path, KEYS.publicKey);
}

/** From the format of 1.4.0 to that of 1.5.0: one file becomes two, and back. */
export const STEPS: readonly FormatStep[] = [
  {
    from: 1,
    up(data) {
      const both =
        data.read("tiers.json")?.toString() ?? `${data.read("own.json")} ${data.read("lent.json")}`;
      const [own = "", lent = ""] = both.split(" ");
      replaceIn(data, "own.json", own);
      replaceIn(data, "lent.json", lent);
      data.remove("tiers.json");
      data.sync("");
    },
    down(data) {
      if (data.read("own.json") !== undefined && data.read("lent.json") !== undefined)
        replaceIn(data, "tiers.json", `${data.read("own.json")} ${data.read("lent.json")}`);
      data.remove("own.json");
      data.remove("lent.json");
      data.sync("");
    },
  },
];
