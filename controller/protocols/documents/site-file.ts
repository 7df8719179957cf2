// site.yaml from its text: a SiteModel, or every mistake at once, each with file, line, path and what is allowed.
// Mistakes of the schema come first; then those between keys, found on what is left when the wrong parts are taken out.
import type { Profile } from "@gridwright/contract/profile.ts";
import { type Compiled, compileSite } from "@gridwright/contract/site/compile.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { adviceOn } from "./advice.ts";
import { refusalsOf } from "./clashes.ts";
import { retoldStep } from "./retold.ts";
import { schemaMistakes } from "./schema-mistakes.ts";
import { type DocumentMistake, type Path, parseYaml, placed, type TextFile } from "./yaml-lines.ts";

export type ParsedSite =
  | { readonly ok: true; readonly model: SiteModel }
  | { readonly ok: false; readonly mistakes: readonly DocumentMistake[] };

type Profiles = ReadonlyMap<string, Profile>;
type Tree = Record<string | number, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

function remove(root: unknown, path: Path): void {
  let at = root;
  for (const key of path.slice(0, -1)) at = isTree(at) ? at[key] : undefined;
  const last = path.at(-1);
  if (isTree(at) && last !== undefined) delete at[last];
}

/** What to take out so that the rest can be looked at: the wrong key itself, then its whole entry, then its section. */
function cutOf({ path }: Mistake, round: number): Path {
  // A list would shift its indices: it goes as a whole.
  const listed = path.findIndex((key) => typeof key === "number");
  const whole = listed === -1 ? path : path.slice(0, listed);
  return whole.slice(0, [whole.length, 2, 1][round] ?? 1);
}

interface Pruned {
  readonly site: Site;
  /** Entries such as `assets.pump` that are missing from it. */
  readonly gone: readonly Path[];
}

const ROUNDS = 3;
/** Stands in for the head of a site, which no other key refers to. */
const HEAD = { gridwright: 1, site: { id: "site", name: "Site" } };
/** Sections whose entries are referred to from elsewhere. */
const REFERRED: ReadonlySet<unknown> = new Set(["links", "devices", "members", "assets"]);

/** The site without its mistaken parts; undefined when too little is left. */
function prune(value: unknown, first: readonly Mistake[]): Pruned | undefined {
  if (!isTree(value)) return undefined;
  const copy = { ...structuredClone(value), ...HEAD };
  const gone: Path[] = [];
  let mistakes: readonly Mistake[] = first.filter(({ path }) => !Object.hasOwn(HEAD, String(path[0])));
  for (let round = 0; round < ROUNDS; round++) {
    for (const mistake of mistakes) {
      const cut = cutOf(mistake, round);
      remove(copy, cut);
      if (cut.length <= 2) gone.push(cut);
    }
    const parsed = Site.safeParse(copy);
    if (parsed.success) return { site: parsed.data, gone };
    mistakes = schemaMistakes(Site, copy, parsed.error.issues);
  }
  return undefined;
}

const startsWith = (path: Path, prefix: Path): boolean => prefix.every((key, index) => path[index] === key);

/** Whether a mistake between keys may only be there because a mistaken part was taken out. */
function isEcho(mistake: Mistake, schema: readonly Mistake[], gone: readonly Path[]): boolean {
  const entry = mistake.path.slice(0, 2);
  const sameEntry = mistake.path.length <= 2 && schema.some(({ path }) => startsWith(path, entry));
  const named = gone.some(([section, id]) =>
    id === undefined ? REFERRED.has(section) : mistake.message.includes(`"${id}"`),
  );
  const orphan = mistake.path[0] === "members" && gone.some(([section]) => section === "assets");
  const inHead = Object.hasOwn(HEAD, String(mistake.path[0]));
  return inHead || sameEntry || named || orphan || schema.some(({ path }) => startsWith(mistake.path, path));
}

function compileTold(site: Site, profiles: Profiles): Compiled {
  const compiled = compileSite(site, profiles);
  return compiled.ok
    ? compiled
    : { ok: false, mistakes: compiled.mistakes.map((mistake) => retoldStep(site, mistake)) };
}

function crossMistakes(value: unknown, schema: readonly Mistake[], profiles: Profiles): readonly Mistake[] {
  const pruned = prune(value, schema);
  if (pruned === undefined) return [];
  const compiled = compileTold(pruned.site, profiles);
  return compiled.ok ? [] : compiled.mistakes.filter((mistake) => !isEcho(mistake, schema, pruned.gone));
}

function compile(value: unknown, profiles: Profiles): Compiled {
  const parsed = Site.safeParse(value);
  if (parsed.success) return compileTold(parsed.data, profiles);
  const schema = schemaMistakes(Site, value, parsed.error.issues);
  return { ok: false, mistakes: [...schema, ...crossMistakes(value, schema, profiles)] };
}

/** A site from its text and the profiles at hand, or every mistake in it. Never throws on text. */
export function parseSite(file: TextFile, profiles: Profiles): ParsedSite {
  const yaml = parseYaml(file);
  if (yaml.value === undefined || yaml.value === null) {
    const empty = {
      file: file.name,
      line: 1,
      path: "",
      message: "is empty: a site file begins with gridwright: 1",
    };
    return { ok: false, mistakes: yaml.mistakes.length > 0 ? yaml.mistakes : [empty] };
  }
  const compiled = compile(yaml.value, profiles);
  const mistakes = [...yaml.mistakes, ...placed(yaml, file.name, compiled.ok ? [] : compiled.mistakes)];
  return compiled.ok && mistakes.length === 0 ? { ok: true, model: compiled.model } : { ok: false, mistakes };
}

/** Lines are looked for only where there is something to say: a start reads the file once. */
const told = (file: TextFile, mistakes: readonly Mistake[]): readonly DocumentMistake[] =>
  mistakes.length === 0 ? [] : placed(parseYaml(file), file.name, mistakes);

/** What a site declares that cannot all be true, each with its line. */
export const refuseSite = (file: TextFile, model: SiteModel): readonly DocumentMistake[] =>
  told(file, refusalsOf(model));

/** Advice on a site, each with the line that it is about. */
export const adviseSite = (file: TextFile, model: SiteModel): readonly DocumentMistake[] =>
  told(file, adviceOn(model));

export { type LoadedProfiles, loadProfiles } from "./profile-file.ts";
export type { DocumentMistake, TextFile } from "./yaml-lines.ts";
