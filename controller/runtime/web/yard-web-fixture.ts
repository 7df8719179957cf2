// The yard with its queue and its web side on a real port, for tests. Only tests may import this.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topics } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { NOW, planOf, yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import { startWorkshop } from "../jobs/workshop.ts";
import { testDesk } from "../people/desk-fixture.ts";
import type { Desk } from "../people/people.ts";
import { snapshotOf, testBus, testClock } from "./garden-fixture.ts";
import { startWeb } from "./web.ts";

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
  /** `GET jobs` with that cookie; a body as JSON. */
  send(cookie: string, route: string, body?: object): Promise<Sent>;
  close(): Promise<void>;
}

/** `rules` gives the kiln other keys; without a desk it is a demo, where a member is of the first house, ash. */
export async function startYard(rules: object = {}, desk?: Desk): Promise<Yard> {
  const [bus, io, model] = [testBus(), testClock(), yard(rules)];
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-jobs-web-"));
  const people = desk ?? testDesk(io, ["ash"]).desk;
  const workshop = startWorkshop({
    ...{ model, bus, dataDir, io, log: quiet, trainings: () => people.kept.now().trainings },
    plan: () => planOf({ 2: { spareW: 2_700 }, 3: { spareW: 2_700 } }),
    requester: { send: () => Promise.reject(new Error("nobody is asked here")) },
  });
  const web = await startWeb({
    ...{ host: "127.0.0.1", port: 0, model, bus, io, log: quiet, pageDir: "/nowhere", workshop },
    ...{ desk: people, demo: desk === undefined },
    history: {
      query: async () => [],
      periods: async () => [],
      counts: async () => ({}),
      close: async () => undefined,
    },
  });
  const pass = async (t: number): Promise<void> => {
    bus.say(topics("yard").snapshot, snapshotOf({ t: epoch(t), points: {} }));
    await io.move(600);
  };
  bus.say(topics("yard").control, "online", true);
  await pass(NOW);
  const url = `http://127.0.0.1:${web.port}`;
  return {
    ...{ desk: people, url, pass },
    async send(cookie, route, body) {
      const [method = "", path = ""] = route.split(" ");
      const answer = await fetch(`${url}/api/v1/${path}`, {
        method,
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: { cookie, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, data: text === "" ? {} : JSON.parse(text) };
    },
    async close() {
      await web.close();
      await workshop.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
