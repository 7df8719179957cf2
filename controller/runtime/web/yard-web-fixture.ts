// The yard with its queue and its web side on a real port, for tests. Only tests may import this.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topics } from "@gridwright/contract/messages.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { NOW, planOf, yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import { openCommunity } from "../community/community.ts";
import { openContests } from "../community/contests.ts";
import { NO_PROPOSALS } from "../community/proposals.ts";
import { startOops } from "../jobs/oops.ts";
import { startWorkshop } from "../jobs/workshop.ts";
import { testDesk } from "../people/desk-fixture.ts";
import type { Desk } from "../people/people.ts";
import { snapshotOf, type TestClock, testBus, testClock } from "./garden-fixture.ts";
import { startWeb } from "./web.ts";

const ACCEPTED: Answer = {
  ...{ id: "request-3", issuer: "services", outcome: "accepted" },
  reason: { code: "answer-accepted", params: {} },
};
const DEADLINE_MS = 15_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Sent {
  readonly status: number;
  readonly data: ReturnType<typeof JSON.parse>;
}

export interface Yard {
  readonly desk: Desk;
  readonly url: string;
  /** Plant time is `t` now, and the queue has looked. */
  pass(t: number): Promise<void>;
  /** All that a request could change, as text: accounts, queue, held machines, agreements, what was asked of control. */
  state(): string;
  /** `GET jobs` with that cookie; a body as JSON. */
  send(cookie: string, route: string, body?: object): Promise<Sent>;
  close(): Promise<void>;
}

/** What hangs on control beside the queue, and what was asked of it. */
function besides(parts: { model: SiteModel; dataDir: string; io: TestClock; desk: Desk }) {
  const { desk } = parts;
  const asked: unknown[] = [];
  const request = async (ask: object): Promise<Answer> => {
    asked.push(ask);
    return ACCEPTED;
  };
  const oops = startOops({ ...parts, log: quiet, requester: { send: request }, stateOf: () => "standby" });
  const save = async (): Promise<void> => undefined;
  const community = openCommunity({ desk, kept: { begin: NO_PROPOSALS, save }, request });
  return { asked, request, oops, community, contests: openContests({ desk, begin: [], save }) };
}

const NO_HISTORY: History = {
  query: async () => [],
  periods: async () => [],
  counts: async () => ({}),
  close: async () => undefined,
};

async function sendTo(
  url: string,
  cookie: string,
  [route, body]: [string, object | undefined],
): Promise<Sent> {
  const [method = "", path = ""] = route.split(" ");
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method,
    signal: AbortSignal.timeout(DEADLINE_MS),
    headers: { cookie, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, data: text === "" ? {} : JSON.parse(text) };
}

/** `rules` gives the kiln other keys; without a desk it is a demo, where a member is of the first house, ash. */
export async function startYard(rules: object = {}, given?: Desk): Promise<Yard> {
  const [bus, io, model] = [testBus(), testClock(), yard(rules)];
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-jobs-web-"));
  const desk = given ?? testDesk(io, ["ash"]).desk;
  const workshop = startWorkshop({
    ...{ model, bus, dataDir, io, log: quiet, trainings: () => desk.kept.now().trainings },
    plan: () => planOf({ 2: { spareW: 2_700 }, 3: { spareW: 2_700 } }),
    requester: { send: () => Promise.reject(new Error("nobody is asked here")) },
  });
  const { asked, ...beside } = besides({ model, dataDir, io, desk });
  const web = await startWeb({
    ...{ host: "127.0.0.1", port: 0, model, bus, io, log: quiet, pageDir: "/nowhere", workshop },
    ...{ ...beside, desk, demo: given === undefined, history: NO_HISTORY },
  });
  const pass = async (t: number): Promise<void> => {
    bus.say(topics("yard").snapshot, snapshotOf({ t: epoch(t), points: {} }));
    await io.move(600);
  };
  bus.say(topics("yard").control, "online", true);
  await pass(NOW);
  const { oops, community, contests } = beside;
  const url = `http://127.0.0.1:${web.port}`;
  return {
    ...{ desk, url, pass },
    state: () =>
      JSON.stringify([
        desk.kept.now(),
        workshop.report(),
        oops.all(),
        community.all(),
        contests.all(),
        asked,
      ]),
    send: (cookie, route, body) => sendTo(url, cookie, [route, body]),
    async close() {
      await web.close();
      await oops.close();
      await workshop.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
