// What services hold of the technicians' flows, wired: the door of their process with its watch, and trials on a twin.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrialAsk } from "@gridwright/contract/api-trials.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { REQUEST_TTL_MAX_MS } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { Requester } from "@gridwright/runtime/bus/requester.ts";
import { type FlowsDoor, openFlowsDoor } from "@gridwright/runtime/flows/flows-door.ts";
import { type KeptVersions, keptVersionsIn } from "@gridwright/runtime/flows/kept-versions.ts";
import { beginOf } from "@gridwright/runtime/flows/last-day.ts";
import type { TrialOrder } from "@gridwright/runtime/flows/trial-order.ts";
import { openTrials, type Trials } from "@gridwright/runtime/flows/trials.ts";
import { openWatchFile } from "@gridwright/runtime/flows/watch-file.ts";
import { parseDecision } from "@gridwright/runtime/live/parse.ts";
import type { Desk } from "@gridwright/runtime/people/people.ts";
import type { Recorder } from "@gridwright/runtime/recorder/recorder.ts";
import type { Startup } from "./startup.ts";

type ServicesStartup = Extract<Startup, { process: "services" }>;

interface Parts {
  readonly startup: ServicesStartup;
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly io: Clock;
  readonly log: Log;
  readonly requester: Requester;
  readonly desk: Desk;
  readonly recorder: Recorder;
}

export interface OpenFlows {
  readonly door: FlowsDoor;
  readonly trials: Trials;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(new URL("../trial/child.ts", import.meta.url));
/** A day in two and a half minutes. */
const PACE = 600;

/** Of the site's own twin: what `gridwright twin` would be given, else none. */
function scenarioOf({ scenarioFile, siteFile }: ServicesStartup): string | undefined {
  const beside = join(dirname(siteFile), "scenario.yaml");
  return scenarioFile ?? (existsSync(beside) ? beside : undefined);
}

/** What a trial is told of the site as it is now. */
const orderer =
  ({ startup, model, recorder, io }: Parts, versions: KeptVersions) =>
  async (ask: TrialAsk): Promise<Omit<TrialOrder, "known">> => {
    const { siteFile } = startup;
    const begin = await beginOf({ model, history: recorder.history, now: io.wall() }, ask);
    const newest = await versions.newest();
    const running = newest === undefined ? undefined : await versions.read(newest);
    const scenarioFile = scenarioOf(startup);
    const { weather, fault, hours, flows } = ask;
    return {
      ...{ siteFile, ask: { flows }, pace: PACE, lastDay: begin.lastDay },
      ...(scenarioFile !== undefined && { scenarioFile }),
      running: (running?.flows as TrialAsk["flows"] | undefined) ?? null,
      day: {
        ...{ weather, fault, hours, site: model.hash, ...begin.day },
        habits: scenarioFile === undefined ? "guessed" : "scenario",
      },
    };
  };

/** What flows are told in role flow; their loss above all. Undefined: none run here. */
export async function openFlows(parts: Parts): Promise<OpenFlows | undefined> {
  const { startup, requester, io, log, desk, bus, model } = parts;
  const { flows: place, dataDir } = startup;
  if (place === undefined) return undefined;
  const versions = keptVersionsIn(join(dataDir, "flows", "versions"));
  const door = openFlowsDoor({
    ...{ place, io, log, versions, note: desk.audit.note },
    file: openWatchFile(dataDir, log),
    tell: (body) => requester.send({ role: "flow", body, ttlMs: millis(REQUEST_TTL_MAX_MS) }),
  });
  bus.subscribe(topics(model.site.site.id).decision, (_topic, payload) => {
    const decision = parseDecision(payload);
    if (decision !== undefined) door.decided(decision);
  });
  const trials = await openTrials({
    ...{ dataDir, io, log, module: CHILD, order: orderer(parts, versions) },
  });
  return {
    ...{ door, trials },
    async close() {
      await trials.close();
      await door.close();
    },
  };
}
