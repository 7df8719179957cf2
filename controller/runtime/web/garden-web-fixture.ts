// The garden with its web side on a real port, for tests. Only tests may import this.
import { topics } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
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
import type { WebOptions } from "./options.ts";
import { startWeb } from "./web.ts";

const TOKEN = "a-token-only-for-this-test-4e81";
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Garden {
  readonly bus: TestBus;
  readonly io: TestClock;
  /** `get /path` of each route. */
  readonly routes: readonly string[];
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Asks control, as the operator. */
  post(body: unknown): Promise<Response>;
  close(): Promise<void>;
}

const ROW = { t: epoch(PLANT_TIME), mean: 0.61, min: 0.6, max: 0.62, count: 7 };

const optionsOf = (bus: TestBus, io: TestClock): WebOptions => ({
  host: "127.0.0.1",
  port: 0,
  model: gardenModel(),
  bus,
  token: TOKEN,
  pageDir: "/nowhere",
  io,
  log: quiet,
  history: {
    query: async () => [ROW],
    periods: async () => [],
    counts: async () => ({}),
    close: async () => undefined,
  },
  request: async () => ({
    id: "request-3",
    issuer: "services",
    outcome: "accepted",
    reason: { code: "answer-accepted", params: {} },
  }),
});

export async function startGarden(): Promise<Garden> {
  const bus = testBus();
  const io = testClock();
  const web = await startWeb(optionsOf(bus, io));
  const at = topics("garden");
  bus.say(at.control, "online", true);
  bus.say(at.snapshot, snapshotOf({ decisions: [decisionOf()] }));
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${web.port}${path}`, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  return {
    bus,
    io,
    routes: web.routes,
    get,
    post: (body) =>
      get("/api/v1/requests", {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    close: web.close,
  };
}

const DEADLINE_MS = 15_000;
