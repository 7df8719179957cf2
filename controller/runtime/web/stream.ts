// Server-sent events: a snapshot on connect, then deltas shared by all clients. Who comes back within half a minute gets
// what it missed instead. A client that does not keep up is skipped and gets one fresh snapshot when it can take it
// again, so that no queue grows.
import type { ServerResponse } from "node:http";
import type { ApiDelta } from "@gridwright/contract/api.ts";
import { millis } from "@gridwright/contract/units.ts";
import { controlOf, type View } from "../live/view.ts";
import { snapshotText, streamedChannels, takeAll, takeFlow } from "./delta.ts";
import { keepRecent, type Recent } from "./recent.ts";
import { createRewind, type Rewind } from "./rewind.ts";

export const CLIENTS_MAX = 200;
/** Flow channels go out as soon as they are heard, at most so often … */
const FLOW_SPACING_MS = 100;
/** … and at each beat; … */
const BEAT_MS = 200;
/** … the rest once a second: at each n-th beat. */
const BEATS_PER_FULL = 5;
/** A word to every client even when nothing changes: its silence means that the line is dead. */
export const PING_EVERY_MS = 5_000;
/** How far back a client may resume, and how many bytes are kept for that. */
const RESUME_MS = 30_000;
const RESUME_BYTES_MAX = 2_000_000;
const PING = "event: ping\ndata: {}\n\n";
/** Bytes that may wait in one client's socket before it counts as slow. */
export const WAITING_BYTES_MAX = 256_000;
/** A slow client is let go after this long without taking anything. */
const STUCK_AFTER_MS = 60_000;

interface Client {
  readonly raw: ServerResponse;
  /** ms at which it fell behind; undefined: it has everything. */
  behindSince: number | undefined;
}

export interface Arrival {
  readonly raw: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  /** Id of the last event that it heard. */
  readonly after?: string | undefined;
}

export interface Stream {
  /** Takes over the response; false when there are CLIENTS_MAX already. */
  add(arrival: Arrival): boolean;
  count(): number;
  /** Something came in over the live bus: who watches is told at once, or as soon as the spacing allows. */
  heard(): void;
  close(): Promise<void>;
}

interface Hub {
  readonly view: View;
  readonly clients: Set<Client>;
  readonly flow: ReadonlySet<string>;
  readonly streamed: ReadonlySet<string>;
  readonly rewind: Rewind;
  readonly recent: Recent;
  readonly stop: AbortSignal;
  beat: number;
  /** ms of the last word, never twice the same: the number in an event's id. */
  saidAt: number;
  /** ms of the last delta. */
  toldAt: number;
  /** News wait for the spacing. */
  isWaiting: boolean;
  lastState: string;
}

const event = (hub: Hub, kind: "snapshot" | "delta", data: string): string =>
  `id: ${hub.recent.idOf(hub.saidAt)}\nevent: ${kind}\ndata: ${data}\n\n`;

/** Skips the client when too much waits in its socket. */
function send(hub: Hub, client: Client, text: string): void {
  if (client.raw.writableLength > WAITING_BYTES_MAX) {
    client.behindSince ??= hub.view.io.now();
    return;
  }
  client.raw.write(text);
}

/** Brings slow clients up to date once their socket is empty, or lets them go. */
function catchUp(hub: Hub): void {
  const behind = [...hub.clients].filter(({ behindSince }) => behindSince !== undefined);
  if (behind.length === 0) return;
  const text = event(hub, "snapshot", snapshotText(hub.view, hub.streamed));
  for (const client of behind) {
    if (client.raw.writableLength === 0) {
      client.behindSince = undefined;
      client.raw.write(text);
    } else if (hub.view.io.now() - (client.behindSince ?? 0) > STUCK_AFTER_MS) client.raw.destroy();
  }
}

