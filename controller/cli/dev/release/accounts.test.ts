// What the lists say of packages, as a table; and which packages a folder needs, nested as npm nests them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deniedComplaints, Lists, licenceComplaints, scriptComplaints } from "./accounts.ts";
import { type LockedPackage, type Lockfile, neededBy } from "./lockfile.ts";
import { sbomText } from "./sbom.ts";

const LISTS = Lists.parse({
  reviewed: "2026-11-29",
  licences: { MIT: "permissive licence", ISC: "permissive licence" },
  known: { bare: { licence: "ISC", why: "its LICENSE says so" } },
  installScripts: { port: "a binary is in the package" },
  denied: [
    { name: "old", below: "2.10.3", since: "2026-11-22", why: "ends the process" },
    { name: "taken", versions: ["5.6.1"], since: "2026-11-22", why: "was taken over" },
    { name: "never", since: "2026-11-22", why: "ends the process" },
  ],
});

const one = (name: string, entry: LockedPackage) => [[`node_modules/${name}`, entry]] as const;

describe("packages against the lists", () => {
  //  licence                        complaint
  const licences: readonly (readonly [string | undefined, RegExp | undefined])[] = [
    ["MIT", undefined],
    ["GPL-2.0-only", /is under GPL-2.0-only/],
    ["(GPL-2.0 OR MIT)", undefined],
    ["(MIT AND GPL-2.0)", /is under/],
    [undefined, /names no licence/],
    ["toString", /is under toString/],
  ];
  for (const [license, complaint] of licences)
    it(`${license} ${complaint === undefined ? "goes" : "does not go"}`, () => {
      const found = licenceComplaints(one("some", license === undefined ? {} : { license }), LISTS).join();
      if (complaint === undefined) assert.equal(found, "");
      else assert.match(found, complaint);
    });
  it("a licence that a person read in the files counts", () =>
    assert.deepEqual(licenceComplaints(one("a/node_modules/bare", {}), LISTS), []));

  //  package  version   denied
  const versions: readonly (readonly [string, string, boolean])[] = [
    ["old", "2.9.11", true],
    ["old", "2.10.2", true],
    ["old", "2.10.3", false],
    ["old", "3.0.1", false],
    ["old", "2.10.2-beta.4", true],
    ["taken", "5.6.1", true],
    ["taken", "5.6.2", false],
    ["never", "7.1.4", true],
    ["older", "1.0.2", false],
  ];
  for (const [name, version, denied] of versions)
    it(`${name} ${version} is ${denied ? "" : "not "}denied`, () =>
      assert.equal(deniedComplaints(one(name, { version }), LISTS).length > 0, denied));

  it("a script that nobody looked at is told, and a reason for one that is gone", () => {
    assert.deepEqual(scriptComplaints(one("port", { hasInstallScript: true }), LISTS), []);
    assert.equal(scriptComplaints(one("builder", { hasInstallScript: true }), LISTS).length, 2);
  });
});

const LOCK: Lockfile = {
  packages: {
    "rooms/a": { dependencies: { "@gridwright/b": "1", left: "2" } },
    "node_modules/@gridwright/b": { link: true, resolved: "rooms/b" },
    "rooms/b": { dependencies: { right: "3" }, optionalDependencies: { absent: "4" } },
    "node_modules/left": { version: "2.7.1", dependencies: { right: "5" } },
    "node_modules/left/node_modules/right": { version: "5.3.2" },
    "node_modules/right": { version: "3.8.4", dependencies: { left: "2" } },
    "node_modules/unused": { version: "6.1.9" },
  },
};

describe("what a room needs", () => {
  it("follows links, nesting and circles, and takes nothing else", () =>
    assert.deepEqual(neededBy(LOCK, ["rooms/a"]), [
      "node_modules/@gridwright/b",
      "node_modules/left",
      "node_modules/left/node_modules/right",
      "node_modules/right",
      "rooms/a",
      "rooms/b",
    ]));
  it("a lockfile with a gap is refused", () =>
    assert.throws(
      () => neededBy({ packages: { x: { dependencies: { gone: "7" } } } }, ["x"]),
      /x needs gone/,
    ));
});

it("the bill of materials names each package once, sorted, with npm's hash in hexadecimal", () => {
  const part = (path: string, version: string, licence: string) => ({
    ...{ path, licence },
    entry: { version, integrity: `sha512-${Buffer.from("qz").toString("base64")}` },
  });
  const text = sbomText(
    [
      part("node_modules/zz", "2.1.3", "MIT"),
      part("node_modules/@s/a", "4.5.6", "(MIT OR ISC)"),
      part("x/node_modules/zz", "2.1.3", "MIT"),
    ],
    { version: "7.8.9", date: "2026-11-29T10:20:30.000Z" },
  );
  const { components, metadata } = JSON.parse(text);
  assert.equal(metadata.component.version, "7.8.9");
  assert.deepEqual(
    components.map(({ purl }: { purl: string }) => purl),
    ["pkg:npm/%40s/a@4.5.6", "pkg:npm/zz@2.1.3"],
  );
  assert.deepEqual(components[0].licenses, [{ expression: "MIT OR ISC" }]);
  assert.deepEqual(components[1].hashes, [{ alg: "SHA-512", content: "717a" }]);
});
