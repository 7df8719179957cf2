// The garden with its web side on a real port, for tests. Only tests may import this.
import { topics } from "@gridwright/contract/messages.ts";
import type { PlanReport } from "@gridwright/contract/plan/site-plan.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { openCommunity } from "../community/community.ts";
import { openContests } from "../community/contests.ts";
import { NO_PROPOSALS } from "../community/proposals.ts";
import type { FlowsDoor } from "../flows/flows-door.ts";
import type { Trials } from "../flows/trials.ts";
import type { RunningLedger } from "../ledger/ledger.ts";
import { testDesk } from "../people/desk-fixture.ts";
import type { Desk } from "../people/people.ts";
import {
  decisionOf,
  gardenModel,
  PLANT_TIME,
  snapshotOf,
  type TestBus,
  type TestClock,
  testBus,
  testClock,
} from "./garden-fixture.ts";
import type { Asking, SecurePlace, WebOptions } from "./options.ts";
import { startWeb } from "./web.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Garden {
  readonly bus: TestBus;
  readonly io: TestClock;
  /** `get /path` of each route. */
  readonly routes: readonly string[];
  readonly securePort: number | undefined;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Asks control, as a member of the first house. */
  post(body: unknown): Promise<Response>;
  close(): Promise<void>;
}

const ROW = { t: epoch(PLANT_TIME), mean: 0.61, min: 0.6, max: 0.62, count: 7 };

const BAND = { low: 310, mid: 470, high: 620 };
const PLAN: PlanReport = {
  state: "fresh",
  tookMs: 830,
  errors: { sun: { count: 37, mae: 140, bias: -22, coverage: 0.81 } },
  plan: {
    ...{ madeAt: epoch(PLANT_TIME), stepMs: 3_600_000, historyDays: 6, status: "optimal", gap: 0.003 },
    relaxed: [{ limit: "soc-min", id: "battery", by: 260 }],
    steps: [
      {
        ...{ at: epoch(PLANT_TIME), sun: BAND, load: BAND, gridChance: 0.9, soc: 0.64, generatorW: 12 },
        ...{ importW: 34, jobW: 45, spareW: 56, unservedW: { 3: 78 } },
      },
    ],
    wishes: [{ asset: "kettle", on: false }],
    jobs: [{ id: "job-7", at: epoch(PLANT_TIME) }],
    windows: [{ from: epoch(PLANT_TIME), to: epoch(PLANT_TIME + 7_200_000), powerW: 910 }],
  },
};

const stamp = (ago: number) => ({ t: epoch(PLANT_TIME - ago), m: mono(345_000 - ago) });
const RECORDS: readonly JournalRecord[] = [
  { k: "lease", ...stamp(3_000), asset: "kettle", event: "renewed" },
  { k: "lease", ...stamp(4_000), asset: "kettle", event: "granted" },
  { k: "decision", ...stamp(4_000), decision: decisionOf() },
  { k: "decision", ...stamp(80_000), decision: decisionOf({ asset: "battery", rule: "restoration" }) },
];

interface Wish {
  readonly model?: SiteModel;
  readonly ledger?: RunningLedger;
  readonly io?: TestClock;
  readonly desk?: Desk;
  readonly demo?: boolean;
  readonly lan?: SecurePlace;
  readonly flows?: FlowsDoor;
  readonly trials?: Trials;
  /** What control says to whatever it is asked; otherwise it takes everything. */
  readonly control?: (ask: Asking) => Promise<Answer>;
}

const ACCEPTED: Answer = {
  id: "request-3",
  issuer: "services",
  outcome: "accepted",
  reason: { code: "answer-accepted", params: {} },
};

const optionsOf = (
  bus: TestBus,
  io: TestClock,
  {
    desk = testDesk(io, ["anna"]).desk,
    demo,
    lan,
    flows,
    trials,
    model,
    ledger,
    control = async () => ACCEPTED,
  }: Wish,
): WebOptions => ({
  host: "127.0.0.1",
  port: 0,
  model: model ?? gardenModel(),
  ...(ledger !== undefined && { ledger }),
  bus,
  desk,
  contests: openContests({ desk, begin: [], save: async () => undefined }),
  community: openCommunity({
    desk,
    kept: { begin: NO_PROPOSALS, save: async () => undefined },
    request: control,
  }),
  demo: demo ?? true,
  ...(lan !== undefined && { lan }),
  ...(flows !== undefined && { flows }),
  ...(trials !== undefined && { trials }),
  pageDir: "/nowhere",
  io,
  log: quiet,
  plan: () => PLAN,
  journal: async ({ wanted, limit }) => ({
    records: RECORDS.filter(wanted).slice(0, limit),
    reachedTo: PLANT_TIME - 90_000,
  }),
  history: {
    query: async () => [ROW],
    periods: async () => [{ ...ROW, energy: { wh: 740, whole: false } }],
    counts: async () => ({}),
    close: async () => undefined,
  },
  request: control,
});

/** A demo with a clock and accounts of its own, unless told otherwise. */
export async function startGarden(wish: Wish = {}): Promise<Garden> {
  const bus = testBus();
  const io = wish.io ?? testClock();
  const web = await startWeb(optionsOf(bus, io, wish));
  const at = topics("garden");
  bus.say(at.control, "online", true);
  bus.say(at.snapshot, snapshotOf({ decisions: [decisionOf()] }));
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${web.port}${path}`, { signal: AbortSignal.timeout(DEADLINE_MS), ...init });
  return {
    bus,
    io,
    routes: web.routes,
    securePort: web.securePort,
    get,
    post: (body) =>
      get("/api/v1/requests", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    close: web.close,
  };
}

const DEADLINE_MS = 15_000;
