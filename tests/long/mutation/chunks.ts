// Mutation testing of the core in pieces that can be put down and taken up again: a few source files at a time, each piece
// kept under a hash of everything it depends on, so that a change of the core asks for it anew.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesHash } from "@gridwright/cli/dev/files-hash.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const HERE = fileURLToPath(new URL("./", import.meta.url));
const KEPT = join(ROOT, ".cache/mutation.json");
/** Share of the mutants that tests must catch. */
export const CAUGHT_LEAST = 0.85;
const FILES_PER_PIECE = 4;
const CORE = "controller/core/**/*.ts";

/** How one mutant ended. «Killed» and «Timeout» are caught; «CompileError», «Ignored» count for nothing. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly status: string;
}

interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly mutants: readonly {
          status: string;
          mutatorName: string;
          location: { start: { line: number } };
        }[];
      }
    >
  >;
}

export interface MutationRun {
  /** Of core's sources and tests. */
  readonly of: string;
  readonly mutants: readonly Mutant[];
  readonly files: readonly string[];
}

const sources = (): readonly string[] => globSync(CORE, { cwd: ROOT }).sort();
const isTest = (path: string): boolean => path.endsWith(".test.ts");
const placeOf = (path: string): string => createHash("sha256").update(path).digest("hex");
const isFixture = (path: string): boolean => path.includes("/fixtures/");

/** What is mutated: all of core but its tests and their fixtures. */
export const mutated = (): readonly string[] => sources().filter((path) => !isTest(path) && !isFixture(path));

/** The same in an order that has nothing to do with what they are about: as far as a run came, it drew a sample. */
export const drawn = (): readonly string[] =>
  mutated().toSorted((left, right) => placeOf(left).localeCompare(placeOf(right)));

/** What is known of the core as it stands. */
export function known(): MutationRun {
  const none: MutationRun = { of: filesHash(sources()), mutants: [], files: [] };
  if (!existsSync(KEPT)) return none;
  const kept = JSON.parse(readFileSync(KEPT, "utf8")) as MutationRun;
  return kept.of === none.of ? kept : none;
}

/** Texts are not mutated: they are names of a catalogue, which the compiler checks, or words for people. */
const configOf = (files: readonly string[], report: string): object => ({
  packageManager: "npm",
  testRunner: "tap",
  plugins: [join(HERE, "node_modules/@stryker-mutator/tap-runner/dist/src/index.js")],
  tap: {
    testFiles: sources().filter(isTest),
    nodeArgs: ["--test-reporter=tap", "-r", "{{hookFile}}", "{{testFile}}"],
  },
  mutate: files,
  mutator: { excludedMutations: ["StringLiteral"] },
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: report },
  tempDirName: ".cache/mutation",
  ignorePatterns: ["/dashboards", "/docs", "/tests", "/firmware-bridge"],
  // The compiler's API, which Stryker would rewrite a tsconfig with, is not there; Node takes the sources as they are.
  tsconfigFile: "none.json",
});

/** Installs Stryker beside this file; about 100 MB that nothing else needs. */
export function install(): void {
  if (existsSync(join(HERE, "node_modules/@stryker-mutator/core"))) return;
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--workspaces=false"], {
    cwd: HERE,
    stdio: "inherit",
  });
}

function mutantsOf({ files }: Report): Mutant[] {
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map(({ status, mutatorName, location }) => ({
      file,
      line: location.start.line,
      mutator: mutatorName,
      status,
    })),
  );
}

/** Does the next piece and keeps it; one that is not done after `timeoutMs` is given up. Throws where Stryker fails. */
export function nextPiece(run: MutationRun, timeoutMs: number): MutationRun {
  const files = drawn()
    .filter((path) => !run.files.includes(path))
    .slice(0, FILES_PER_PIECE);
  const folder = join(ROOT, ".cache/mutation-run");
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "stryker.json");
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  writeFileSync(config, JSON.stringify(configOf(files, report)));
  const bin = join(HERE, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const { status, error } = spawnSync(process.execPath, [bin, "run", config], {
    cwd: ROOT,
    stdio: "inherit",
    timeout: timeoutMs,
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
  });
  if (error !== undefined && "code" in error && error.code === "ETIMEDOUT") return run;
  if (status !== 0) throw new Error(`Stryker ended with ${status}; its own words are above`);
  const mutants = mutantsOf(JSON.parse(readFileSync(report, "utf8")) as Report);
  const after = { ...run, files: [...run.files, ...files], mutants: [...run.mutants, ...mutants] };
  writeFileSync(KEPT, JSON.stringify(after));
  return after;
}

const CAUGHT: ReadonlySet<string> = new Set(["Killed", "Timeout"]);
const MISSED: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

/** Share of the mutants that some test catches, 0..1, and those that none does. */
export function scoreOf({ mutants }: MutationRun): {
  readonly score: number;
  readonly missed: readonly Mutant[];
} {
  const caught = mutants.filter(({ status }) => CAUGHT.has(status)).length;
  const missed = mutants.filter(({ status }) => MISSED.has(status));
  return { score: caught / (caught + missed.length), missed };
}
