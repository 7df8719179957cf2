// The services process: the page with its API, local history, writers to metrics databases. It reads the journal and
// the live bus; nothing in control waits for it.
import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { outwardTopics } from "@gridwright/contract/outward.ts";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { render } from "@gridwright/contract/render.ts";
import { REQUEST_TTL_MAX_MS } from "@gridwright/contract/request.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { FOLDERS } from "@gridwright/runtime/beside/equip.ts";
import { keepEquipped } from "@gridwright/runtime/beside/keep-equipped.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { createRequester, type Requester, risingSeq } from "@gridwright/runtime/bus/requester.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openCommunity } from "@gridwright/runtime/community/community.ts";
import { openContests } from "@gridwright/runtime/community/contests.ts";
import { openContestsFile } from "@gridwright/runtime/community/contests-file.ts";
import { openProposals } from "@gridwright/runtime/community/proposals-file.ts";
import { hearJobs } from "@gridwright/runtime/jobs/hear-jobs.ts";
import { type Oops, startOops } from "@gridwright/runtime/jobs/oops.ts";
import { startWorkshop, type Workshop } from "@gridwright/runtime/jobs/workshop.ts";
import { startOutlets } from "@gridwright/runtime/outlets/outlets.ts";
import { watchGuests } from "@gridwright/runtime/people/guests.ts";
import { openPeople } from "@gridwright/runtime/people/open.ts";
import type { Desk } from "@gridwright/runtime/people/people.ts";
import { createAskedProcess } from "@gridwright/runtime/planner/asked-process.ts";
import { type Planner, startPlanner } from "@gridwright/runtime/planner/planner.ts";
import { type Recorder, startRecorder } from "@gridwright/runtime/recorder/recorder.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { openTlsAt } from "@gridwright/runtime/tls/open.ts";
import { startWeather, type Weather } from "@gridwright/runtime/weather/weather.ts";
import { type RunningWeb, startWeb } from "@gridwright/runtime/web/web.ts";
import { loadSite } from "../load-site.ts";
import { type OpenFlows, openFlows } from "./flows-in-services.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";
import { journalIn, openTold, type Told } from "./told.ts";

type ServicesStartup = Extract<Startup, { process: "services" }>;

const PLANNER_CHILD = fileURLToPath(import.meta.resolve("@gridwright/runtime/planner/planner-child.ts"));
const PAGE = fileURLToPath(new URL("../../../dashboards/web/dist", import.meta.url));

/** Files are named from where the site file lies. */
const targetsOf = ({ site }: SiteModel, siteFile: string): readonly InfluxTarget[] =>
  site.metrics.influx.map(({ passwordFile, caFile, ...target }) => {
    const at = (file: string): string => resolve(dirname(siteFile), file);
    return {
      ...target,
      ...(passwordFile !== undefined && { passwordFile: at(passwordFile) }),
      ...(caFile !== undefined && { caFile: at(caFile) }),
    };
  });

interface Asking {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly io: Clock;
}

const requesterOf = ({ model, bus, secrets, io }: Asking): Requester =>
  createRequester({
    bus,
    siteId: model.site.site.id,
    issuer: "services",
    key: secrets.issuerKey("services") ?? new Uint8Array(),
    seq: risingSeq(io),
    random: randomBytes,
    io,
  });

interface Open extends Asking {
  readonly startup: ServicesStartup;
  readonly log: Log;
}

const openRecorder = ({ model, startup, io, log }: Omit<Open, "bus" | "secrets">): Promise<Recorder> =>
  startRecorder({
    journalDir: join(startup.dataDir, "journal"),
    dataDir: startup.dataDir,
    model,
    influx: targetsOf(model, startup.siteFile),
    io,
    log,
    onProblem: (reason, url) =>
      reason === null
        ? log.info(`${url} takes data again`)
        : log.warn(`${url}: ${render(reason, { language: "en", names: {} })}`),
  });

interface Parts extends Open, Told {
  readonly recorder: Recorder;
  readonly requester: Requester;
  readonly desk: Desk;
  readonly planner: Planner;
  readonly weather: Weather;
  readonly workshop: Workshop;
  readonly oops: Oops;
}

