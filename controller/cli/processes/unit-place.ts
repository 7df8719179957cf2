// Where a unit of the service manager finds what the supervisor would have told it: the site file, what lies beside it, the
// data, and a folder that lasts until the machine is off. Out of them comes the same start order.
import { existsSync, readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { isEmbedded } from "@gridwright/runtime/bus/broker-place.ts";
import { replaceFile } from "@gridwright/runtime/data-folder/replace-file.ts";
import { z } from "zod";
import { lanPlace } from "../commands/flags.ts";
import { loadSite } from "../load-site.ts";
import { newFlowsPlace } from "../supervisor/flows-place.ts";
import type { LanPlace, Startup } from "./startup.ts";

export interface UnitPlace {
  readonly siteFile: string;
  readonly dataDir: string;
  /** In memory, gone with the power: what must not lie on the card. */
  readonly runtimeDir: string;
}

export const PAGE_PORT = 8080;
const FlowsFile = z.strictObject({ port: z.int(), token: z.string(), key: z.string() });
/** Readable for the flows' user, who alone comes into the folder besides its owner. */
const SHARED = 0o644;

const beside = ({ siteFile }: Pick<UnitPlace, "siteFile">, name: string): string =>
  join(dirname(siteFile), name);

/** Address and port of the people's network at which the page may be; the file holds one line. */
export const listenFile = (place: Pick<UnitPlace, "siteFile">): string => beside(place, "listen");

/** Where it is, the technicians' flows are wanted. */
const flowsWantedFile = (place: UnitPlace): string => beside(place, "flows");

/** How phones reach the page, in words and as a picture; services write it. */
export const phonesFile = ({ runtimeDir }: Pick<UnitPlace, "runtimeDir">): string =>
  join(runtimeDir, "phones");

export const setUpLinkFile = ({ runtimeDir }: Pick<UnitPlace, "runtimeDir">): string =>
  join(runtimeDir, "set-up-link");
const flowsPlaceFile = ({ runtimeDir }: UnitPlace): string => join(runtimeDir, "flows.json");

/** Throws `usage` where the file says something else. */
export function listenOf(place: Pick<UnitPlace, "siteFile">): LanPlace | undefined {
  const file = listenFile(place);
  if (!existsSync(file)) return undefined;
  try {
    return lanPlace(readFileSync(file, "utf8").trim());
  } catch (cause) {
    const why = messageOf(cause);
    throw new GridwrightError("site-invalid", `${file}: ${why}`, { place: { file }, cause });
  }
}

/** Services and flows know each other by it until the machine is off; services make it. Undefined: not made yet. */
export function readFlowsPlace(place: UnitPlace): FlowsPlace | undefined {
  const file = flowsPlaceFile(place);
  return existsSync(file) ? FlowsFile.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

async function flowsPlace(place: UnitPlace, taken: readonly number[]): Promise<FlowsPlace | undefined> {
  if (!existsSync(flowsWantedFile(place))) return undefined;
  const known = readFlowsPlace(place);
  if (known !== undefined) return known;
  const made = await newFlowsPlace(new Set(taken));
  await replaceFile(flowsPlaceFile(place), JSON.stringify(made));
  await chmod(flowsPlaceFile(place), SHARED);
  return made;
}

/** Undefined: the site has no need of this process. Throws as loadSite does. */
export async function unitStartup(
  process: "broker" | "control" | "services",
  place: UnitPlace,
): Promise<Startup | undefined> {
  const { siteFile, dataDir } = place;
  const { model } = loadSite(siteFile);
  const { port } = model.site.broker;
  const common = { siteFile, dataDir, brokerPort: port };
  if (process === "broker") return isEmbedded(model) ? { siteFile, dataDir, process, port } : undefined;
  if (process === "control") return { ...common, process };
  const lan = listenOf(place);
  const flows = await flowsPlace(place, [port, PAGE_PORT]);
  return {
    ...{ ...common, process, pagePort: PAGE_PORT, demo: false, equips: true },
    ...(lan && { lan }),
    ...(flows && { flows }),
  };
}
