// What a release consists of, file by file with its hash, signed by those who made it. An update is believed by this signature
// alone, wherever the stick was.
import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";

/** Relative, and never out of the release. */
const Path = z.string().regex(/^(?!\.\.?(?:\/|$))[^/\0]+(?:\/(?!\.\.?(?:\/|$))[^/\0]+)*$/);
const Version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}(?:-[0-9a-z.]{1,40})?$/);

const PlainFile = z.strictObject({
  path: Path,
  mode: z.union([z.literal(0o644), z.literal(0o755)]),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const LinkFile = z.strictObject({ path: Path, target: z.string().min(1) });

export const Manifest = z
  .strictObject({
    manifest: z.literal(1),
    product: z.literal("gridwright"),
    version: Version,
    /** `linux-arm64`; `any`: nothing in it is of one machine alone. */
    platform: z.string().min(1),
    /** Of data folders that it writes. */
    dataFormat: z.int().min(1),
    madeAt: z.number(),
    files: z.array(z.union([PlainFile, LinkFile])),
  })
  .refine(({ files }) => files.every((file) => !("target" in file) || staysWithin(file)), {
    error: "a link leads out of the release",
  });
export type Manifest = z.output<typeof Manifest>;
export type ReleaseFile = Manifest["files"][number];
export type PlainFile = z.output<typeof PlainFile>;

export const isPlain = (file: ReleaseFile): file is PlainFile => "sha256" in file;

/** A link's target, followed from where it lies, must not leave the release. */
function staysWithin({ path, target }: z.output<typeof LinkFile>): boolean {
  if (target.startsWith("/")) return false;
  let depth = path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "." && part !== "") depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

export const SIGNATURE_BYTES = 64;
/** What is signed begins so: no other signature of the key can be taken for this one. */
const CONTEXT = Buffer.from("gridwright release\n", "latin1");

export const signManifest = (manifest: Buffer, key: KeyObject): Buffer =>
  sign(null, Buffer.concat([CONTEXT, manifest]), key);

const refused = (why: string, cause?: unknown): GridwrightError =>
  new GridwrightError("update-refused", why, { cause });

/** The public key of a PEM. Throws `update-refused`. */
export function updateKey(pem: string, file: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (error) {
    throw refused(`${file} holds no public key (PEM).`, error);
  }
  throw refused(`${file} holds a key of another kind than Ed25519.`);
}

/** The manifest, once its signature is the key's. Throws `update-refused`. */
export function openManifest(manifest: Buffer, signature: Buffer, key: KeyObject): Manifest {
  if (!verify(null, Buffer.concat([CONTEXT, manifest]), key, signature))
    throw refused("This update is not signed by the key that is installed here; nothing of it was used.");
  const parsed = Manifest.safeParse(JSON.parse(manifest.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw refused(
    "This update is of a form that this program does not know: install a version in between first.",
  );
}

const numbersOf = (version: string): readonly number[] =>
  (version.split("-")[0] ?? "").split(".").map(Number);

/** Whether `version` is later than `than`; what follows a hyphen comes before the same without it. */
export function isLater(version: string, than: string): boolean {
  const [mine, theirs] = [numbersOf(version), numbersOf(than)];
  const at = mine.findIndex((number, place) => number !== theirs[place]);
  if (at >= 0) return (mine[at] ?? 0) > (theirs[at] ?? 0);
  const [early, earlier] = [version.includes("-"), than.includes("-")];
  return early === earlier ? version > than : earlier;
}
