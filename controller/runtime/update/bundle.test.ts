// An update is believed by its signature alone: another key, a changed byte, a path that leads out of the release.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { figure } from "../../../tests/tools/figure.ts";
import { type Bundle, openBundle } from "./bundle.ts";
import { releaseFolder, unpack, versionsIn } from "./installed.ts";
import { isLater, type Manifest, type ReleaseFile, updateKey } from "./manifest.ts";
import { bundle, KEYS, manifest, NEW } from "./mill-releases.ts";
import { diskTree } from "./tree.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-bundle-"));
after(() => rmSync(folder, { recursive: true }));
let good: Bundle;
let bytes: Buffer;
before(async () => {
  good = await bundle(folder, manifest(NEW, 1));
  bytes = readFileSync(good.path);
});

const spoiled = join(folder, "spoiled.gwu");
/** What comes of these bytes: refused, or installed with the very contents that were signed. */
async function outcome(content: Buffer, nth: number): Promise<string> {
  writeFileSync(spoiled, content);
  const root = diskTree(join(folder, `root-${nth}`));
  root.folder("releases");
  try {
    await unpack(root, await openBundle(spoiled, KEYS.publicKey));
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && error.code === "update-refused", String(error));
    assert.deepEqual(versionsIn(root), []);
    return "refused";
  }
  assert.equal(root.read(`${releaseFolder(NEW)}/package.json`)?.toString(), `{"version":"${NEW}"}\n`);
  return "as signed";
}

describe("an update on a stick", () => {
  it("five hundred flipped bits: refused, or what was signed, never anything else", async () => {
    const said: string[] = [];
    for (let nth = 0; nth < 500; nth += 1) {
      const bit = Math.floor(((nth + 0.41) * bytes.length * 8) / 500);
      const one = Buffer.from(bytes);
      one.writeUInt8(one.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      said.push(await outcome(one, nth));
    }
    // A few bits of gzip's own head, such as its date, say nothing of the contents.
    assert.ok(
      said.filter((one) => one === "refused").length > 480,
      `${said.filter((one) => one === "refused").length}`,
    );
    const refused = said.filter((one) => one === "refused").length;
    figure("R11", { flipped: said.length, refused, asSigned: said.length - refused });
  });
  it("contents of another hand, as long and well packed, are refused behind the right manifest", async () => {
    const contents = gunzipSync(bytes.subarray(good.contentsAt));
    for (const [nth, at] of [0, contents.length >> 1, contents.length - 1].entries()) {
      const other = Buffer.from(contents);
      other.writeUInt8(other.readUInt8(at) ^ 1, at);
      const forged = Buffer.concat([bytes.subarray(0, good.contentsAt), gzipSync(other)]);
      assert.equal(await outcome(forged, 2_000 + nth), "refused");
    }
  });
  it("one that is torn is refused", async () => {
    for (const [nth, share] of [0.001, 0.02, 0.3, 0.7, 0.99].entries())
      assert.equal(
        await outcome(bytes.subarray(0, Math.floor(bytes.length * share)), 1_000 + nth),
        "refused",
      );
  });
  it("one of another key is refused, and a key of another kind", async () => {
    const stranger = generateKeyPairSync("ed25519");
    await assert.rejects(bundle(join(folder, "stranger"), manifest(NEW, 1), { key: stranger.privateKey }), {
      code: "update-refused",
      message: /not signed by the key/,
    });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({
      type: "spki",
      format: "pem",
    });
    for (const pem of [String(rsa), "no key"])
      assert.throws(() => updateKey(pem, "key.pem"), { code: "update-refused", message: /key\.pem/ });
  });
  it("a path or link that leads out of the release is refused, signed or not", async () => {
    const file = { size: 3, mode: 0o644 as const, sha256: "ab".repeat(32) };
    const rows: readonly ReleaseFile[] = [
      { path: "../escape", ...file },
      { path: "/etc/passwd", ...file },
      { path: "a/../../b", ...file },
      { path: "a//b", ...file },
      { path: "link", target: "/etc" },
      { path: "a/link", target: "../../out" },
      { path: "a/link", target: "b/../../../out" },
    ];
    mkdirSync(join(folder, "out"));
    for (const [nth, row] of rows.entries()) {
      const made: Manifest = { ...manifest(NEW, 1), files: [row] };
      await assert.rejects(
        bundle(join(folder, "out", `${nth}`), made),
        { code: "update-refused" },
        JSON.stringify(row),
      );
    }
  });
});

it("versions are compared as people count them", () => {
  const rows: readonly (readonly [version: string, than: string, then: boolean])[] = [
    ["1.10.0", "1.9.3", true],
    ["1.9.3", "1.10.0", false],
    ["2.0.0", "1.99.99", true],
    ["1.4.0", "1.4.0", false],
    ["1.4.0", "1.4.0-rc.2", true],
    ["1.4.0-rc.2", "1.4.0", false],
    ["1.4.0-rc.2", "1.4.0-rc.1", true],
  ];
  for (const [version, than, then] of rows)
    assert.equal(isLater(version, than), then, `${version} > ${than}`);
});
