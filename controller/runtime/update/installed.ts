// An installation: releases/<version>/ side by side, `current` a link to the one that runs, `previous` to the one before it. A
// release appears whole or not at all, and the link is changed in one step, so that after a power cut the old one or the new
// one starts.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { type Bundle, contentsOf } from "./bundle.ts";
import { isPlain, Manifest } from "./manifest.ts";
import { relinkIn, replaceIn, type Tree } from "./tree.ts";

export const RELEASES = "releases";
export const CURRENT = "current";
/** The release before, for whoever must take the new one back. */
export const PREVIOUS = "previous";
/** In each release: what it consists of. */
const MANIFEST = "release.json";
const STATE = "update.json";
const DRAFT = ".new-";

export const releaseFolder = (version: string): string => `${RELEASES}/${version}`;

/** The version that a link leads to; undefined: there is none. */
export function versionAt(root: Tree, link: typeof CURRENT | typeof PREVIOUS): string | undefined {
  return /^(?:.*\/)?releases\/([^/]+)\/?$/.exec(root.target(link) ?? "")?.[1];
}

/** Versions that are there whole: only such get their name. */
export const versionsIn = (root: Tree): readonly string[] =>
  root.list(RELEASES).filter((name) => !name.startsWith(DRAFT));

/** What a release consists of; undefined: there is no such release. */
export function manifestOf(root: Tree, version: string): Manifest | undefined {
  const text = root.read(`${releaseFolder(version)}/${MANIFEST}`);
  return text === undefined ? undefined : Manifest.parse(JSON.parse(text.toString("utf8")));
}

/** Every folder that a path lies in. */
function above(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, end) => parts.slice(0, end + 1).join("/"));
}

/** Unpacks a release beside the others, every byte proved and synced before it gets its name. Throws `update-refused`. */
export async function unpack(root: Tree, bundle: Bundle): Promise<void> {
  const { manifest, signed } = bundle;
  const draft = `${RELEASES}/${DRAFT}${manifest.version}`;
  root.folder(RELEASES);
  root.remove(draft);
  root.folder(draft);
  const folders = new Set(manifest.files.flatMap(({ path }) => above(path)));
  for (const folder of folders) root.folder(`${draft}/${folder}`);
  for await (const { file, bytes, last } of contentsOf(bundle)) {
    root.append(`${draft}/${file.path}`, bytes, file.mode);
    if (last) root.sync(`${draft}/${file.path}`);
  }
  for (const file of manifest.files) if (!isPlain(file)) root.link(`${draft}/${file.path}`, file.target);
  root.append(`${draft}/${MANIFEST}`, signed.manifest, 0o644);
  root.sync(`${draft}/${MANIFEST}`);
  for (const folder of [...folders].reverse()) root.sync(`${draft}/${folder}`);
  root.sync(draft);
  root.remove(releaseFolder(manifest.version));
  root.rename(draft, releaseFolder(manifest.version));
  root.sync(RELEASES);
}

export function switchTo(root: Tree, version: string): void {
  relinkIn(root, CURRENT, releaseFolder(version));
}

export const keepPrevious = (root: Tree, version: string): void =>
  relinkIn(root, PREVIOUS, releaseFolder(version));

/** Removes what half-done updates left, and releases that are neither of `kept`. */
export function tidy(root: Tree, kept: readonly (string | undefined)[]): void {
  for (const name of root.list(RELEASES)) if (!kept.includes(name)) root.remove(`${RELEASES}/${name}`);
}

const State = z.strictObject({
  /** `trying`: the new release is to prove itself; `back`: it is being taken back. */
  phase: z.enum(["idle", "trying", "back"]),
  from: z.string(),
  to: z.string(),
  /** What `previous` led to before. */
  before: z.string().optional(),
  /** Of the data that `from` reads. */
  format: z.int(),
  /** ms since 1970. */
  at: z.number(),
  /** Why it was taken back; undefined: it proved itself, or is not decided. */
  failed: z.string().optional(),
});
export type UpdateState = z.output<typeof State>;

/** The last update; undefined: there never was one. Throws `update-failed` where nobody can say. */
export function stateOf(root: Tree): UpdateState | undefined {
  const text = root.read(STATE);
  if (text === undefined) return undefined;
  try {
    return State.parse(JSON.parse(text.toString("utf8")));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new GridwrightError(
      "update-failed",
      `${STATE} of the installation is damaged; remove it and update again.`,
      { cause },
    );
  }
}

export const keepState = (root: Tree, state: UpdateState): void =>
  replaceIn(root, STATE, `${JSON.stringify(state)}\n`);
