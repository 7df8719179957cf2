// All planted defects: each file of ../defects exports DEFECTS, and a new one is found by itself.
import { globSync } from "node:fs";
import { join } from "node:path";
import type { Defect } from "./defect.ts";

const AREAS = join(import.meta.dirname, "../defects");

const areas = await Promise.all(
  globSync("*.ts", { cwd: AREAS })
    .sort()
    .map(async (name) => (await import(join(AREAS, name))) as { readonly DEFECTS: readonly Defect[] }),
);

export const DEFECTS: readonly Defect[] = areas.flatMap((area) => area.DEFECTS);
