import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { addSimulateCommand } from "./simulate.ts";

const KETTLE = fileURLToPath(new URL("../../twin/scenarios/manual/kettle.yaml", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gridwright-simulate-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = ["--days", "3", "--hours", "0.05", "--jobs", "1"];

/** What the command writes; throws what it throws. */
async function simulate(flags: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addSimulateCommand(program, (line) => void lines.push(line));
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(["simulate", ...flags], { from: "user" });
  return lines;
}

describe("simulate refuses before the first day", () => {
  //  case                          flags                                           says
  const REFUSED = [
    ["a report without a folder", ["--report", join(folder, "away/out.json")], /there is no folder/],
    ["a scenario that is to be played", ["--scenario", KETTLE], /play it with gridwright scenario/],
    ["a scenario that is not there", ["--scenario", "none.yaml"], /There is no scenario file none\.yaml/],
    ["a drawn site beside one that is named", ["--drawn", "--site", "a.yaml"], /'--drawn'.*'--site/],
    ["drawn habits beside those of a file", ["--drawn", "--scenario", "a.yaml"], /'--drawn'.*'--scenario/],
  ] as const;
  for (const [name, flags, says] of REFUSED)
    it(name, () => assert.rejects(simulate([...HOUR, ...flags]), says));
});

describe("a run of days that Ctrl-C ends", () => {
  it("says that none was played, on the screen and in the report", async () => {
    const report = join(folder, "none.json");
    const told = simulate([...HOUR, "--report", report]);
    process.emit("SIGINT");
    assert.deepEqual(await told, ["interrupted: none of 3 days was played to its end"]);
    assert.equal(process.exitCode, 130);
    process.exitCode = 0;
    const { days, asked, interrupted, seeds } = JSON.parse(readFileSync(report, "utf8"));
    assert.deepEqual(
      { days, asked, interrupted, seeds },
      { days: 0, asked: 3, interrupted: true, seeds: [] },
    );
  });
});

it("a run tells its figures, and what they mean", async () => {
  const report = join(folder, "all.json");
  const text = (await simulate([...HOUR, "--report", report])).join("\n");
  assert.match(text, /^seeds 1 to 3: /);
  for (const word of ["not served: ", "tier 0", "Jain: ", "curtailed: ", "trace: "])
    assert.ok(text.includes(word), `${word} in\n${text}`);
  const { days, asked, interrupted } = JSON.parse(readFileSync(report, "utf8"));
  assert.deepEqual({ days, asked, interrupted }, { days: 3, asked: 3, interrupted: false });
});
