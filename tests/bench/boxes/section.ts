// The boxes' figures as a section of BENCHMARKS.md.
import { chipsSection } from "./chips.ts";
import { manySection } from "./many.ts";
import { noiseSection } from "./noise.ts";

export async function benchBoxes(quick: boolean): Promise<string> {
  const chips = chipsSection(quick);
  const noise = await noiseSection(quick);
  return [chips, noise, await manySection(quick)].join("\n\n");
}
