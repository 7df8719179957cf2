// `gridwright doctor`: what is well and what is not with the machine and the site, each with its cure, whether or not a controller
// runs.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { styleText } from "node:util";
import {
  bySeverity,
  checkName,
  cureText,
  type DoctorReport,
  type Finding,
  type FindingSeverity,
  findingText,
} from "@gridwright/contract/doctor-words.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { seconds } from "@gridwright/contract/units.ts";
import type { RunningFacts } from "@gridwright/core/doctor/facts.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type Examined, examine, NOTHING_RUNS, runningFacts } from "@gridwright/runtime/doctor/examine.ts";
import { thisHost } from "@gridwright/runtime/doctor/host.ts";
import { quietView } from "@gridwright/runtime/live/listen.ts";
import { commissioningNag } from "../commissioned.ts";
import { refuseClosed } from "../denied.ts";
import { installedRoot, UPDATE_KEY } from "../installed-root.ts";
import { checkSite, mistakeLine } from "../load-site.ts";
import { listenOf } from "../processes/unit-place.ts";
import { pidsOn, sitePlace } from "./backup.ts";
import { asOperator } from "./operator-bus.ts";
import { secretFilesOf } from "./site-files.ts";

type Write = (line: string) => void;

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** What is told each few seconds must have been heard once. */
const LISTEN = seconds(6);

/** By the live bus, where something runs. */
async function heard(
  dataDir: string,
  { pids, model }: Pick<Examined, "pids" | "model">,
): Promise<RunningFacts> {
  if (!Object.values(pids).some((pid) => thisHost.list(`/proc/${pid}`).length > 0)) return NOTHING_RUNS;
  if (model === undefined) return { ...NOTHING_RUNS, control: "unheard" };
  const io = hostClock();
  return asOperator(dataDir, async ({ bus }) => {
    const view = quietView({ model, io, bus, log: quiet });
    await io.sleep(LISTEN);
    return runningFacts(view);
  });
}

/** Of an installed site also before anything ever ran. Throws `usage`, and what the machine refuses. */
function placeOf(data: string, config?: string): ReturnType<typeof sitePlace> {
  refuseClosed(data);
  try {
    return sitePlace(data, config);
  } catch (error) {
    if (installedRoot() === undefined || !existsSync(data)) throw error;
    return { dataDir: resolve(data), siteFile: config ?? "/etc/gridwright/site.yaml" };
  }
}

type OfSite = Pick<Examined, "site" | "model" | "isSigned" | "named" | "lanPort">;

/** What hangs on the site file; with mistakes in it, those alone. */
export function ofSite(siteFile: string): OfSite {
  const unknown = { model: undefined, isSigned: undefined, named: [] };
  try {
    const { model, mistakes } = checkSite(siteFile);
    const site = { file: siteFile, mistakes: mistakes.map(mistakeLine) };
    if (model === undefined || mistakes.length > 0) return { ...unknown, site };
    const lanPort = listenOf({ siteFile })?.port;
    return {
      ...{ site, model, isSigned: commissioningNag(siteFile, model) === undefined },
      named: secretFilesOf(model).map((file) => resolve(dirname(siteFile), file)),
      ...(lanPort !== undefined && { lanPort }),
    };
  } catch (error) {
    if (!(error instanceof GridwrightError)) throw error;
    const { code, message } = error;
    if (code !== "site-unreadable") return { ...unknown, site: { file: siteFile, mistakes: [message] } };
    return { ...unknown, site: { file: siteFile, mistakes: [], unreadable: messageOf(error.cause) } };
  }
}

async function reportOf(data: string, config?: string): Promise<DoctorReport> {
  const { dataDir, siteFile } = placeOf(data, config);
  const pids = pidsOn(dataDir);
  const installation = installedRoot();
  const known = ofSite(siteFile);
  return examine({
    ...{ host: thisHost, dataDir, pids, wall: Date.now(), updateKey: UPDATE_KEY },
    ...known,
    running: await heard(dataDir, { pids, model: known.model }),
    ...(installation !== undefined && { installation }),
  });
}

const MARKS: Readonly<Record<FindingSeverity, string>> = {
  critical: styleText("red", "✖"),
  warning: styleText("yellow", "!"),
  info: "·",
  unknown: "?",
  ok: styleText("green", "✔"),
};
const NAME_CHARS = 16;

function lines(finding: Finding, language: Language): readonly string[] {
  const name = checkName(finding.check, language).padEnd(NAME_CHARS);
  const cure = cureText(finding, language);
  const first = `${MARKS[finding.severity]} ${name} ${findingText(finding, language)}`;
  return cure === undefined ? [first] : [first, `  ${"".padEnd(NAME_CHARS)} → ${cure}`];
}

/** 0: nothing to do; 1: something to see to; 2: at once. */
export const exitCodeOf = (findings: readonly Finding[]): number => {
  if (findings.some(({ severity }) => severity === "critical")) return 2;
  return findings.some(({ severity }) => severity === "warning") ? 1 : 0;
};

export interface DoctorFlags {
  readonly data: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly language: Language;
}

export async function runDoctor(
  { data, config, json, language }: DoctorFlags,
  write: Write,
): Promise<number> {
  const { at, findings } = await reportOf(data, config);
  const told = bySeverity(findings);
  if (json) {
    const texts = told.map((one) => ({
      ...one,
      says: findingText(one, language),
      cure: cureText(one, language),
    }));
    write(JSON.stringify({ at, findings: texts }));
  } else for (const finding of told) for (const line of lines(finding, language)) write(line);
  return exitCodeOf(findings);
}
