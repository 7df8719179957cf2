// Which planted defects turned their claim red already, so that a run that was stopped goes on where it stopped: each is kept under
// a hash of the defect, of its proof and of the file that it spoils. That another file between the two changed since does not ask
// for it anew: a whole night would be over before each change was through.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, readTree } from "../../laws/source.ts";
import type { Defect } from "./defect.ts";

const FILE = join(ROOT, ".cache/planted-defects.json");
const hashOf = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

export interface KeptReds {
  has(defect: Defect): boolean;
  add(defect: Defect): void;
}

export function keptReds(): KeptReds {
  const tree = readTree();
  const textOf = (path: string): string => tree.find((file) => file.path === path)?.text ?? "";
  const keyOf = (defect: Defect): string =>
    hashOf([textOf(defect.proof), textOf(defect.file), JSON.stringify(defect)]);
  const kept = new Set<string>(existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : []);
  return {
    has: (defect) => kept.has(keyOf(defect)),
    add(defect) {
      kept.add(keyOf(defect));
      mkdirSync(dirname(FILE), { recursive: true });
      writeFileSync(FILE, JSON.stringify([...kept]));
    },
  };
}
