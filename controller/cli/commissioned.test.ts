// Which sites are nagged about a signature, and that the page which explains the checks names every one.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMISSIONING_CHECKS, commissioningNag } from "./commissioned.ts";
import { loadSite } from "./load-site.ts";

const SITES = fileURLToPath(new URL("../../deploy/sites/", import.meta.url));
const PAGE = readFileSync(fileURLToPath(new URL("../../docs/commissioning.md", import.meta.url)), "utf8");
const VILLAGE = loadSite(join(SITES, "eco-village.yaml")).model;
const NEW = loadSite(join(SITES, "new.yaml")).model;
const DEMO = loadSite(fileURLToPath(new URL("../twin/sites/village.yaml", import.meta.url))).model;
const EXAMPLE = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? "";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridwright-signed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const nag = (text: string | undefined, model = VILLAGE): string | undefined => {
  if (text !== undefined) writeFileSync(join(folder, "commissioned.yaml"), text);
  return commissioningNag(join(folder, "site.yaml"), model);
};

describe("the nag about the commissioning", () => {
  //  case                              file                                                     says
  const rows: readonly (readonly [string, string | undefined, RegExp | undefined])[] = [
    ["nobody signed", undefined, /nobody has signed/],
    ["all is signed, as the page shows it", EXAMPLE, undefined],
    [
      "one check is missing",
      EXAMPLE.replace(/^ {2}rcd-on-island: .*\n/m, ""),
      /not complete .*: rcd-on-island;/,
    ],
    [
      "a check without a word",
      EXAMPLE.replace("meters: done", 'meters: ""'),
      /not understood \(checks.meters\)/,
    ],
    ["nobody's name", EXAMPLE.replace(/^by: .*\n/m, ""), /not understood \(by\)/],
    ["no YAML", "by: [", /not understood/],
  ];
  for (const [name, text, says] of rows)
    it(name, () =>
      says === undefined ? assert.equal(nag(text), undefined) : assert.match(nag(text) ?? "", says),
    );

  it("a simulated site, and one with no device, are left alone", () => {
    assert.equal(nag(undefined, DEMO), undefined);
    assert.equal(nag(undefined, NEW), undefined);
  });

  it("the page explains every check, and no other", () => {
    const explained = [...PAGE.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(explained, [...COMMISSIONING_CHECKS]);
  });
});
