// What people are told beside the page's live view: the ledger, alarms that leave the site, what the doctor finds. Parts of the
// services process.
import { dirname, join, resolve } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Alerter } from "@gridwright/runtime/alerts/alerter.ts";
import { openAlerts } from "@gridwright/runtime/alerts/open-alerts.ts";
import type { Requester } from "@gridwright/runtime/bus/requester.ts";
import { type Doctor, startDoctor } from "@gridwright/runtime/doctor/doctor.ts";
import { runningFacts } from "@gridwright/runtime/doctor/examine.ts";
import { thisHost } from "@gridwright/runtime/doctor/host.ts";
import type { Workshop } from "@gridwright/runtime/jobs/workshop.ts";
import { readBackwards } from "@gridwright/runtime/journal/backwards.ts";
import { endedJobs } from "@gridwright/runtime/ledger/ended-jobs.ts";
import { type RunningLedger, startLedger } from "@gridwright/runtime/ledger/ledger.ts";
import { quietView } from "@gridwright/runtime/live/listen.ts";
import type { Desk } from "@gridwright/runtime/people/people.ts";
import type { Recorder } from "@gridwright/runtime/recorder/recorder.ts";
import type { JournalBack } from "@gridwright/runtime/web/options.ts";
import { pidsOn } from "../commands/backup.ts";
import { secretFilesOf } from "../commands/site-files.ts";
import { commissioningNag } from "../commissioned.ts";
import { installedRoot, UPDATE_KEY } from "../installed-root.ts";
import type { Startup } from "./startup.ts";

export interface Told {
  /** None: the site keeps no ledger. */
  readonly ledger?: RunningLedger;
  readonly alerts: Alerter;
  readonly doctor: Doctor;
}

export interface Telling {
  readonly startup: Extract<Startup, { process: "services" }>;
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly io: Clock;
  readonly log: Log;
  readonly recorder: Recorder;
  readonly workshop: Workshop;
  readonly requester: Requester;
  readonly desk: Desk;
}

/** The journal of a data folder, from its newest record back. */
export const journalIn =
  (dataDir: string): JournalBack =>
  (asked) =>
    readBackwards({ dir: join(dataDir, "journal"), ...asked });

/** Looks from now on, by the live bus and the machine. */
export function openDoctor({
  startup,
  model,
  bus,
  io,
  log,
}: Omit<Telling, "recorder" | "workshop" | "requester" | "desk">): Doctor {
  const { dataDir, siteFile, lan } = startup;
  const view = quietView({ model, io, bus, log });
  const installation = installedRoot();
  const named = secretFilesOf(model).map((file) => resolve(dirname(siteFile), file));
  return startDoctor({
    ...{ io, log },
    examined: () => ({
      ...{ host: thisHost, model, dataDir, named, updateKey: UPDATE_KEY },
      site: { file: siteFile, mistakes: [] },
      isSigned: commissioningNag(siteFile, model) === undefined,
      pids: { ...pidsOn(dataDir), services: process.pid },
      running: runningFacts(view),
      ...(lan !== undefined && { lanPort: lan.port }),
      ...(installation !== undefined && { installation }),
    }),
  });
}

export async function openTold(telling: Telling): Promise<Told> {
  const { startup, recorder, workshop, requester } = telling;
  const { dataDir, siteFile } = startup;
  const jobs = () => endedJobs(workshop.report());
  const ledger = await startLedger({
    ...{ ...telling, dataDir, history: recorder.history, jobs },
    view: quietView(telling),
    journal: journalIn(dataDir),
  });
  const doctor = openDoctor(telling);
  const alerts = await openAlerts({
    ...{ ...telling, dataDir, siteFolder: dirname(siteFile) },
    ...{ request: requester.send, more: doctor.alarms },
  });
  return { alerts, doctor, ...(ledger && { ledger }) };
}
