// Reads a scenario file and the site file it names from disk; site files are looked for beside the scenario file.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { type ParsedStory, parseStory, type Story } from "@gridwright/twin/scenario/story.ts";
import { allProfiles, mistakeLine } from "./load-site.ts";

/** A scenario file, or every mistake in it. Throws `site-unreadable` when there is none. */
export function checkStory(file: string): ParsedStory {
  if (!existsSync(file))
    throw new GridwrightError("site-unreadable", `There is no scenario file ${file}.`, { place: { file } });
  const folder = dirname(file);
  return parseStory(
    { name: file, text: readFileSync(file, "utf8") },
    {
      profiles: allProfiles(folder).profiles,
      readSite: (path) => {
        const name = resolve(folder, path);
        return existsSync(name) ? { name, text: readFileSync(name, "utf8") } : undefined;
      },
    },
  );
}

/** A scenario file without mistakes. Throws `site-invalid`, listing all. */
export function loadStory(file: string): Story {
  const parsed = checkStory(file);
  if (parsed.ok) return parsed.story;
  const lines = parsed.mistakes.map((mistake) => `  ${mistakeLine(mistake)}`);
  throw new GridwrightError("site-invalid", `The scenario file has mistakes:\n${lines.join("\n")}`, {
    place: { file },
  });
}
