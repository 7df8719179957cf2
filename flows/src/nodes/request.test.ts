// The request node with a Node-RED and a controller that this test plays: what it asks of what it is told, and that nothing
// it asked for outlives it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlowBody } from "@gridwright/contract/request.ts";
import type { Config, Message, Red, RedNode, Status } from "../red.ts";
import request from "./request.ts";

const WHOLE: Config = {
  id: "r7",
  site: "s2",
  asset: "pump",
  wish: "payload",
  ttl: "7",
  reason: "the tank is full",
};

interface Bench {
  readonly asked: string[];
  readonly sent: Message[];
  readonly statuses: Status[];
  /** Lets the controller answer what it was asked. */
  answer(outcome?: "accepted" | "clipped" | "refused"): Promise<void>;
  tell(payload: unknown): Error | undefined;
  close(): Promise<void>;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const textOf = (body: FlowBody, ttlMs: number): string =>
  `${body.kind === "switch" ? (body.on ? "on" : "off") : body.kind} ${body.asset} ${ttlMs / 60_000} min: ${body.why}`;

function bench(config: Config): Bench {
  const [asked, sent, statuses]: [string[], Message[], Status[]] = [[], [], []];
  const waiting: ((outcome: string) => void)[] = [];
  const ask = (ttlMs: number, body: FlowBody) => {
    asked.push(textOf(body, ttlMs));
    return new Promise((resolve) =>
      waiting.push((outcome) =>
        resolve({
          outcome,
          reason: { code: "any", params: {} },
          said: { en: "it is held off", es: "retenido" },
        }),
      ),
    );
  };
  const on = new Map<string, (...given: never[]) => void>();
  const node = {
    id: config.id,
    on: (event: string, listener: (...given: never[]) => void) => on.set(event, listener),
    status: (status: Status) => statuses.push(status),
  } as unknown as RedNode;
  const RED = {
    nodes: {
      createNode: () => undefined,
      getNode: () => ({ connection: { ask, live: undefined }, language: "en" }),
      registerType: (_type: string, build: (this: RedNode, config: Config) => void) =>
        build.call(node, config),
    },
  } as unknown as Red;
  request(RED);
  return {
    ...{ asked, sent, statuses },
    async answer(outcome = "accepted") {
      waiting.shift()?.(outcome);
      await settled();
    },
    tell(payload) {
      let failed: Error | undefined;
      const done = (error?: Error): void => {
        failed = error;
      };
      const listener = on.get("input") as unknown as (
        m: Message,
        s: (m: Message) => void,
        d: typeof done,
      ) => void;
      listener({ payload }, (message) => sent.push(message), done);
      return failed;
    },
    close: () =>
      new Promise((resolve) =>
        (on.get("close") as unknown as (removed: boolean, done: () => void) => void)(true, resolve),
      ),
  };
}

test("it asks with its time and reason, and passes the answer on", async () => {
  const { asked, sent, statuses, tell, answer } = bench(WHOLE);
  tell(false);
  await answer("refused");
  assert.deepEqual(asked, ["off pump 7 min: the tank is full"]);
  assert.deepEqual([sent[0]?.payload, sent[0]?.why], ["refused", "it is held off"]);
  assert.deepEqual(statuses.at(-1), { fill: "red", shape: "dot", text: "refused: it is held off" });
});

test("what is no wish is an error and is not asked", () => {
  const { asked, tell } = bench(WHOLE);
  for (const payload of [Number.NaN, {}, [true], "maybe", 7, undefined])
    assert.match(String(tell(payload)), /true, false or null/);
  assert.deepEqual(asked, []);
});

test("a wish that stands is not asked again, and many in a row are one", async () => {
  const { asked, tell, answer, close } = bench(WHOLE);
  tell(true);
  await answer();
  for (let n = 0; n < 500; n += 1) tell(n % 2 === 0);
  assert.deepEqual(asked, ["on pump 7 min: the tank is full"]);
  const closed = close();
  await settled();
  await answer();
  await closed;
});

//  what happens before the node is closed, and what it asks in all
const ENDS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["with the node ends what was granted", ["answer", "close"], ["on", "withdraw"]],
  ["also what is answered only while it closes", ["close", "answer"], ["on", "withdraw"]],
  ["and what was taken in part", ["clip", "close"], ["on", "withdraw"]],
  ["what was refused needs no end", ["refuse", "close"], ["on"]],
];
const OUTCOMES: Readonly<Record<string, "clipped" | "refused">> = { clip: "clipped", refuse: "refused" };
for (const [sentence, steps, expected] of ENDS)
  test(sentence, async () => {
    const { asked, tell, answer, close } = bench(WHOLE);
    tell(true);
    let closed: Promise<void> = Promise.resolve();
    for (const step of steps) {
      if (step === "close") closed = close();
      else await answer(OUTCOMES[step]);
      await settled();
    }
    await answer();
    await closed;
    assert.deepEqual(
      asked.map((text) => text.split(" ")[0]),
      expected,
    );
  });

test("a node that misses its time, its reason or its load says so and asks nothing", () => {
  for (const missing of [{ ttl: "" }, { ttl: "16" }, { reason: " " }, { asset: "" }]) {
    const { statuses } = bench({ ...WHOLE, ...missing });
    assert.equal(statuses.at(-1)?.fill, "red", JSON.stringify(missing));
  }
});
