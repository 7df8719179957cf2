// The commands of those who work on gridwright: check, test, bench, generate, format. The same ones run in CI.
// Nothing of the controller is imported here, so that they report on a tree that does not even load.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { longProgress } from "./long-progress.ts";
import { missingPackages, providePackages } from "./packages.ts";
import { runParts } from "./parts.ts";
import { runVisibly } from "./program.ts";
import { type Result, summary, total } from "./result.ts";
import { ROOT } from "./root.ts";
import { endTestsWithUs, type RunOptions, runSuites } from "./suite-run.ts";
import { choose, FIRST, findTests, suites } from "./suites.ts";

const HELP = `gridwright dev <command>

  check               format, lint, types, generated files, laws and unit tests
  test [what …]       all of check, then every suite of tests/; or only the suites and paths named
  test --long         the suites of tests/long; ends after two hours, or --within MINUTES, and the next call goes on
  bench [what …]      the measurements of tests/bench; with the word quick a small try of those that have one
  generate [--check]  writes the generated files, or says which differ
  package [--help]    a release as a Debian package, or as a folder
  panel [--check]     builds the Grafana panel (installs 700 MB), or says what differs from its sources
  reliability         takes the figures that tests told into RELIABILITY.md
  release DIR KEY OUT makes an update (*.gwu) of a release's folder, signed by a private key
  release-key DIR     makes the pair of keys that updates are signed and believed by
  box-image KEY OUT   makes a file (*.gwu) with the boxes' firmware alone, signed by a private key
  format              formats, sorts imports and applies safe fixes
`;

function finish(results: readonly Result[]): number {
  console.log(`\n${summary(results, performance.now())}`);
  return total(results).failed > 0 || results.length === 0 ? 1 : 0;
}

interface What extends Pick<RunOptions, "minutes" | "ready"> {
  readonly long: boolean;
  readonly words: readonly string[];
}

const runTests = ({ long, words, ...options }: What): Promise<Result[]> =>
  runSuites(choose(suites(findTests(), long), words), options);

/** What tests may speak to; what stays missing is told to them. */
async function provideMachine(): Promise<Result[]> {
  const provided = await providePackages();
  process.env.GRIDWRIGHT_MISSING = missingPackages().join(",");
  return provided;
}

/** All of it. Parts, laws and unit tests need no package and do not wait for one. */
async function testAll(): Promise<Result[]> {
  const ready = provideMachine();
  const tests = async (): Promise<Result[]> => [
    ...(await runParts()),
    ...(await runTests({ long: false, words: [], ready })),
  ];
  return (await Promise.all([ready, tests()])).flat();
}

async function check(): Promise<number> {
  return finish([...(await runParts()), ...(await runTests({ long: false, words: FIRST }))]);
}

/** The whole of the long suite: what passed on this tree before is not run again, and in the end its figures are taken over. */
async function testLong(minutes: number | undefined): Promise<number> {
  const progress = longProgress();
  const all = suites(findTests(), true);
  const left = all.map((suite) => ({ ...suite, files: progress.left(suite.files) }));
  const [before, now] = [all, left].map((some) => some.reduce((sum, { files }) => sum + files.length, 0));
  if (now !== before)
    console.log(
      `${now} of ${before} files of the long suite are left; the others passed on this tree before\n`,
    );
  const code = finish(
    await runSuites(left, { onPassed: progress.note, ...(minutes !== undefined && { minutes }) }),
  );
  await reliability();
  if (all.every(({ files }) => progress.left(files).length === 0)) progress.finish();
  else console.log("npm run test:long goes on with what did not pass or was not begun");
  return code;
}

async function test(what: What | string): Promise<number> {
  if (typeof what === "string") {
    console.error(what);
    return 2;
  }
  const { words, long, minutes } = what;
  if (words.length === 0 && !long) return finish(await testAll());
  const machine = await provideMachine();
  if (long && words.length === 0) return testLong(minutes);
  return finish([...machine, ...(await runTests(what))]);
}

async function generate(checkOnly: boolean): Promise<number> {
  const { GENERATORS, driftedFiles, writeGenerated } = await import("./generate.ts");
  if (!checkOnly) {
    for (const path of await writeGenerated(GENERATORS)) console.log(`wrote ${path}`);
    return 0;
  }
  const drifted = await driftedFiles(GENERATORS);
  for (const path of drifted)
    console.log(`${path} differs from what its generator renders: npm run generate`);
  return drifted.length > 0 ? 1 : 0;
}

async function reliability(): Promise<number> {
  const { takeOver } = await import("./reliability/keep.ts");
  console.log(`taken over: ${takeOver().join(", ") || "nothing, for no test told a figure since"}`);
  return generate(false);
}

async function release(command: "release" | "release-key", words: readonly string[]): Promise<number> {
  const { makeRelease, makeReleaseKeys } = await import("./release.ts");
  const [folder, key, out] = words;
  const isWhole =
    folder !== undefined && (command === "release-key" || (key !== undefined && out !== undefined));
  if (!isWhole) {
    console.log(HELP);
    return 2;
  }
  if (command === "release-key") makeReleaseKeys(folder);
  else console.log(await makeRelease(folder, key ?? "", out ?? ""));
  return 0;
}

async function boxImage([key, out]: readonly string[]): Promise<number> {
  const { makeBoxImage } = await import("./release.ts");
  if (key === undefined || out === undefined) {
    console.log(HELP);
    return 2;
  }
  console.log(await makeBoxImage(ROOT, key, out));
  return 0;
}

/** What is to be tested; a text says what is wrong with the words. */
function whatOf(
  words: readonly string[],
  { long = false, within }: { long?: boolean; within?: string },
): What | string {
  if (within === undefined) return { words, long };
  const minutes = Number(within);
  if (long && minutes > 0) return { words, long, minutes };
  return "--within takes minutes above 0 and is for the long suite: npm run test:long -- --within 60";
}

async function dispatch(): Promise<number> {
  const [first, ...others] = process.argv.slice(2);
  if (first === "package") return (await import("./package.ts")).makePackage(others);
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ long: { type: "boolean" }, within: { type: "string" } },
      ...{ check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    },
  });
  const [command, ...words] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (command === "check") return check();
  if (command === "test") return test(whatOf(words, values));
  if (command === "generate") return generate(values.check ?? false);
  if (command === "panel") return (await import("./panel.ts")).buildPanel(values.check ?? false);
  if (command === "bench") {
    return runVisibly(process.execPath, [...process.execArgv, join(ROOT, "tests/bench/main.ts"), ...words]);
  }
  if (command === "release" || command === "release-key") return release(command, words);
  if (command === "box-image") return boxImage(words);
  if (command === "format")
    return runVisibly(join(ROOT, "node_modules/.bin/biome"), ["check", "--write", "."]);
  if (command === "reliability") return reliability();
  console.log(HELP);
  return 2;
}

endTestsWithUs();
process.exitCode = await dispatch();
