// One line to the controller for all nodes of a site: the live stream, taken up again where it broke, and what is asked.
// It shows its own token and no other; what it cannot say for sure it does not say: while the line is broken there is no
// state, so that no flow acts on what was.
import type { ApiDelta, ApiSite, ApiState } from "@gridwright/contract/api.ts";
import type { FlowBody } from "@gridwright/contract/request.ts";
import { eventReader, type SentEvent } from "./events.ts";
import { type Live, merge } from "./live.ts";
import { lookEvery, realTime } from "./real-time.ts";

export interface Said {
  readonly outcome: "accepted" | "clipped" | "refused";
  readonly reason: { readonly code: string; readonly params: Readonly<Record<string, number | string>> };
  readonly said: Readonly<Record<string, string>>;
}
export type Listener = (live: Live | undefined, before: Live | undefined) => void;

export interface Connection {
  readonly site: ApiSite | undefined;
  readonly live: Live | undefined;
  /** Told of each change, with undefined when the line breaks; returns the way to stop. */
  listen(listener: Listener): () => void;
  /** Also looks at channels that the stream does not carry. */
  watch(channel: string): void;
  /** Rejects with what the controller said, in words for people. */
  ask(ttlMs: number, body: FlowBody): Promise<Said>;
  get(path: string): Promise<unknown>;
  /** Tells or takes back something beside requests; null where the answer is empty. Rejects as `ask`. */
  send(method: "POST" | "DELETE", path: string, body?: object): Promise<unknown>;
  close(): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
}

const ASK_DEADLINE_MS = 12_000;
/** The stream says something each 5 s. */
const SILENCE_MAX_MS = 15_000;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;
const LOOK_EVERY_MS = 5_000;

interface State extends Required<ConnectionOptions> {
  readonly listeners: Set<Listener>;
  readonly watched: Set<string>;
  readonly stop: AbortController;
  site: ApiSite | undefined;
  live: Live | undefined;
  retryMs: number;
}

const headersOf = ({ token }: State): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
});

function tell(state: State, live: Live | undefined): void {
  const before = state.live;
  state.live = live;
  for (const listener of state.listeners) listener(live, before);
}

async function problemOf(response: Response): Promise<Error> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return new Error(typeof detail === "string" ? detail : `it answered ${response.status}`);
  } catch {
    return new Error(`it answered ${response.status}`);
  }
}

async function get(state: State, path: string): Promise<unknown> {
  const response = await state.fetch(`${state.url}${path}`, {
    headers: headersOf(state),
    signal: AbortSignal.any([state.stop.signal, AbortSignal.timeout(ASK_DEADLINE_MS)]),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

function hear(state: State, { kind, data }: SentEvent): void {
  if (kind === "snapshot") tell(state, JSON.parse(data) as ApiState);
  if (kind === "delta" && state.live !== undefined)
    tell(state, merge(state.live, JSON.parse(data) as ApiDelta));
}

/** Until the line breaks. */
async function follow(state: State): Promise<void> {
  state.site ??= (await get(state, "/api/v1/site")) as ApiSite;
  const line = new AbortController();
  const { setTimeout, clearTimeout } = realTime();
  let silence = setTimeout(() => line.abort(), SILENCE_MAX_MS);
  try {
    const response = await state.fetch(`${state.url}/api/v1/events`, {
      headers: headersOf(state),
      signal: AbortSignal.any([state.stop.signal, line.signal]),
    });
    if (!response.ok || response.body === null) throw await problemOf(response);
    const read = eventReader();
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(silence);
      silence = setTimeout(() => line.abort(), SILENCE_MAX_MS);
      state.retryMs = RETRY_FIRST_MS;
      for (const event of read(text)) hear(state, event);
    }
  } finally {
    clearTimeout(silence);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const { setTimeout, clearTimeout } = realTime();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

async function followUntilClosed(state: State): Promise<void> {
  while (!state.stop.signal.aborted) {
    await follow(state).catch(() => undefined);
    if (state.stop.signal.aborted) return;
    // The next line begins with a snapshot: nobody acts on what was while it was broken.
    tell(state, undefined);
    await pause(state.retryMs, state.stop.signal);
    state.retryMs = Math.min(2 * state.retryMs, RETRY_MOST_MS);
  }
}

/** Channels that the stream does not carry are looked up. */
async function lookUntilClosed(state: State): Promise<void> {
  while (!state.stop.signal.aborted) {
    await pause(lookEvery(LOOK_EVERY_MS), state.stop.signal);
    if (state.live === undefined || state.watched.size === 0) continue;
    const whole = (await get(state, "/api/v1/state").catch(() => undefined)) as ApiState | undefined;
    if (whole === undefined || state.live === undefined) continue;
    const channels = Object.fromEntries(
      Object.entries(whole.channels).filter(([channel]) => state.watched.has(channel)),
    );
    tell(state, merge(state.live, { channels }));
  }
}

async function ask(state: State, ttlMs: number, body: FlowBody): Promise<Said> {
  const response = await state.fetch(`${state.url}/api/v1/flows/requests`, {
    method: "POST",
    headers: headersOf(state),
    body: JSON.stringify({ ttlMs, body }),
    signal: AbortSignal.timeout(ASK_DEADLINE_MS),
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Said;
}

async function send(state: State, path: string, given: { method: string; body?: object }): Promise<unknown> {
  const response = await state.fetch(`${state.url}${path}`, {
    method: given.method,
    headers: headersOf(state),
    signal: AbortSignal.timeout(ASK_DEADLINE_MS),
    ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
  });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

/** Follows the site until closed; a line that breaks is taken up again by itself. */
export function connect(options: ConnectionOptions): Connection {
  const state: State = {
    fetch,
    ...options,
    ...{ listeners: new Set(), watched: new Set(), stop: new AbortController(), retryMs: RETRY_FIRST_MS },
    ...{ site: undefined, live: undefined },
  };
  void followUntilClosed(state);
  void lookUntilClosed(state);
  return {
    get site() {
      return state.site;
    },
    get live() {
      return state.live;
    },
    listen(listener) {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
    watch(channel) {
      if (state.live?.channels[channel] === undefined) state.watched.add(channel);
    },
    ask: (ttlMs, body) => ask(state, ttlMs, body),
    get: (path) => get(state, path),
    send: (method, path, body) => send(state, path, { method, ...(body && { body }) }),
    close: () => state.stop.abort(),
  };
}
