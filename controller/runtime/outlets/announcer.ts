// Keeps the outward topics true: once a second it publishes what changed, so no topic moves faster than that; it
// announces everything anew after a reconnect, when Home Assistant starts, and every five minutes in case something
// was lost on the way; and it clears what the site no longer has.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { outwardTopics } from "@gridwright/contract/outward.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { elapsed, type Mono, millis } from "@gridwright/contract/units.ts";
import { forgetNews, type View } from "../live/view.ts";
import type { Discovery } from "./home-assistant/device.ts";
import type { Left, LeftMemory } from "./memory.ts";
import { type Speaker, saidNow } from "./values.ts";

export const BEAT_MS = 1_000;
export const REFRESH_MS = 300_000;

export interface AnnouncerOptions {
  readonly siteId: string;
  readonly view: View;
  readonly bus: Bus;
  readonly io: Clock;
  readonly log: Log;
  readonly memory: LeftMemory;
  readonly speakers: readonly Speaker[];
  /** Topics of answers: they belong to us but speak only when there is one. */
  readonly answers: readonly string[];
  /** Discovery topic → payload. */
  readonly discoveries: ReadonlyMap<string, Discovery>;
}

export interface Announcer {
  /** Announces everything anew with the next beat. */
  renew(): void;
  /** Keeps a text on a topic, and says a channel's value again: for a client that waits for an echo. */
  say(topic: string, text: string, echo: string): void;
  close(): Promise<void>;
}

interface State extends AnnouncerOptions {
  readonly speakersAbout: ReadonlyMap<string, readonly Speaker[]>;
  /** Topic → what was last published. */
  readonly said: Map<string, string>;
  readonly extra: Map<string, string>;
  lastControl: string;
  due: boolean;
  cleaned: boolean;
  announcedAt: Mono;
  wasConnected: boolean;
}

const RETAINED = { retain: true } as const;
const SURELY = { retain: true, qos: 1 } as const;

/** What is left at the broker once everything is announced. */
const leftOf = ({ discoveries, speakers, answers }: AnnouncerOptions): Left =>
  Object.fromEntries([
    ...[...discoveries].map(([topic, { cmps }]): [string, Readonly<Record<string, string>>] => [
      topic,
      Object.fromEntries(Object.entries(cmps).map(([key, { p }]) => [key, p])),
    ]),
    ...[...speakers.map(({ topic }) => topic), ...answers].map((topic): [string, Record<string, string>] => [
      topic,
      {},
    ]),
  ]);

/** Home Assistant drops a component of a device that stays when it is told with its platform alone. */
function withoutGone(discovery: Discovery, before: Readonly<Record<string, string>>): object | undefined {
  const gone = Object.entries(before).filter(([key, p]) => discovery.cmps[key]?.p !== p);
  if (gone.length === 0) return undefined;
  const dropped = Object.fromEntries(gone.map(([key, p]) => [key, { p }]));
  return { ...discovery, cmps: { ...discovery.cmps, ...dropped } };
}

async function clearGone(state: State): Promise<void> {
  const { bus, memory, discoveries } = state;
  const before = await memory.read();
  const after = leftOf(state);
  for (const [topic, components] of Object.entries(before)) {
    const discovery = discoveries.get(topic);
    const dropping = discovery === undefined ? undefined : withoutGone(discovery, components);
    if (!Object.hasOwn(after, topic)) bus.publish(topic, "", SURELY);
    else if (dropping !== undefined) bus.publish(topic, JSON.stringify(dropping), SURELY);
  }
  await memory.write(after);
}

async function announce(state: State): Promise<void> {
  const { bus, siteId, discoveries, said } = state;
  if (!state.cleaned) await clearGone(state);
  state.cleaned = true;
  state.due = false;
  state.announcedAt = state.io.now();
  said.clear();
  bus.publish(outwardTopics(siteId).services, "online", SURELY);
  for (const [topic, payload] of discoveries) bus.publish(topic, JSON.stringify(payload), SURELY);
}

/** Those that may have something new to say; all of them after an announcement or when control comes or goes. */
function speakersDue(state: State, control: string): readonly Speaker[] {
  const { dirty } = state.view;
  const all = state.said.size === 0 || control !== state.lastControl;
  state.lastControl = control;
  if (all) return state.speakers;
  return [...dirty.channels, ...dirty.assets].flatMap((about) => state.speakersAbout.get(about) ?? []);
}

function publishNews(state: State): void {
  const now = saidNow(state.view);
  const tell = (topic: string, text: string): void => {
    if (state.said.get(topic) === text) return;
    state.bus.publish(topic, text, RETAINED);
    state.said.set(topic, text);
  };
  for (const speaker of speakersDue(state, now.state)) tell(speaker.topic, speaker.text(now));
  for (const [topic, text] of state.extra) tell(topic, text);
  forgetNews(state.view);
}

async function onBeat(state: State): Promise<void> {
  const { bus, io } = state;
  const reconnected = bus.connected && !state.wasConnected;
  state.wasConnected = bus.connected;
  if (!bus.connected) {
    forgetNews(state.view);
    return;
  }
  if (reconnected || state.due || elapsed(state.announcedAt, io.now()) >= REFRESH_MS) await announce(state);
  publishNews(state);
}

async function beatUntil(state: State, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await onBeat(state).catch((error: unknown) =>
      state.log.error("outward topics could not be kept; trying again", { error: String(error) }),
    );
    if (signal.aborted) return;
    await state.io.sleep(millis(BEAT_MS), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Begins with the first beat at once. `close` says that nobody keeps the topics any more; it does not clear them. */
export function startAnnouncer(options: AnnouncerOptions): Announcer {
  const state: State = {
    ...options,
    said: new Map(),
    extra: new Map(),
    speakersAbout: Map.groupBy(options.speakers, ({ about }) => about),
    lastControl: "",
    due: false,
    cleaned: false,
    announcedAt: options.io.now(),
    wasConnected: false,
  };
  const stop = new AbortController();
  const beating = beatUntil(state, stop.signal);
  return {
    renew: () => {
      state.due = true;
    },
    say(topic, text, echo) {
      state.extra.set(topic, text);
      for (const speaker of state.speakersAbout.get(echo) ?? []) state.said.delete(speaker.topic);
      state.view.dirty.channels.add(echo);
    },
    async close() {
      stop.abort();
      await beating;
      options.bus.publish(outwardTopics(options.siteId).services, "offline", SURELY);
    },
  };
}
