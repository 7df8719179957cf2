// The course of an update: unpacked beside what runs, switched to, watched, and kept or taken back. It may be cut off anywhere:
// whatever then starts is the old release or the new one with data that it can read, and `resume` brings the course to its
// end. Taking back goes the other way round than going on: data first, then the link, so that the data is never newer than
// the release that `current` leads to.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { DATA_FORMAT } from "../data-folder/data-format.ts";
import type { Bundle } from "./bundle.ts";
import {
  CURRENT,
  keepPrevious,
  keepState,
  manifestOf,
  PREVIOUS,
  releaseFolder,
  stateOf,
  switchTo,
  tidy,
  type UpdateState,
  unpack,
  versionAt,
  versionsIn,
} from "./installed.ts";
import { isLater, type Manifest } from "./manifest.ts";
import type { Tree } from "./tree.ts";

export interface Site {
  readonly root: Tree;
  /** Of this machine: linux-arm64. */
  readonly platform: string;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Ends and starts what runs. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Brings the data to a format, by the program of that release. */
  migrate(version: string, format: number): Promise<void>;
  /** What is not as it should be, once enough time was given; undefined: control acts, devices are read, the page answers. */
  unhealthy(): Promise<string | undefined>;
  readonly say: (line: string) => void;
}

/** How an update ended. */
export interface Ended {
  readonly runs: string;
  /** Why the new one was taken back. */
  readonly failed?: string;
}

const refused = (why: string): GridwrightError => new GridwrightError("update-refused", why);

/** Formats of data that one release can bring to its own and back. */
const FORMATS_APART_MOST = 1;

/** The format of data that a release writes; one that was not installed by an update says nothing: it is this program's. */
const formatFor = (root: Tree, version: string): number =>
  manifestOf(root, version)?.dataFormat ?? DATA_FORMAT;

function refuseUnfit({ root, platform }: Site, { version, dataFormat, ...manifest }: Manifest): string {
  const from = versionAt(root, CURRENT);
  if (from === undefined) throw refused("Nothing is installed here that could be updated: install it first.");
  if (![platform, "any"].includes(manifest.platform))
    throw refused(`This update is for ${manifest.platform}; this machine is ${platform}.`);
  if (!isLater(version, from))
    throw refused(
      `This update is version ${version}; ${from} runs here. (gridwright update --back goes back to the one before.)`,
    );
  const here = formatFor(root, from);
  if (dataFormat < here || dataFormat - here > FORMATS_APART_MOST)
    throw refused(
      `Version ${version} cannot take over the data of ${from}: install a version in between first.`,
    );
  return from;
}

/** Takes the new release back: its own program brings the data back, then the link goes to the old one. */
async function takeBack(site: Site, state: UpdateState, why: string): Promise<Ended> {
  const { root, say } = site;
  const { from, to, format } = state;
  say(`version ${to} is taken back: ${why}`);
  keepState(root, { ...state, phase: "back", failed: why });
  await site.stop();
  try {
    if (versionAt(root, CURRENT) === to) {
      await site.migrate(to, format);
      switchTo(root, from);
    }
  } finally {
    await site.start();
  }
  if (state.before !== undefined) keepPrevious(root, state.before);
  keepState(root, { ...state, phase: "idle", failed: why });
  return { runs: from, failed: why };
}

async function judge(site: Site, state: UpdateState): Promise<Ended> {
  const why = await site.unhealthy();
  if (why !== undefined) return takeBack(site, state, why);
  const { from, to } = state;
  keepState(site.root, { ...state, phase: "idle" });
  tidy(site.root, [from, to]);
  return { runs: to };
}

/** The data goes up, the new release starts and is watched; where it cannot even start it is taken back too. */
async function tryOut(site: Site, state: UpdateState): Promise<Ended> {
  try {
    await site.migrate(state.to, formatFor(site.root, state.to));
    await site.start();
  } catch (error) {
    if (!(error instanceof GridwrightError)) throw error;
    return takeBack(site, state, error.message);
  }
  return judge(site, state);
}

async function goOver(site: Site, { from, to }: Pick<UpdateState, "from" | "to">): Promise<Ended> {
  const { root } = site;
  const before = versionAt(root, PREVIOUS);
  const state: UpdateState = {
    ...{ phase: "trying", from, to, format: formatFor(root, from), at: site.now() },
    ...(before !== undefined && { before }),
  };
  keepPrevious(root, from);
  keepState(root, state);
  await site.stop();
  switchTo(root, to);
  return tryOut(site, state);
}

/** Installs an update. Throws `update-refused` where it does not fit; whatever fails later is taken back and told. */
export async function update(site: Site, bundle: Bundle): Promise<Ended> {
  await resume(site);
  const from = refuseUnfit(site, bundle.manifest);
  const { version: to } = bundle.manifest;
  site.say(`unpacking version ${to} …`);
  await unpack(site.root, bundle);
  site.say(`${from} ends, ${to} starts …`);
  return goOver(site, { from, to });
}

/** Brings an update that was cut off to its end; does nothing where none was. */
export async function resume(site: Site): Promise<Ended | undefined> {
  const { root } = site;
  const state = stateOf(root);
  const runs = versionAt(root, CURRENT);
  if (runs === undefined) return undefined;
  if (state === undefined || state.phase === "idle") {
    tidy(root, [...versionsIn(root)]);
    return undefined;
  }
  const { from, to, failed = "it was cut off" } = state;
  if (state.phase === "back") return takeBack(site, state, failed);
  // The old one runs: the cut came before the switch, and nothing was changed yet.
  if (runs !== to) {
    keepState(root, { ...state, phase: "idle", failed });
    await site.start();
    return { runs: from, failed };
  }
  return tryOut(site, state);
}

/** Goes back to the release before. Throws `update-refused` where there is none. */
export async function goBack(site: Site): Promise<Ended> {
  await resume(site);
  const { root } = site;
  const [from, to] = [versionAt(root, PREVIOUS), versionAt(root, CURRENT)];
  if (from === undefined || to === undefined || from === to || !versionsIn(root).includes(from))
    throw refused(`There is no release before this one in ${releaseFolder("")}.`);
  const last = stateOf(root);
  const format = last?.from === from ? last.format : formatFor(root, from);
  const state: UpdateState = { phase: "back", from, to, format, before: to, at: site.now() };
  const { runs } = await takeBack(site, state, "a person wants the one before");
  keepState(root, { ...state, phase: "idle", from: to, to: from, format: formatFor(root, to) });
  return { runs };
}
