import assert from "node:assert/strict";
import { test } from "node:test";
import * as shape from "./shape.ts";
import { readTree, type SourceFile } from "./source.ts";

type Law = (files: readonly SourceFile[]) => string[];

const LAWS: readonly (readonly [string, Law])[] = [
  ["no file is longer than its ceiling", shape.longFiles],
  ["every file is named after what it holds", shape.namelessFiles],
  ["every module opens with one to six lines on what it is", shape.withoutOpening],
  ["no law of the linter is switched off in a file", shape.escapeHatches],
  ["nothing holds on one machine only", shape.machineTraces],
];

for (const [name, law] of LAWS) test(name, () => assert.deepEqual(law(readTree()), []));

const lines = (n: number): string => "a();\n".repeat(n);
const opening = (n: number): string => `${"// words\n".repeat(n)}a();\n`;
const slash = "/";

//  case                                       law                    path                              text          seen
const CASES: readonly (readonly [string, Law, string, string, boolean])[] = [
  ["251 lines are too many", shape.longFiles, "controller/core/a.ts", lines(251), true],
  ["250 lines are not", shape.longFiles, "controller/core/a.ts", lines(250), false],
  ["a test may have 400", shape.longFiles, "controller/core/a.test.ts", lines(400), false],
  ["and no more", shape.longFiles, "controller/core/a.test.ts", lines(401), true],
  ["what is generated may be long", shape.longFiles, "controller/contract/generated/a.ts", lines(999), false],
  ["a view has the same ceiling", shape.longFiles, "dashboards/grafana/panel/src/a.tsx", lines(251), true],
  ["firmware has the same ceiling", shape.longFiles, "firmware-bridge/firmware/a.c", lines(251), true],
  ["utils says nothing", shape.namelessFiles, "controller/core/utils.ts", "", true],
  ["types says nothing", shape.namelessFiles, "flows/src/types.ts", "", true],
  ["helpers says nothing", shape.namelessFiles, "tests/tools/helpers.ts", "", true],
  ["a name that ends so may say something", shape.namelessFiles, "controller/core/load-types.ts", "", false],
  ["no opening", shape.withoutOpening, "controller/core/a.ts", opening(0), true],
  ["no opening of a view", shape.withoutOpening, "dashboards/grafana/panel/src/a.tsx", opening(0), true],
  ["an opening of one line", shape.withoutOpening, "controller/core/a.ts", opening(1), false],
  ["an opening of six lines", shape.withoutOpening, "controller/core/a.ts", opening(6), false],
  ["an opening of seven lines", shape.withoutOpening, "controller/core/a.ts", opening(7), true],
  ["an opening as a block", shape.withoutOpening, "controller/core/a.ts", "/** Words. */\na();", false],
  ["a test needs none", shape.withoutOpening, "controller/core/a.test.ts", opening(0), false],
  ["@ts-ignore", shape.escapeHatches, "controller/core/a.ts", `// @ts-${"ignore"}\na();`, true],
  [
    "any allowed by hand",
    shape.escapeHatches,
    "a.ts",
    `// biome-${"ignore"} lint/suspicious/noExplicitAny: x`,
    true,
  ],
  ["all rules off", shape.escapeHatches, "a.ts", `// biome-${"ignore"}-all lint: x`, true],
  [
    "a rule that is no law",
    shape.escapeHatches,
    "a.ts",
    `// biome-${"ignore"} lint/style/useConst: x`,
    false,
  ],
  ["a home folder", shape.machineTraces, "README.md", `see ${slash}home/ana/site.yaml`, true],
  ["a temporary folder", shape.machineTraces, "a.ts", `const at = "${slash}tmp/data";`, true],
  ["a folder of ours named so", shape.machineTraces, "README.md", "see docs/work/a.md and ./tmp/b", false],
  [
    "a registry in the lockfile",
    shape.machineTraces,
    "package-lock.json",
    `https://registry.npm${"js"}.org/zod`,
    true,
  ],
];

for (const [name, law, path, text, seen] of CASES) {
  test(`${law.name}: ${name}`, () => assert.equal(law([{ path, text }]).length, seen ? 1 : 0));
}
