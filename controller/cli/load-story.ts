// Reads a scenario file and the site file it names from disk; site files are looked for beside the scenario file. There are
// two kinds of scenario files, and each is told from the other before its keys are called wrong.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { nearest } from "@gridwright/protocols/documents/nearest.ts";
import { parseYaml } from "@gridwright/protocols/documents/yaml-lines.ts";
import { type ParsedStory, parseStory, type Story } from "@gridwright/twin/scenario/story.ts";
import { allProfiles, mistakeLine } from "./load-site.ts";

const MANUAL = fileURLToPath(new URL("../twin/scenarios/manual/", import.meta.url));
const EXAMPLE = join(MANUAL, "kettle.yaml");

/** A path as it is written where one stands, unless it lies elsewhere. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}

/** The manual's file whose name is nearest. */
function ofManual(file: string): string | undefined {
  if (!existsSync(MANUAL)) return undefined;
  const names = readdirSync(MANUAL).flatMap((name) =>
    extname(name) === ".yaml" ? [basename(name, ".yaml")] : [],
  );
  const name = nearest(basename(file, extname(file)), names);
  return name === undefined ? undefined : fromHere(join(MANUAL, `${name}.yaml`));
}

/** The text of a scenario file of either kind. Throws `site-unreadable` when there is none; `hint` ends what is said then. */
export function scenarioText(file: string, hint = ""): string {
  const place = { file };
  if (!existsSync(file))
    throw new GridwrightError("site-unreadable", `There is no scenario file ${file}.${hint}`, { place });
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const message = `The scenario file ${file} cannot be read: ${messageOf(cause)}.`;
    throw new GridwrightError("site-unreadable", message, { place, cause });
  }
}

/** `story`: minute, event and expectation; `days`: habits, weather and events of whole days. */
export function scenarioKind(text: string): "story" | "days" | undefined {
  const { value } = parseYaml({ name: "", text });
  const has = (key: string): boolean => typeof value === "object" && value !== null && key in value;
  if (has("rows") || has("title")) return "story";
  return has("scenario") || has("events") || has("habits") ? "days" : undefined;
}

/** A scenario file, or every mistake in it. Throws `site-unreadable` when there is none, `site-invalid` for the other kind. */
export function checkStory(file: string): ParsedStory {
  const near = ofManual(file);
  const text = scenarioText(file, near && ` Do you mean ${near}?`);
  if (scenarioKind(text) === "days")
    throw new GridwrightError(
      "site-invalid",
      `${file} is a scenario of whole days: demo, twin and simulate take it as --scenario ${file}. gridwright scenario plays files with title, about and rows, like ${fromHere(EXAMPLE)}.`,
      { place: { file } },
    );
  const folder = dirname(file);
  return parseStory(
    { name: file, text },
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
