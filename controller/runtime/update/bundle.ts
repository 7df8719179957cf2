// An update as one file on a stick: the signed manifest, then the contents of its files one after the other, packed. Nothing of
// a content is believed but by its hash in the manifest.
import { createHash, type KeyObject } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import {
  isPlain,
  type Manifest,
  openManifest,
  type PlainFile,
  SIGNATURE_BYTES,
  signManifest,
} from "./manifest.ts";

// magic "GWUPDATE", u32 version, u32 length of the manifest, the manifest (JSON), its signature (Ed25519, 64 bytes), then
// the files' contents in the manifest's order, together as gzip. Numbers little-endian.

const MAGIC = Buffer.from("GWUPDATE", "latin1");
const VERSION = 1;
const HEAD_BYTES = 16;
const MANIFEST_BYTES_MAX = 32_000_000;

export interface Bundle {
  readonly path: string;
  readonly manifest: Manifest;
  /** As they were signed. */
  readonly signed: { readonly manifest: Buffer; readonly signature: Buffer };
  /** Where the contents begin. */
  readonly contentsAt: number;
}

const refused = (path: string, why: string, cause?: unknown): GridwrightError =>
  new GridwrightError("update-refused", `${path} ${why}`, { place: { file: path }, cause });

/** The head of an update, proved by its signature. Throws `update-refused`. */
export async function openBundle(path: string, key: KeyObject): Promise<Bundle> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const take = async (at: number, bytes: number): Promise<Buffer> => {
    if (at + bytes > size) throw refused(path, "is torn");
    return (await file.read(Buffer.alloc(bytes), { position: at })).buffer;
  };
  const head = size < HEAD_BYTES ? Buffer.alloc(HEAD_BYTES) : await take(0, HEAD_BYTES);
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw refused(path, "is no update of gridwright.");
  const length = head.readUInt32LE(12);
  if (head.readUInt32LE(8) !== VERSION || length > MANIFEST_BYTES_MAX)
    throw refused(path, "is of a form that this program does not know.");
  const signed = {
    manifest: await take(HEAD_BYTES, length),
    signature: await take(HEAD_BYTES + length, SIGNATURE_BYTES),
  };
  const manifest = openManifest(signed.manifest, signed.signature, key);
  return { path, manifest, signed, contentsAt: HEAD_BYTES + length + SIGNATURE_BYTES };
}

/** What unpacking gives: a piece of a file, the last of which is marked. */
export interface Unpacked {
  readonly file: PlainFile;
  readonly bytes: Buffer;
  readonly last: boolean;
}

/** Cuts a stream of bytes into files by their sizes, and proves each by its hash. */
class Cutter {
  readonly #files: readonly PlainFile[];
  readonly #path: string;
  #at = 0;
  #left: number;
  #hash = createHash("sha256");

  constructor(path: string, files: readonly PlainFile[]) {
    this.#path = path;
    this.#files = files;
    this.#left = files[0]?.size ?? 0;
  }

  *take(bytes: Buffer): Generator<Unpacked> {
    let rest = bytes;
    for (let file = this.#files[this.#at]; file !== undefined; file = this.#files[this.#at]) {
      const piece = rest.subarray(0, this.#left);
      rest = rest.subarray(piece.length);
      this.#left -= piece.length;
      this.#hash.update(piece);
      const last = this.#left === 0;
      if (last) this.#prove(file);
      yield { file, bytes: piece, last };
      if (!last) return;
    }
    if (rest.length > 0) throw refused(this.#path, "holds more than its manifest says.");
  }

  end(): void {
    if (this.#at < this.#files.length) throw refused(this.#path, "is torn");
  }

  #prove({ path, sha256 }: PlainFile): void {
    if (this.#hash.digest("hex") !== sha256)
      throw refused(this.#path, `is damaged: ${path} in it is not what was signed.`);
    this.#at += 1;
    this.#left = this.#files[this.#at]?.size ?? 0;
    this.#hash = createHash("sha256");
  }
}

/** All contents in order. Throws `update-refused` where one is not what was signed. */
export async function* contentsOf({ path, manifest, contentsAt }: Bundle): AsyncGenerator<Unpacked> {
  const cutter = new Cutter(path, manifest.files.filter(isPlain));
  const gunzip = createGunzip();
  const reading = pipeline(createReadStream(path, { start: contentsAt }), gunzip);
  reading.catch(() => undefined);
  try {
    for await (const bytes of gunzip) yield* cutter.take(bytes as Buffer);
  } catch (cause) {
    if (cause instanceof GridwrightError) throw cause;
    throw refused(path, `is torn or damaged (${messageOf(cause)}).`, cause);
  }
  yield* cutter.take(Buffer.alloc(0));
  cutter.end();
}

/** Writes an update; `contentOf` gives each plain file's content. */
export async function writeBundle(
  path: string,
  manifest: Manifest,
  {
    key,
    contentOf,
  }: { readonly key: KeyObject; readonly contentOf: (file: PlainFile) => AsyncIterable<Buffer> },
): Promise<void> {
  const text = Buffer.from(JSON.stringify(manifest), "utf8");
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head, 0);
  head.writeUInt32LE(VERSION, 8);
  head.writeUInt32LE(text.length, 12);
  const out = createWriteStream(path);
  out.write(Buffer.concat([head, text, signManifest(text, key)]));
  const contents = async function* (): AsyncGenerator<Buffer> {
    for (const file of manifest.files) if (isPlain(file)) yield* contentOf(file);
  };
  await pipeline(contents, createGzip(), out);
}
