// What comes along from outside, in both lockfiles: licences that go with ours, nothing that is known to be bad, no script that npm
// would run, and a list that somebody went through within the last year.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  deniedComplaints,
  licenceComplaints,
  scriptComplaints,
} from "../../controller/cli/dev/release/accounts.ts";
import { accountable, readLists, readLock, releaseParts } from "../../controller/cli/dev/release/tree.ts";
import { figure } from "../tools/figure.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LISTS = readLists(ROOT);
const OURS = accountable(readLock(join(ROOT, "package-lock.json")));
const NODE_RED = accountable(readLock(join(ROOT, "flows/node-red/package-lock.json")));
const ALL = [...OURS, ...NODE_RED];

describe("packages from outside", () => {
  it("their licences go with AGPL-3.0-or-later", () => assert.deepEqual(licenceComplaints(ALL, LISTS), []));
  it("none is on the deny-list", () => assert.deepEqual(deniedComplaints(ALL, LISTS), []));
  it("install scripts are off, and each that there is has a reason", () => {
    assert.match(readFileSync(join(ROOT, ".npmrc"), "utf8"), /^ignore-scripts=true$/m);
    assert.deepEqual(scriptComplaints(ALL, LISTS), []);
  });
  it("every one that a release holds has the hash that npm checks", () => {
    // What npm's own package brings inside it is under that one's hash.
    const bare = releaseParts(ROOT, "arm64", true).filter(({ entry }) => entry.integrity === undefined);
    assert.deepEqual(
      bare.map(({ path }) => path).filter((path) => !path.includes("node_modules/npm/node_modules/")),
      [],
    );
  });
  it("the list names no package that is not there", () => {
    const names = new Set(ALL.map(([path]) => path.split("node_modules/").at(-1)));
    assert.deepEqual(
      Object.keys(LISTS.known).filter((name) => !names.has(name)),
      [],
    );
  });
});

describe("the bill of materials of a release", () => {
  for (const arch of ["amd64", "arm64"] as const)
    it(`for ${arch} holds what runs, that machine's Node, and nothing that only builds or tests`, () => {
      const names = releaseParts(ROOT, arch, true).map(({ path }) => path.split("node_modules/").at(-1));
      for (const name of [
        "zod",
        "fastify",
        "aedes",
        "node-red",
        `node-linux-${arch === "amd64" ? "x64" : "arm64"}`,
      ])
        assert.ok(names.includes(name), name);
      for (const name of ["typescript", "@biomejs/biome", "vite", "playwright-core", "axe-core"])
        assert.ok(!names.includes(name), name);
      assert.equal(names.filter((name) => name?.startsWith("node-linux-")).length, 1);
      figure("R12", { packages: ALL.length, [arch]: names.length });
    });
});
