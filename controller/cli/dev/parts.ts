// The quick parts of a check that are one program each: format, lint, types, generated files.
// Each counts as one test. What they look at is set in biome.json, the tsconfig files and the table of generators.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./program.ts";
import type { Result } from "./result.ts";
import { ROOT } from "./root.ts";

interface Part {
  readonly name: string;
  readonly program: readonly [string, ...string[]];
}

const WEB_CONFIG = "dashboards/web/tsconfig.json";
const bin = (name: string): string => join(ROOT, "node_modules", ".bin", name);
const tsc = [process.execPath, join(ROOT, "node_modules", "typescript", "bin", "tsc")] as const;
const self = [process.execPath, ...process.execArgv, join(import.meta.dirname, "main.ts")] as const;

export const PARTS: readonly Part[] = [
  { name: "format", program: [bin("biome"), "format", "--max-diagnostics=200", "."] },
  {
    name: "lint",
    program: [
      bin("biome"),
      "check",
      "--formatter-enabled=false",
      "--error-on-warnings",
      "--diagnostic-level=warn",
      "--max-diagnostics=200",
      ".",
    ],
  },
  { name: "types", program: [...tsc, "--project", "tsconfig.json"] },
  { name: "types of the page", program: [...tsc, "--project", WEB_CONFIG] },
  { name: "generated files", program: [...self, "generate", "--check"] },
];

export async function runPart(part: Part): Promise<Result> {
  const began = performance.now();
  const [command, ...args] = part.program;
  const { ok, output } = await runProgram(command, args);
  const tookMs = performance.now() - began;
  console.log(`${ok ? "✔" : "✖"} ${part.name}  ${(tookMs / 1000).toFixed(1)} s`);
  if (!ok) console.log(output.trimEnd());
  return { name: part.name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, tookMs };
}

export async function runParts(): Promise<Result[]> {
  const results: Result[] = [];
  for (const part of PARTS) {
    if (part.program.includes(WEB_CONFIG) && !existsSync(join(ROOT, "dashboards/web/index.html"))) continue;
    results.push(await runPart(part));
  }
  return results;
}
