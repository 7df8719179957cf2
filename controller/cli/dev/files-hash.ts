// A hash over files of the repository: what was made from them holds while they are the same.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.ts";

/** In the order of their paths, which count too. */
export function filesHash(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of files.toSorted()) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex").slice(0, 16);
}
