// Where figures are kept: in `.cache` after each run of a test file, and beside this file what RELIABILITY.md is made of, which
// `npm run reliability` takes over from there.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../root.ts";
import { after, type Figures, type Line } from "./claim.ts";
import { CLAIMS } from "./claims.ts";

const SEEN = join(ROOT, ".cache", "figures.json");
const KEPT = join(import.meta.dirname, "figures.json");

const read = (path: string): Figures =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Figures) : {};

function write(path: string, figures: Figures): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(figures, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** What RELIABILITY.md says. */
export const keptFigures = (): Figures => read(KEPT);

/** Notes what a test file told; `text` holds a line of JSON for each figure. */
export function noteFigures(file: string, passed: boolean, text: string): void {
  if (passed && text === "") return;
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  const before = read(SEEN);
  const now = after(before, CLAIMS, { file, passed, lines, day: new Date().toISOString().slice(0, 10) });
  if (JSON.stringify(now) !== JSON.stringify(before)) write(SEEN, now);
}

/** Takes over what was seen since; gives the claims that it concerns. */
export function takeOver(): readonly string[] {
  const [kept, seen] = [keptFigures(), read(SEEN)];
  const known = CLAIMS.map(({ id }) => id);
  const merged = known.flatMap((id): [string, Figures[string]][] => {
    const both = { ...kept[id], ...seen[id] };
    return Object.keys(both).length === 0 ? [] : [[id, both]];
  });
  write(KEPT, Object.fromEntries(merged));
  return known.filter((id) => seen[id] !== undefined);
}
