// The door of a trial for its flows: the very API that flows of a live site have, fed by the simulated controller over a bus
// in memory, on loopback, with a token of its own. Its stream beats faster than a live one, so that flows see the plant
// every few seconds of its time; deadlines stay real.
import { randomBytes } from "node:crypto";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { listenTo } from "@gridwright/runtime/live/listen.ts";
import { createView } from "@gridwright/runtime/live/view.ts";
import { createOutlet, type Told } from "@gridwright/runtime/loop/outlet.ts";
import { type Book, EMPTY_BOOK } from "@gridwright/runtime/people/book.ts";
import { digestOf } from "@gridwright/runtime/people/digest.ts";
import { openDesk } from "@gridwright/runtime/people/people.ts";
import { buildApp } from "@gridwright/runtime/web/app.ts";
import { flowChannels } from "@gridwright/runtime/web/describe-site.ts";
import type { WebOptions } from "@gridwright/runtime/web/options.ts";
import { startStream } from "@gridwright/runtime/web/stream.ts";
import { Wears } from "@gridwright/runtime/web/wear.ts";

const HOST = "127.0.0.1";
const TOKEN_BYTES = 24;
/** Real time that a live stream's beat of 200 ms takes here: a few seconds of the plant. */
const STREAM_HASTE = 40;
const DAY_MS = 86_400_000;

export interface Door {
  readonly url: string;
  readonly token: string;
  tell(told: Told): void;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly model: SiteModel;
  readonly log: Log;
  readonly pace: number;
  readonly request: NonNullable<WebOptions["request"]>;
}

/** Topics are told word by word; nothing is kept. */
function memoryBus(): Bus {
  const listeners = new Map<string, Set<(topic: string, payload: string, retained: boolean) => void>>();
  return {
    connected: true,
    publish(topic, payload) {
      for (const listener of listeners.get(topic) ?? []) listener(topic, payload, false);
    },
    subscribe(topic, listener) {
      listeners.set(topic, (listeners.get(topic) ?? new Set()).add(listener));
    },
    close: async () => listeners.clear(),
  };
}

/** One technician who owns the token and never signs in. */
function bookOf(token: string, now: number): Book {
  const account = { id: "trial", login: "trial", name: "trial", role: "technician", password: "" } as const;
  const expiresAt = now + DAY_MS;
  return {
    ...EMPTY_BOOK,
    accounts: [{ ...account, createdAt: now }],
    tokens: [
      {
        ...{ id: "trial", hash: digestOf(token), account: "trial", name: "trial" },
        ...{ scopes: ["read", "flow"], expiresAt },
      },
    ],
  };
}

const deskOf = (token: string, io: Clock) => {
  const book = bookOf(token, io.wall());
  return openDesk({
    kept: { now: () => book, change: async () => undefined },
    audit: { note: async () => undefined, newest: () => [], whole: true },
    ...{ io, random: randomBytes, members: new Set() },
  });
};

const NOTHING = { query: async () => [], periods: async () => [], counts: async () => ({}) };

/** Serves until closed. */
export async function openDoor({ model, log, pace, request }: DoorOptions): Promise<Door> {
  const io = hostClock();
  const hasty: Clock = {
    ...io,
    sleep: (ms, signal) => io.sleep(millis(Math.max(1, ms / STREAM_HASTE)), signal),
  };
  const bus = memoryBus();
  const view = createView(model, hasty);
  const stream = startStream(view, flowChannels(model), randomBytes(4).toString("hex"));
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const { api } = await buildApp({
    ...{ host: HOST, port: 0, model, bus, log, io, view, stream, pace, request },
    ...{ history: { ...NOTHING, close: async () => undefined }, desk: deskOf(token, io) },
    ...{ demo: false, pageDir: "", wears: new Wears() },
  });
  const url = new URL(await api.listen({ host: HOST, port: 0 }));
  listenTo(view, { bus, siteId: model.site.site.id, log });
  return {
    ...{ url: url.origin, token },
    tell: createOutlet({ model, bus, devices: new Map(), speed: () => 1, real: io.now }),
    async close() {
      await stream.close();
      await api.close();
    },
  };
}
