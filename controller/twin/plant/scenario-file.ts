// Reads a scenario from the text of its YAML file. Pure: the text comes in. Every mistake is named with its path.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { parse } from "yaml";
import { Scenario } from "./scenario.ts";

/** The scenario in `text`. Throws `site-invalid`, listing every mistake with the key it stands at. */
export function readScenario(text: string, file: string): Scenario {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new GridwrightError("site-invalid", `${file} is not YAML: ${String(cause)}`, {
      cause,
      place: { file },
    });
  }
  const parsed = Scenario.safeParse(document);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
  throw new GridwrightError("site-invalid", `${file} has mistakes:\n  ${mistakes.join("\n  ")}`, {
    place: { file },
  });
}