type Ahead = Pick<Parts, "planner" | "weather" | "workshop" | "oops">;
type Shared = Omit<Parts, keyof Ahead | keyof Told | "secrets">;

/** The queue goes by the plan, and the plan counts the queue's jobs. */
function openAhead({ startup, recorder, desk, ...shared }: Shared): Ahead {
  const { dataDir } = startup;
  const followed = (): SitePlan | undefined => {
    const { state, plan } = planner.report();
    return state === "fresh" ? plan : undefined;
  };
  const trainings = () => desk.kept.now().trainings;
  const workshop = startWorkshop({ ...shared, dataDir, plan: followed, trainings });
  const weather = startWeather(shared);
  const planner = startPlanner({
    ...{ ...shared, weather },
    ...{ dataDir, history: recorder.history, jobs: workshop.known },
    child: createAskedProcess({ module: PLANNER_CHILD, io: shared.io }),
  });
  const stateOf = (machine: string) => workshop.report().machines.find(({ id }) => id === machine)?.state;
  const oops = startOops({ ...shared, dataDir, stateOf });
  return { planner, weather, workshop, oops };
}

function openWeb({
  startup,
  recorder,
  requester,
  planner,
  workshop,
  flows,
  ...parts
}: Omit<Parts, "secrets"> & { readonly flows: OpenFlows | undefined }): Promise<RunningWeb> {
  const { model, io } = parts;
  const { lan } = startup;
  return startWeb({
    ...parts,
    host: "127.0.0.1",
    port: startup.pagePort,
    history: recorder.history,
    demo: startup.demo,
    ...(flows !== undefined && { flows: flows.door, trials: flows.trials }),
    ...(lan !== undefined && {
      lan: {
        ...lan,
        tls: () => openTlsAt({ dataDir: startup.dataDir, model, name: "page", address: lan.address, io }),
      },
    }),
    pageDir: PAGE,
    journal: journalIn(startup.dataDir),
    recorderStatus: recorder.status,
    request: (ask) => requester.send({ ttlMs: millis(REQUEST_TTL_MAX_MS), ...ask }),
    plan: planner.report,
    workshop,
    contests: openContests({ ...openContestsFile(startup.dataDir, parts.log), desk: parts.desk }),
    community: openCommunity({
      ...{ kept: openProposals(startup.dataDir, parts.log), desk: parts.desk },
      request: (ask) => requester.send({ ...ask, ttlMs: millis(REQUEST_TTL_MAX_MS) }),
    }),
  });
}

export async function runServices(startup: ServicesStartup, log: Log): Promise<Running> {
  const { siteFile, dataDir, brokerPort: embeddedPort } = startup;
  const { model } = loadSite(siteFile);
  const secrets = await openSecrets(dataDir, model);
  const io = hostClock();
  const place = await brokerPlace({ model, secrets, siteFolder: dirname(siteFile), embeddedPort });
  const will = { topic: outwardTopics(model.site.site.id).services, payload: "offline", retain: true };
  const bus = connectBus({ url: place.url, ...place.login("services"), will, io, log });
  const recorder = await openRecorder({ model, startup, io, log });
  const desk = await openPeople({ dataDir, model, io });
  const guests = watchGuests(desk, { io, log });
  const requester = requesterOf({ model, bus, secrets, io });
  const shared = { model, bus, io, log, startup, recorder, requester };
  const ahead = openAhead({ ...shared, desk });
  const { planner, workshop, oops } = ahead;
  hearJobs({ workshop, bus, model, log });
  const told = await openTold({ ...shared, desk, requester, workshop });
  const flows = await openFlows({ ...shared, desk });
  const web = await openWeb({ ...shared, desk, flows, ...ahead, ...told });
  const equipped = startup.equips && keepEquipped({ dataDir, model, folders: FOLDERS, io, log });
  const outlets = await startOutlets({ model, bus, io, log, dataDir, request: requester.send });
  return {
    ports: { page: web.port, ...outlets.ports },
    async stop() {
      await equipped?.close();
      await outlets.close();
      await told.alerts.close();
      await told.doctor.close();
      await told.ledger?.close();
      await web.close();
      await flows?.close();
      await planner.close();
      await ahead.weather.close();
      await guests.close();
      await oops.close();
      await workshop.close();
      await recorder.close();
      await bus.close();
    },
  };
}
