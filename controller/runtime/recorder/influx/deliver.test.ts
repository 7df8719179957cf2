// Delivery against a database that behaves badly: what can be stored is stored once, in the end.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { type DeliverOptions, deliver, retryWait } from "./deliver.ts";

type Behave = (lines: readonly string[], turn: number) => number | "hang up";

const DATABASE_CLOCK = Date.UTC(2026, 10, 28, 10);
const BODIES: Readonly<Record<number, string>> = {
  400: "unable to parse",
  422: "partial write: points beyond retention policy dropped=1",
};

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

/** A database that answers as told and keeps what it took. */
async function database(behave: Behave): Promise<{ url: string; stored: string[] }> {
  const stored: string[] = [];
  let turn = 0;
  const server = createServer(async (request, response) => {
    const lines = (await text(request)).split("\n");
    turn += 1;
    const status = behave(lines, turn);
    if (status === "hang up") return void request.socket.destroy();
    if (status === 204) stored.push(...lines);
    response.setHeader("date", new Date(DATABASE_CLOCK).toUTCString());
    if (status === 422) stored.push(...lines.filter((line) => !line.endsWith("11")));
    response.writeHead(status).end(BODIES[status]);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stored };
}

/** Time that passes at once; remembers what was waited. */
function haste(waits: number[]): Clock {
  return {
    now: () => mono(17),
    wall: () => epoch(DATABASE_CLOCK + 540_000),
    sleep: async (duration) => void waits.push(duration),
  };
}

const LINES = ["p v=3 11", "p v=4 12", "bad", "p v=5 13", "p v=6 14"];

async function delivered(behave: Behave, more: Partial<DeliverOptions> = {}) {
  const { url, stored } = await database(behave);
  const dead: string[] = [];
  const waits: number[] = [];
  const troubles: (string | null)[] = [];
  let expired = 0;
  const outcome = await deliver(
    {
      target: { url, database: "garden" },
      io: haste(waits),
      signal: new AbortController().signal,
      random: () => 0.5,
      onTrouble: (why) => troubles.push(why === null ? null : why.slice(0, 3)),
      onDeadLetter: async (line) => void dead.push(line),
      onExpired: (lines) => {
        expired += lines;
      },
      giveUpWhenLost: false,
      ...more,
    },
    LINES,
  );
  return { outcome, stored, dead, waits, troubles, expired };
}

describe("delivery", () => {
  test("stores all in one request", async () => {
    const { outcome, stored, dead } = await delivered(() => 204);
    assert.deepEqual({ outcome, stored, dead }, { outcome: "delivered", stored: LINES, dead: [] });
  });
  test("waits longer each time while the database is away, then goes on", async () => {
    const { stored, waits, troubles } = await delivered((_, turn) =>
      turn < 3 ? "hang up" : turn === 3 ? 503 : 204,
    );
    assert.deepEqual(stored, LINES);
    assert.deepEqual(waits, [375, 750, 1_500]);
    assert.equal(troubles.at(-1), null);
  });
  test("sets aside exactly the line that is wrong", async () => {
    const { outcome, stored, dead } = await delivered((lines) => (lines.includes("bad") ? 400 : 204));
    assert.deepEqual({ outcome, dead }, { outcome: "delivered", dead: ["bad"] });
    assert.deepEqual(
      stored,
      LINES.filter((line) => line !== "bad"),
    );
  });
  test("halves what is too large", async () => {
    const { stored, dead } = await delivered((lines) => (lines.length > 2 ? 413 : 204));
    assert.deepEqual({ stored, dead }, { stored: LINES, dead: [] });
  });
  test("counts what is older than the database keeps, and does not look for it line by line", async () => {
    const { outcome, stored, dead, expired, waits } = await delivered(() => 422);
    assert.deepEqual(
      { outcome, dead, expired, waits },
      { outcome: "delivered", dead: [], expired: 1, waits: [] },
    );
    assert.deepEqual(stored, LINES.slice(1));
  });
  test("gives nothing up while the database's clock is wrong", async () => {
    const clock = { ...haste([]), wall: () => epoch(DATABASE_CLOCK - 660_000) };
    const { outcome, expired, troubles } = await delivered((_, turn) => (turn < 3 ? 422 : 204), {
      io: clock,
    });
    assert.deepEqual(
      { outcome, expired, troubles },
      { outcome: "delivered", expired: 0, troubles: ["it ", "it ", null] },
    );
  });
  test("asks a refused sign-in again only after five minutes", async () => {
    const { stored, waits, troubles } = await delivered((_, turn) => (turn === 1 ? 401 : 204));
    assert.deepEqual(
      { stored, waits, troubles },
      { stored: LINES, waits: [300_000], troubles: ["401", null] },
    );
  });
  test("gives up at once where what was stored before may be lost too", async () => {
    const { outcome, waits } = await delivered(() => "hang up", { giveUpWhenLost: true });
    assert.deepEqual({ outcome, waits }, { outcome: "lost", waits: [] });
  });
  test("ends when it is told to", async () => {
    const stop = new AbortController();
    const { outcome, stored } = await delivered(
      () => {
        stop.abort();
        return 503;
      },
      { signal: stop.signal },
    );
    assert.deepEqual({ outcome, stored }, { outcome: "stopped", stored: [] });
  });
  test("never waits longer than a minute", () => assert.equal(retryWait(40, 1), 60_000));
});
