// How a test tells the figure of a claim of RELIABILITY.md: after all that it asserts. The run that started it keeps the line.
import { appendFileSync } from "node:fs";
import type { FigureValues } from "@gridwright/cli/dev/reliability/claim.ts";

/** `claim` as in controller/cli/dev/reliability; without a run that keeps figures nothing is written. */
export function figure(claim: string, values: FigureValues): void {
  const path = process.env.GRIDWRIGHT_FIGURES;
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ claim, values })}\n`);
}
