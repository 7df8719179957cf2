// The demo village without a plant: the real site file and the real web side of services, told what happens by the
// test. Must not start any other process.

import { fileURLToPath } from "node:url";
import { loadSite } from "@gridwright/cli/load-site.ts";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import { type SnapshotMessage, type TickMessage, topics } from "@gridwright/contract/messages.ts";
import { isPushServer } from "@gridwright/contract/push.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mono } from "@gridwright/contract/units.ts";
import type { Alerter } from "@gridwright/runtime/alerts/alerter.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openCommunity } from "@gridwright/runtime/community/community.ts";
import { openContests } from "@gridwright/runtime/community/contests.ts";
import { NO_PROPOSALS } from "@gridwright/runtime/community/proposals.ts";
import type { Doctor } from "@gridwright/runtime/doctor/doctor.ts";
import { testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import type { Desk } from "@gridwright/runtime/people/people.ts";
import { type TestBus, testBus } from "@gridwright/runtime/web/garden-fixture.ts";
import type { Asking, SecurePlace, WebOptions } from "@gridwright/runtime/web/options.ts";
import { type RunningWeb, startWeb } from "@gridwright/runtime/web/web.ts";
import { cannedJournal } from "./canned-journal.ts";
import { cannedLedger } from "./canned-ledger.ts";
import { cannedPast } from "./canned-past.ts";
import { villageBuses, villageFairness, villagePlan, villageProcess } from "./canned-report.ts";
import { villageSnapshot } from "./village-moment.ts";

const SITE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
export const PAGE_DIR = fileURLToPath(new URL("../../dashboards/web/dist/", import.meta.url));

export interface CannedVillage {
  readonly url: string;
  /** Of the door to the network, where it has one. */
  readonly secureUrl: string;
  readonly model: SiteModel;
  readonly desk: Desk;
  /** Speaks as control: a tick with these fields. */
  tick(fields: Partial<TickMessage>): void;
  snapshot(fields?: Partial<SnapshotMessage>): void;
  decide(decision: Decision): void;
  alarm(event: "raised" | "cleared", alarm: Alarm): void;
  control(state: "online" | "offline"): void;
  /** Lets real time pass for services without waiting. */
  skip(ms: number): void;
  /** Streams that are open now. */
  streams(): Promise<number>;
  /** Ends the web side, as a crash of services would. */
  stop(): Promise<void>;
  /** Starts it again on the same port, with the retained snapshot. */
  start(): Promise<void>;
}

const quiet = { info: () => undefined, warn: () => undefined, error: console.error };

type Shop = Pick<WebOptions, "workshop" | "oops">;

/** The workshop of a canned village, from what it may hang on. */
export type OpenShop = (parts: Readonly<{ model: SiteModel; bus: TestBus; io: Clock; desk: Desk }>) => Shop;

interface Served extends Shop {
  readonly desk: Desk;
  readonly demo: boolean;
  readonly model: SiteModel;
  readonly bus: TestBus;
  readonly io: Clock;
  readonly port: number;
  readonly pageDir: string;
  readonly lan?: SecurePlace;
}

/** What is held may not be asked on; all else is taken. */
const control = async ({ body }: Pick<Asking, "body">): Promise<Answer> => ({
  ...{ id: "request-7", issuer: "services" },
  ...(body.kind === "switch" && body.on
    ? { outcome: "refused", reason: { code: "answer-held", params: { why: "fuse work" } } }
    : { outcome: "accepted", reason: { code: "answer-accepted", params: {} } }),
});

/** What a browser is given to subscribe with; nothing is sent. */
export const PUSH_KEY = `B${"k".repeat(86)}`;
/** One channel that takes what it is given, and one whose password is wrong. */
const CHANNELS: Alerter = {
  channels: { phones: "ntfy", office: "email" },
  push: {
    publicKey: PUSH_KEY,
    accepts: (endpoint) => isPushServer(endpoint, []),
    to: () => async () => undefined,
    test: async () => undefined,
  },
  test: async (id) => (id === "office" ? { why: "answered", answered: 535 } : undefined),
  close: async () => undefined,
};

/** A supply that is weak, a stick with an update, all else well. */
const DOCTOR: Pick<Doctor, "report"> = {
  report: async () => ({
    at: 1_790_000_000_000,
    findings: [
      { check: "clock", severity: "ok", code: "clock-ok", params: {} },
      { check: "power", severity: "critical", code: "power-low", params: {} },
      { check: "wear", severity: "ok", code: "wear-ok", params: { dayBytes: 61_000_000, years: 41 } },
      {
        ...({ check: "update", severity: "info", code: "update-available" } as const),
        params: { version: "1.6.0", file: "/media/stick/gridwright-1.6.0-linux-arm64.gwu" },
      },
    ],
  }),
};

const serve = ({ model, ...parts }: Served): Promise<RunningWeb> => {
  const history = cannedPast(model);
  return startWeb({
    host: "127.0.0.1",
    ...{ model, history, ...parts },
    journal: cannedJournal,
    plan: villagePlan,
    ledger: cannedLedger(model, history),
    alerts: CHANNELS,
    doctor: DOCTOR,
    request: control,
    contests: openContests({ desk: parts.desk, begin: [], save: async () => undefined }),
    community: openCommunity({
      desk: parts.desk,
      kept: { begin: NO_PROPOSALS, save: async () => undefined },
      request: control,
    }),
    log: quiet,
  });
};

/** A host clock that a test may push forward. */
function pushable(): Clock & { push(ms: number): void } {
  const host = hostClock();
  let pushed = 0;
  return {
    ...host,
    now: () => mono(host.now() + pushed),
    push: (ms) => {
      pushed += ms;
    },
  };
}

/** Serves the built page on a free port with the village at its moment: as a demo, or as a real site with accounts. */
export async function startCannedVillage({
  demo = true,
  shop,
  change = (site) => site,
  pageDir = PAGE_DIR,
  lan,
}: {
  readonly demo?: boolean;
  readonly shop?: OpenShop;
  /** What is otherwise than in the village's site file. */
  readonly change?: (model: SiteModel) => SiteModel;
  readonly pageDir?: string;
  readonly lan?: SecurePlace;
} = {}): Promise<CannedVillage> {
  const model = change(loadSite(SITE).model);
  const at = topics(model.site.site.id);
  const io = pushable();
  const whole = { ...villageSnapshot(model), fairness: villageFairness(model) };
  const { decisions: _decisions, alarms: _alarms, ...full } = whole;
  const nothing = { ...full, points: {}, assets: {}, devices: {} };
  const { desk } = testDesk(io, Object.keys(model.site.members));
  let bus = testBus();
  const opened = shop?.({ model, bus, io, desk });
  const served = { ...{ model, io, desk, demo, pageDir }, ...(lan && { lan }) };
  let web = await serve({ ...served, bus, port: 0, ...opened });
  const { port } = web;
  const begin = (): void => {
    bus.say(at.control, "online", true);
    bus.say(at.snapshot, whole);
    bus.say(at.buses, villageBuses(model));
    bus.say(at.process, villageProcess);
  };
  begin();
  return {
    url: `http://127.0.0.1:${port}/`,
    secureUrl: `https://${lan?.address}:${web.securePort}/`,
    model,
    desk,
    tick: (fields) => bus.say(at.tick, { ...nothing, ...fields }),
    snapshot: (fields = {}) => bus.say(at.snapshot, { ...whole, ...fields }),
    decide: (decision) => bus.say(at.decision, decision),
    alarm: (event, alarm) => bus.say(at.alarm, { event, alarm }),
    control: (state) => bus.say(at.control, state, true),
    skip: io.push,
    streams: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/health`);
      return Number(JSON.parse(await answer.text()).streams);
    },
    stop: () => web.close(),
    start: async () => {
      bus = testBus();
      web = await serve({ ...served, bus, port });
      begin();
    },
  };
}
