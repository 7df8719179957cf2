// No side effect on import: what a module does, it does when called, from a composition root. A process of its own
// imports the modules and tells what grew meanwhile: timers and sockets, listeners, environment, and words on stdout.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isTest, isTypeScript, ROOT, type SourceFile } from "./source.ts";

const SILENT_ROOMS = /^controller\/(contract|core|protocols|runtime|twin)\//;

/** Files that are a thread or a process of their own: they are started, never imported. */
export const ENTRY_POINTS: readonly string[] = [];

const PROBE = `
const count = (list) => list.reduce((all, one) => all.set(one, (all.get(one) ?? 0) + 1), new Map());
const look = () => ({
  "active resource": count(process.getActiveResourcesInfo()),
  "process listener": count(process.eventNames().flatMap((name) => process.listeners(name).map(() => String(name)))),
  "environment variable": count(Object.keys(process.env)),
});
const found = [];
process.stderr.writable;
const write = process.stdout.write.bind(process.stdout);
let current = "";
process.stdout.write = (text) => found.push(current + ": wrote to stdout: " + String(text).trim()) > 0;
let before = look();
for (const url of process.argv.slice(1)) {
  current = url;
  try { await import(url); } catch (error) { found.push(url + ": cannot be imported: " + error.message); }
  const after = look();
  for (const [kind, names] of Object.entries(after)) {
    for (const [name, n] of names) {
      if (n > (before[kind].get(name) ?? 0)) found.push(url + ": " + kind + " " + name + " on import");
    }
  }
  before = after;
}
write(JSON.stringify(found), () => process.exit(0));
`;

export const mustBeSilent = (file: SourceFile): boolean =>
  isTypeScript(file) && !isTest(file) && SILENT_ROOMS.test(file.path) && !ENTRY_POINTS.includes(file.path);

/** What importing these files, one after the other in one process, does besides defining things. */
export function importEffects(paths: readonly string[], root = ROOT): string[] {
  const urls = paths.map((path) => pathToFileURL(join(root, path)).href);
  const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", PROBE];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--", ...urls], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (!stdout.startsWith("[")) return [`the import of all modules ended early: ${stderr.trim()}`];
  const found: string[] = JSON.parse(stdout);
  return found.map((line) => line.replaceAll(`${pathToFileURL(root).href}/`, ""));
}
