// Which test files there are and to which suite each belongs: found, not listed, so that a new file is never forgotten.
// Unit tests stand beside their source; every folder of tests/ is a suite of its own, and those under tests/long run
// only when asked for.

import { globSync } from "node:fs";
import { ROOT } from "./root.ts";

export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
}

/** Quick, and in need of nothing but what npm brings. */
export const FIRST: readonly string[] = ["laws", "unit"];
const UNIT_ROOMS = /^(controller|dashboards|firmware-bridge|flows|deploy)\//;

export function findTests(root = ROOT): string[] {
  const built = /(^|\/)(node_modules|dist(\.[^/]*)?)(\/|$)/;
  return globSync("{controller,dashboards,firmware-bridge,flows,deploy,tests}/**/*.test.ts", {
    cwd: root,
    exclude: (path) => built.test(path),
  }).sort();
}

/** The suite a test file belongs to; those of tests/long are «long», those of tests/tools count as unit tests. */
export function suiteOf(path: string): string {
  if (UNIT_ROOMS.test(path)) return "unit";
  const [, folder = "", rest] = path.split("/");
  return rest === undefined || folder === "tools" ? "unit" : folder;
}

/** Laws and unit tests first, for they are quick; the others by name. `long` alone where it is asked for. */
export function suites(files: readonly string[], long: boolean): Suite[] {
  const byName = Map.groupBy(files, suiteOf);
  const place = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...byName]
    .filter(([name]) => (name === "long") === long)
    .map(([name, members]) => ({ name, files: members }))
    .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name));
}

/** They reckon and never wait: they run beside the others, from the first moment on, in what those leave of the processors. */
const BESIDE = ["tests/scenario/simulated-days.test.ts"];
export const runsBeside = (file: string): boolean => BESIDE.includes(file);

/** More than ten minutes each, and cannot be put down: they come first, longest first, so that a call of two hours ends in time. */
const LONGEST = ["village-year", "planted-defects", "soak", "cable-tester", "pulled-cable"].map(
  (name) => `tests/long/${name}.test.ts`,
);
/** Go on where they ended, so they come last and take what time is left. */
const FILLING = ["tests/long/simulated-days.test.ts", "tests/long/mutation.test.ts"];

/** The files of the long suite in the order in which two lanes bear them best. */
export function inLongOrder(files: readonly string[]): readonly string[] {
  const place = (file: string): number => {
    if (LONGEST.includes(file)) return LONGEST.indexOf(file);
    return LONGEST.length + Number(FILLING.includes(file));
  };
  return [...files].sort((a, b) => place(a) - place(b));
}

/** Keeps what the words name: a suite, or the beginning of a path. No words keep everything. */
export function choose(all: readonly Suite[], words: readonly string[]): Suite[] {
  if (words.length === 0) return [...all];
  return all
    .map(({ name, files }) => ({
      name,
      files: words.includes(name)
        ? files
        : files.filter((path) => words.some((word) => path.startsWith(word))),
    }))
    .filter((suite) => suite.files.length > 0);
}

/** Rooms whose tests hold only what they make themselves: several share a process, since most of its time is loading. */
const SHARED_ROOMS = /^controller\/(contract|core|protocols|twin)\//;
const SHARED_FILES_MAX = 12;

/** The files as processes run them: those of the pure rooms together by their room, every other alone. */
export function processesFor(files: readonly string[]): readonly (readonly string[])[] {
  const byRoom = Map.groupBy(files, (path) => SHARED_ROOMS.exec(path)?.[0] ?? path);
  return [...byRoom.values()].flatMap((members) =>
    Array.from({ length: Math.ceil(members.length / SHARED_FILES_MAX) }, (_, place) =>
      members.slice(place * SHARED_FILES_MAX, (place + 1) * SHARED_FILES_MAX),
    ),
  );
}
