// The scenario file of a run of simulated days, looked over before any day begins: what a worker would stumble over is one
// error here.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { fromHere, scenarioKind, scenarioText } from "../load-story.ts";

/** Throws `site-unreadable` or `site-invalid` for a file that no day can take its habits from; `example` is one that can. */
export function refuseScenario(file: string, example: string): void {
  const text = scenarioText(file);
  if (scenarioKind(text) === "story")
    throw new GridwrightError(
      "site-invalid",
      `${file} is a scenario of minute, event and expectation: play it with gridwright scenario ${file}. simulate takes a file that says which habits the loads have (habits:), like ${fromHere(example)}.`,
      { place: { file } },
    );
  readScenario(text, file);
}
