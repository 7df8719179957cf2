// The control process: devices, loop, leases, journal. It listens on no port, needs no database, and goes on when
// broker, services and network are gone. What it remembers comes back from the journal.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type GridMode, topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { ROLES } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { askedOfBoxes } from "@gridwright/runtime/boxes/asked-of-boxes.ts";
import { type GainsFile, openGains } from "@gridwright/runtime/boxes/gains-file.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { createRequestGate } from "@gridwright/runtime/bus/requests.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { connectPace, type PacedClock } from "@gridwright/runtime/clock/paced-clock.ts";
import { stepDone } from "@gridwright/runtime/clock/step-done.ts";
import { reportBuses } from "@gridwright/runtime/commission/bus-report.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { type OpenDevices, openDevices } from "@gridwright/runtime/devices.ts";
import { openJournal } from "@gridwright/runtime/journal/journal.ts";
import type { RunningJournal } from "@gridwright/runtime/journal/threaded-journal.ts";
import { type Actors, createActors } from "@gridwright/runtime/loop/act.ts";
import { type AgreementsFile, openAgreements } from "@gridwright/runtime/loop/agreements-file.ts";
import { createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import { createInbox } from "@gridwright/runtime/loop/inbox.ts";
import { createLoop, type Loop } from "@gridwright/runtime/loop/loop.ts";
import { createMetronome } from "@gridwright/runtime/loop/metronome.ts";
import { createNarrator } from "@gridwright/runtime/loop/narrate.ts";
import { createOutlet } from "@gridwright/runtime/loop/outlet.ts";
import { createProcessReport, type ProcessReport } from "@gridwright/runtime/loop/process-report.ts";
import { type Restored, restore } from "@gridwright/runtime/loop/restore.ts";
import { createTroubles, type Troubles } from "@gridwright/runtime/loop/troubles.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

type ControlStartup = Extract<Startup, { process: "control" }>;

/** Journal kept at most: about three months at the budget of 100 MB a day, never more than a small card holds. */
const RETENTION = { bytes: 8e9, days: 90 };
const EXIT_PLANT_GONE = 75;

/** Which source carries the bus, as the last tick saw it. */
interface Carried {
  by: GridMode;
}

/** What everything in the process shares. */
interface Base {
  readonly model: SiteModel;
  readonly io: Clock;
  readonly plant: Clock;
  readonly pace: PacedClock | undefined;
  readonly bootId: string;
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly gains: GainsFile;
  readonly journalDir: string;
  readonly carried: Carried;
  readonly log: Log;
}

const machineBoot = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

async function openBase(startup: ControlStartup, log: Log): Promise<Base> {
  const { model } = loadSite(startup.siteFile);
  const secrets = await openSecrets(startup.dataDir, model);
  const io = hostClock();
  const onLost = (why: string): void => {
    log.warn(`${why}; control starts anew with it`);
    process.exit(EXIT_PLANT_GONE);
  };
  const pace = startup.pace && (await connectPace({ ...startup.pace, io, onLost }));
  // From here on the twin waits for this process, also while its devices connect.
  pace?.done(pace.now());
  const will = { topic: topics(model.site.site.id).control, payload: "offline", retain: true };
  const siteFolder = dirname(startup.siteFile);
  const place = await brokerPlace({ model, secrets, siteFolder, embeddedPort: startup.brokerPort });
  const bus = connectBus({ url: place.url, ...place.login("control"), will, io, log });
  const journalDir = join(startup.dataDir, "journal");
  return {
    model,
    io,
    plant: pace ?? io,
    pace,
    bootId: pace?.run ?? machineBoot(),
    bus,
    secrets,
    gains: openGains(startup.dataDir, log),
    journalDir,
    carried: { by: "unknown" },
    log,
  };
}

/** A step is done when its poll round is read and its commands have reached their devices. */
const settled = ({ open, actors, io }: { open: OpenDevices; actors: Actors; io: Clock }, speed: number) =>
  stepDone({ idle: () => Promise.all([open.idle(), actors.idle()]), answers: open.answers }, io, speed);

interface Assembly {
  readonly report: ProcessReport;
  readonly base: Base;
  readonly restored: Restored;
  readonly agreements: AgreementsFile;
  readonly open: OpenDevices;
  readonly troubles: Troubles;
  readonly journal: () => RunningJournal;
  /** A step has ended and its commands were answered. */
  readonly stepped: () => void;
}

function assemble({ base, restored, agreements, open, troubles, journal, report, stepped }: Assembly): Loop {
  const { model, io, plant, pace, bus, secrets, log } = base;
  const { devices } = open;
  const metronome = report.watched(createMetronome(plant, io));
  const actors = createActors({ devices, log });
  const narrator = createNarrator({ model, log, paced: pace !== undefined });
  const outlet = createOutlet({ model, bus, devices, speed: () => pace?.speed() ?? 1, real: io.now });
  const requests = createRequestGate({
    siteId: model.site.site.id,
    keys: secrets.issuerKey,
    roles: () => ROLES,
    bus,
    now: plant.now,
    log,
    seqFloor: restored.seqFloor,
    onRefused: (answer) => journal().append([{ k: "answer", m: plant.now(), t: plant.wall(), answer }]),
  });
  return createLoop(
    {
      model,
      devices,
      plant,
      inbox: createInbox(model, devices.values(), metronome.wake),
      actors,
      alarms: createAlarms(restored.alarms),
      metronome,
      journal,
      requests,
      troubles: troubles.conditions,
      bootId: base.bootId,
      taken: askedOfBoxes({ boxes: open.boxes, gains: base.gains, plant }),
      tell(told) {
        base.carried.by = told.step.mode;
        outlet(told);
        agreements.keep(told.step.memory.agreements, told.state.now);
        narrator.decisions(told.step.decisions);
        narrator.alarms(told.alarms, told.state.wall);
      },
      ticked(at) {
        report.ticked();
        void actors.confirmed().then(stepped);
        void settled({ open, actors, io }, pace?.speed() ?? 1).then(() => pace?.done(at));
      },
    },
    restored.state,
  );
}

function openPlant(base: Base, restored: Restored): OpenDevices {
  return openDevices({
    ...base,
    gains: base.gains.of,
    speed: () => base.pace?.speed() ?? 1,
    random: Math.random,
    mode: () => base.carried.by,
    toldUntil: restored.until,
  });
}

/** `stepped` is called after each step of which every command was answered or refused. */
export async function runControl(startup: ControlStartup, log: Log, stepped: () => void): Promise<Running> {
  const release = lockDataFolder(startup.dataDir);
  const base = await openBase(startup, log);
  const { model, io, plant, bus, pace } = base;
  const { agreements, restored } = await recall(base, startup.dataDir);
  const open = openPlant(base, restored);
  const troubles = createTroubles(bus, io);
  const late: { journal?: RunningJournal } = {};
  const siteId = model.site.site.id;
  const journal = () => opened(late);
  const report = createProcessReport({ bus, siteId, plant, io, journal: () => journal().status() });
  const loop = assemble({ base, restored, agreements, open, troubles, report, journal, stepped });
  late.journal = await openJournal({
    dir: base.journalDir,
    clock: io,
    log,
    snapshot: loop.snapshot,
    onProblem: troubles.journal,
    ...{ retention: RETENTION, flushMs: model.site.journal.commit },
  });
  bus.publish(topics(model.site.site.id).control, "online", { retain: true, qos: 1 });
  const reports = [reportBuses({ buses: open.buses, bus, siteId, io }), report.start()];
  const stop = new AbortController();
  const running = loop.run(stop.signal);
  log.info(`control runs; ${restored.ticks} ticks were taken over from the journal`);
  return {
    ports: {},
    async stop() {
      stop.abort();
      for (const end of reports) end();
      await running;
      await Promise.all([open.close(), late.journal?.close()]);
      await bus.close();
      troubles.close();
      pace?.close();
      release();
    },
  };
}

/** What the journal tells; where it tells of no earlier course, the file of agreements has those at least. */
async function recall(base: Base, dataDir: string): Promise<Pick<Assembly, "agreements" | "restored">> {
  const agreements = openAgreements(dataDir, base.log);
  const restored = await restore({ ...base, now: base.plant.now() });
  const { memory } = restored.state;
  if (memory.startedWall !== 0) return { agreements, restored };
  const kept = { ...memory, agreements: agreements.read(base.plant.now()) };
  return { agreements, restored: { ...restored, state: { ...restored.state, memory: kept } } };
}

function opened({ journal }: { readonly journal?: RunningJournal }): RunningJournal {
  if (journal === undefined) throw new Error("the loop ticked before its journal was open");
  return journal;
}
