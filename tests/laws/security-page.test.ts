// SECURITY.md promises whom to tell, by when there is an answer and a cure, and for how long a release is mended.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { figure } from "../tools/figure.ts";
import { ROOT } from "./source.ts";

const PAGE = readFileSync(join(ROOT, "SECURITY.md"), "utf8");

/** The part below a heading. */
function part(heading: string): string {
  const [, text] = new RegExp(`^## ${heading}\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m").exec(PAGE) ?? [];
  return text ?? assert.fail(`SECURITY.md has no part «${heading}»`);
}
const number = (text: string, pattern: RegExp): number =>
  Number(pattern.exec(text)?.[1] ?? assert.fail(`${pattern} is not said`));

test("SECURITY.md says whom to tell, by when there is an answer, and what is supported for how long", () => {
  const reporting = part("Reporting");
  assert.match(reporting, /private vulnerability reporting/);
  assert.match(reporting, /not a public issue/);
  const answerDays = number(reporting, /within (\d+) days: an answer/);
  const cureDays = number(reporting, /within (\d+) days: a release/);
  const supportMonths = number(part("What is supported"), /for (\d+) months/);
  assert.ok(answerDays <= 7 && cureDays <= 90);
  figure("R15", { answerDays, cureDays, supportMonths });
});
