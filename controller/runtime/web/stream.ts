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
/** 5 Hz for flow channels … */
export const FLOW_PERIOD_MS = 200;
/** … and 1 Hz for the rest: each n-th beat. */
const BEATS_PER_FULL = 5;
/** A word to every client even when nothing changes: its silence means that the line is dead. */
export const PING_EVERY_MS = 5_000;
/** How far back a client may resume, and how many bytes are kept for that. */
const RESUME_BEATS = 150;
const RESUME_BYTES_MAX = 2_000_000;
const PING = "event: ping\ndata: {}\n\n";
/** Bytes that may wait in one client's socket before it counts as slow. */
export const WAITING_BYTES_MAX = 256_000;
/** A slow client is let go after this long without taking anything. */
const STUCK_AFTER_MS = 60_000;

interface Client {
  readonly raw: ServerResponse;
  /** Beat at which it fell behind; undefined: it has everything. */
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
  close(): Promise<void>;
}

interface Hub {
  readonly view: View;
  readonly clients: Set<Client>;
  readonly flow: ReadonlySet<string>;
  readonly streamed: ReadonlySet<string>;
  readonly rewind: Rewind;
  readonly recent: Recent;
  beat: number;
  lastState: string;
}

const event = (hub: Hub, kind: "snapshot" | "delta", data: string): string =>
  `id: ${hub.recent.idOf(hub.beat)}\nevent: ${kind}\ndata: ${data}\n\n`;

/** Skips the client when too much waits in its socket. */
function send(hub: Hub, client: Client, text: string): void {
  if (client.raw.writableLength > WAITING_BYTES_MAX) {
    client.behindSince ??= hub.beat;
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
    } else if ((hub.beat - (client.behindSince ?? hub.beat)) * FLOW_PERIOD_MS > STUCK_AFTER_MS)
      client.raw.destroy();
  }
}

function broadcast(hub: Hub, delta: ApiDelta | undefined): void {
  if (delta === undefined || !hub.recent.isWanted(hub.beat, hub.clients.size)) return;
  const text = event(hub, "delta", JSON.stringify(delta));
  hub.recent.add(hub.beat, text);
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

function onBeat(hub: Hub): void {
  hub.beat += 1;
  const full = hub.beat % BEATS_PER_FULL === 0;
  if (full) noticeSilence(hub);
  if (full && hub.rewind(hub.view)) {
    hub.recent.forget(hub.beat);
    for (const client of hub.clients) client.behindSince ??= hub.beat;
  }
  catchUp(hub);
  broadcast(hub, full ? takeAll(hub.view, hub.streamed) : takeFlow(hub.view, hub.flow));
  if (hub.beat % (PING_EVERY_MS / FLOW_PERIOD_MS) !== 0) return;
  for (const client of hub.clients) if (client.behindSince === undefined) send(hub, client, PING);
}

async function beatUntil(hub: Hub, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    onBeat(hub);
    await hub.view.io.sleep(millis(FLOW_PERIOD_MS), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** What a client is told first: what it missed, a word when that is nothing, or everything. */
function opening(hub: Hub, after: string | undefined): string {
  const missed = after === undefined ? undefined : hub.recent.since(after, hub.beat);
  if (missed === undefined) return event(hub, "snapshot", snapshotText(hub.view, hub.streamed));
  return missed === "" ? PING : missed;
}

function addClient(hub: Hub, { raw, headers, after }: Arrival): boolean {
  if (hub.clients.size >= CLIENTS_MAX) return false;
  if (hub.rewind(hub.view)) hub.recent.forget(hub.beat);
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
  const hub: Hub = {
    view,
    clients: new Set(),
    flow: new Set(flow),
    streamed: new Set(streamedChannels(view)),
    rewind: createRewind(),
    recent: keepRecent({ run, beats: RESUME_BEATS, bytes: RESUME_BYTES_MAX }),
    beat: 0,
    lastState: "",
  };
  const stop = new AbortController();
  const beating = beatUntil(hub, stop.signal);
  return {
    add: (arrival) => addClient(hub, arrival),
    count: () => hub.clients.size,
    close: async () => {
      stop.abort();
      for (const { raw } of hub.clients) raw.end();
      await beating;
    },
  };
}
