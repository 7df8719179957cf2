import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { refuseReport, writeReport } from "./report-file.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-report-"));
after(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);

describe("a report that could not be written is refused before the first day", () => {
  mkdirSync(at("days"));
  writeFileSync(at("note"), "a note");
  //  case                         file                  says
  const REFUSED = [
    [
      "in a folder that is none",
      at("away/out.json"),
      /there is no folder .*away \(mkdir -p .*away makes it\)/,
    ],
    ["below a file", at("note/out.json"), /note is no folder/],
    ["that is a folder", at("days"), /it is a folder itself/],
    ["where the system takes none", "/proc/out.json", /ENOENT|EACCES/],
  ] as const;
  for (const [name, file, says] of REFUSED)
    it(name, () =>
      assert.throws(
        () => refuseReport(file),
        (error) => {
          assert.ok(error instanceof GridwrightError);
          assert.match(error.message, says);
          assert.match(error.message, /^The report .* cannot be written: .*give --report another file\.$/);
          return true;
        },
      ),
    );
});

describe("a report that can be written", () => {
  it("leaves no file before there are figures", () => {
    refuseReport(at("new.json"));
    assert.ok(!existsSync(at("new.json")));
  });
  it("leaves an older one as it is", () => {
    refuseReport(at("note"));
    assert.equal(readFileSync(at("note"), "utf8"), "a note");
  });
  it("holds what was written", () => {
    writeReport(at("out.json"), { days: 7 });
    assert.deepEqual(JSON.parse(readFileSync(at("out.json"), "utf8")), { days: 7 });
  });
});
