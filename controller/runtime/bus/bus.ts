// The live bus over MQTT. Publishing never throws and never waits: what must arrive (QoS 1) waits in our own bounded
// outbox until the broker acknowledged it, the rest is dropped while there is no broker or it does not read.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { covers } from "@gridwright/protocols/mqtt/topic-filter.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { settlePacketMemory } from "./packet-memory.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";

export interface BusOptions extends SessionOptions {
  readonly io: Clock;
  readonly log: Log;
  /** 0..1, for the jitter of reconnects. */
  readonly random?: () => number;
}

type Listener = (topic: string, payload: string, retained: boolean) => void;
interface Subscription {
  readonly filter: string;
  readonly listener: Listener;
}

const OUTBOX = { messagesMax: 2_000, ageMax: seconds(10), windowMax: 64 };
const RETRY_MS = { first: 200, most: 10_000 };
/** Filters in one SUBSCRIBE. */
const FILTERS_MAX = 50;
/** Time that `close` gives the outbox, and then the farewell. */
const FLUSH_MAX = millis(500);
const FLUSH_STEP = millis(10);

interface State {
  readonly options: BusOptions;
  readonly subscriptions: Subscription[];
  readonly outbox: Outbox;
  readonly end: AbortController;
  session: Session | undefined;
  failures: number;
}

/** Begins to connect and goes on trying until closed; returns at once. */
export function connectBus(options: BusOptions): Bus {
  settlePacketMemory();
  const state: State = {
    options,
    subscriptions: [],
    outbox: createOutbox(OUTBOX),
    end: new AbortController(),
    session: undefined,
    failures: 0,
  };
  connect(state);
  return {
    publish(topic, payload, { retain = false, qos = 0 } = {}) {
      const message = { topic, payload, retain };
      if (qos === 1) {
        state.outbox.add(message, options.io.now());
        pump(state);
      } else if (state.session?.up === true) state.session.send(message);
    },
    subscribe(filter, listener) {
      state.subscriptions.push({ filter, listener });
      if (state.session?.up === true) renew(state, [filter]);
    },
    get connected() {
      return state.session?.up === true;
    },
    close: () => close(state),
  };
}

function connect(state: State): void {
  const { log, clientId } = state.options;
  state.session = openSession(state.options, {
    onUp() {
      log.info("connected to the broker", { clientId, ...(state.failures > 0 && { after: state.failures }) });
      state.failures = 0;
      renew(state, [...new Set(state.subscriptions.map(({ filter }) => filter))]);
      pump(state);
    },
    onMessage(topic, payload, retained) {
      for (const { filter, listener } of state.subscriptions)
        if (covers(filter, topic)) listener(topic, payload, retained);
    },
    onEnd(why) {
      if (state.end.signal.aborted) return;
      if (state.failures === 0) log.warn("the broker is not there; trying again", { clientId, why });
      state.outbox.reset();
      void again(state);
    },
  });
}

/** Waits with growing, jittered pauses, then connects anew. */
async function again(state: State): Promise<void> {
  const { io, random = Math.random } = state.options;
  const pause = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(state.failures, 10));
  state.failures += 1;
  const signal = state.end.signal;
  const aborted = await io.sleep(millis(pause * (0.5 + random() / 2)), signal).then(
    () => false,
    (error: unknown) => {
      if (!signal.aborted) throw error;
      return true;
    },
  );
  if (!aborted) connect(state);
}

function renew({ session, options }: State, filters: readonly string[]): void {
  for (let at = 0; at < filters.length; at += FILTERS_MAX) {
    const some = filters.slice(at, at + FILTERS_MAX);
    session?.subscribe(some, (why) =>
      options.log.error("the broker refused a subscription", { filters: some, why }),
    );
  }
}

function pump(state: State): void {
  const { session, outbox, options } = state;
  if (session?.up !== true) return;
  for (const [message, acknowledged] of outbox.due(options.io.now()))
    session.sendSurely(message, () => {
      acknowledged();
      pump(state);
    });
}

async function close({ session, outbox, options, end }: State): Promise<void> {
  for (
    let left = FLUSH_MAX;
    outbox.size > 0 && session?.up === true && left > 0;
    left = millis(left - FLUSH_STEP)
  )
    await options.io.sleep(FLUSH_STEP);
  end.abort();
  await session?.end(FLUSH_MAX);
}