function broadcast(hub: Hub, delta: ApiDelta | undefined): void {
  if (delta === undefined || !hub.recent.isWanted(hub.saidAt, hub.clients.size)) return;
  const text = event(hub, "delta", JSON.stringify(delta));
  hub.recent.add(hub.saidAt, text);
  hub.toldAt = hub.saidAt;
  const upToDate = [...hub.clients].filter(({ behindSince }) => behindSince === undefined);
  for (const client of upToDate) send(hub, client, text);
}

function noticeSilence(hub: Hub): void {
  const { state } = controlOf(hub.view);
  if (state === hub.lastState) return;
  hub.lastState = state;
  hub.view.dirty.head = true;
  for (const channel of hub.streamed) hub.view.dirty.channels.add(channel);
}

/** Tells everybody what is new: all of it, or what flows. */
function say(hub: Hub, full: boolean): void {
  hub.saidAt = Math.max(hub.saidAt + 1, Math.ceil(hub.view.io.now()));
  catchUp(hub);
  broadcast(hub, full ? takeAll(hub.view, hub.streamed) : takeFlow(hub.view, hub.flow));
}

async function onNews(hub: Hub): Promise<void> {
  if (hub.isWaiting || hub.clients.size === 0) return;
  hub.isWaiting = true;
  const rest = FLOW_SPACING_MS - (hub.view.io.now() - hub.toldAt);
  if (rest > 0) await hub.view.io.sleep(millis(rest), hub.stop).catch(() => undefined);
  hub.isWaiting = false;
  if (!hub.stop.aborted) say(hub, false);
}

function onBeat(hub: Hub): void {
  hub.beat += 1;
  const full = hub.beat % BEATS_PER_FULL === 0;
  if (full) noticeSilence(hub);
  if (full && hub.rewind(hub.view)) {
    hub.recent.forget(hub.saidAt);
    for (const client of hub.clients) client.behindSince ??= hub.view.io.now();
  }
  say(hub, full);
  if (hub.beat % (PING_EVERY_MS / BEAT_MS) !== 0) return;
  for (const client of hub.clients) if (client.behindSince === undefined) send(hub, client, PING);
}

async function beatUntilStopped(hub: Hub): Promise<void> {
  const signal = hub.stop;
  while (!signal.aborted) {
    onBeat(hub);
    await hub.view.io.sleep(millis(BEAT_MS), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** What a client is told first: what it missed, a word when that is nothing, or everything. */
function opening(hub: Hub, after: string | undefined): string {
  const missed = after === undefined ? undefined : hub.recent.since(after, hub.saidAt);
  if (missed === undefined) return event(hub, "snapshot", snapshotText(hub.view, hub.streamed));
  return missed === "" ? PING : missed;
}

function addClient(hub: Hub, { raw, headers, after }: Arrival): boolean {
  if (hub.clients.size >= CLIENTS_MAX) return false;
  if (hub.rewind(hub.view)) hub.recent.forget(hub.saidAt);
  const client: Client = { raw, behindSince: undefined };
  raw.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
  raw.flushHeaders();
  raw.write(`retry: 2000\n\n${opening(hub, after)}`);
  hub.clients.add(client);
  const gone = () => hub.clients.delete(client);
  raw.on("close", gone);
  raw.on("error", gone);
  return true;
}

/** Starts beating at once; `flow` are the channels renewed on every beat, `run` names this start in events' ids. */
export function startStream(view: View, flow: readonly string[], run: string): Stream {
  const stop = new AbortController();
  const hub: Hub = {
    view,
    stop: stop.signal,
    clients: new Set(),
    flow: new Set(flow),
    streamed: new Set(streamedChannels(view)),
    rewind: createRewind(),
    recent: keepRecent({ run, ms: RESUME_MS, bytes: RESUME_BYTES_MAX }),
    ...{ beat: 0, saidAt: 0, toldAt: 0, isWaiting: false, lastState: "" },
  };
  const beating = beatUntilStopped(hub);
  return {
    add: (arrival) => addClient(hub, arrival),
    count: () => hub.clients.size,
    heard: () => void onNews(hub),
    close: async () => {
      stop.abort();
      for (const { raw } of hub.clients) raw.end();
      await beating;
    },
  };
}
