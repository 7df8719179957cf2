// Reads a site file and the profiles beside it from disk and hands their text to the parser. Profiles of the site's
// own folder (`profiles/` beside the site file) override those that come with gridwright.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { lockUntried } from "@gridwright/contract/site/untried.ts";
import {
  adviseSite,
  type DocumentMistake,
  type LoadedProfiles,
  loadProfiles,
  parseSite,
  refuseSite,
  type TextFile,
} from "@gridwright/protocols/documents/site-file.ts";

const OWN_PROFILES = fileURLToPath(new URL("../protocols/profiles/", import.meta.url));

export interface CheckedSite {
  /** Absent when there are mistakes. */
  readonly model?: SiteModel;
  readonly mistakes: readonly DocumentMistake[];
  /** What is allowed but unwise. */
  readonly advice: readonly DocumentMistake[];
}

const profileFiles = (folder: string, isWanted = (_name: string): boolean => true): TextFile[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".yaml") && isWanted(basename(name, ".yaml")))
        .sort()
        .map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), "utf8") }))
    : [];

function readSite(file: string): TextFile {
  try {
    return { name: file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    const why = messageOf(cause);
    throw new GridwrightError("site-unreadable", `The site file ${file} cannot be read: ${why}.`, {
      place: { file },
      cause,
    });
  }
}

/** A mistake in a profile that came with gridwright concerns a site only when a device of the site needs that profile. */
const concerns = ({ file }: DocumentMistake, missing: readonly DocumentMistake[]): boolean =>
  !file.startsWith(OWN_PROFILES) ||
  missing.some(({ message }) => message.includes(`no profile "${basename(file, ".yaml")}"`));

/** A profile that is missing because its file has mistakes is no mistake of its own. */
function causes(found: readonly DocumentMistake[], ofProfiles: readonly DocumentMistake[]) {
  const broken = new Set(ofProfiles.map(({ file }) => basename(file, ".yaml")));
  return found.filter(({ message }) => !broken.has(/^no profile "([^"]+)"/.exec(message)?.[1] ?? ""));
}

/** All profiles: those that come along, and those of a folder beside a site file, which override them. */
export const allProfiles = (siteFolder?: string) =>
  loadProfiles([
    ...profileFiles(OWN_PROFILES),
    ...(siteFolder === undefined ? [] : profileFiles(join(siteFolder, "profiles"))),
  ]);

/** Where a profile was looked for: whoever put it elsewhere sees it at once. */
function whereLooked({ message, ...rest }: DocumentMistake, siteFolder: string): DocumentMistake {
  if (!message.startsWith("no profile ")) return { ...rest, message };
  const own = join(siteFolder, "profiles");
  const there = existsSync(own) ? own : `${own}, which is not there`;
  return { ...rest, message: `${message} (looked in ${OWN_PROFILES.replace(/[/]$/, "")} and ${there})` };
}

/** Those of the site's own folder, and of ours those that its text names: reading all costs a start a third of a second. */
function namedProfiles({ text }: TextFile, siteFolder: string): LoadedProfiles {
  const names = new Set(text.match(/(?<=profile["']?:\s*["']?)[\w-]+/g));
  return loadProfiles([
    ...profileFiles(OWN_PROFILES, (name) => names.has(name)),
    ...profileFiles(join(siteFolder, "profiles")),
  ]);
}

/** Everything that can be said about a site file. Throws `site-unreadable` when there is none. */
export function checkSite(file: string): CheckedSite {
  const text = readSite(file);
  const checked = checkedWith(text, namedProfiles(text, dirname(file)));
  // What is wrong is told beside all that there is.
  return checked.mistakes.length === 0 ? checked : checkedWith(text, allProfiles(dirname(file)));
}

function checkedWith(text: TextFile, { profiles, mistakes }: LoadedProfiles): CheckedSite {
  const file = text.name;
  const parsed = parseSite(text, profiles);
  const missing = parsed.ok ? [] : parsed.mistakes;
  const concerning = mistakes.filter((mistake) => concerns(mistake, missing));
  if (!parsed.ok) {
    const found = causes(parsed.mistakes, concerning).map((one) => whereLooked(one, dirname(file)));
    return { mistakes: [...concerning, ...found], advice: [] };
  }
  const clashes = refuseSite(text, parsed.model);
  return {
    model: parsed.model,
    mistakes: [...concerning, ...clashes],
    advice: adviseSite(text, parsed.model),
  };
}

/** `site.yaml:14 assets.pump.rating: …` */
export const mistakeLine = ({ file, line, path, message }: DocumentMistake): string =>
  `${file}:${line}${path === "" ? "" : ` ${path}`}: ${message}`;

/**
 * The model of a site file without mistakes, with what was never tried locked. Throws `site-invalid` with all mistakes.
 */
export function loadSite(file: string): {
  readonly model: SiteModel;
  readonly advice: readonly DocumentMistake[];
} {
  const { model, mistakes, advice } = checkSite(file);
  if (model === undefined || mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `  ${mistakeLine(mistake)}`);
    throw new GridwrightError(
      "site-invalid",
      `The site file has ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}:\n${lines.join("\n")}`,
      { place: { file } },
    );
  }
  return { model: lockUntried(model), advice };
}
