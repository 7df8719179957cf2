// One MQTT device behind the device port. What it says becomes samples at the plant time of arrival; a command is
// done when the device itself says so. Settings of rest (which end its pulse timer) are sent only while it stands in
// its silent state and no command of ours may still be on its way: sent after a late OFF they would end its lease.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type ErrorCode, GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus, Command, Device, Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { MqttProfile } from "@gridwright/contract/profile.ts";
import { elapsed, type Millis, type Mono, millis, seconds } from "@gridwright/contract/units.ts";
import {
  type Field,
  type Heard,
  type MqttDialect,
  type MqttMessage,
  relayFields,
  type Silent,
  samplesOf,
} from "@gridwright/protocols/mqtt/dialect.ts";
import { type Confirmations, createConfirmations, type Told } from "./confirmation.ts";
import { regularly } from "./regularly.ts";
import { toldOf, wishOf } from "./wish.ts";

export interface MqttDeviceOptions {
  readonly id: string;
  readonly profile: MqttProfile;
  readonly dialect: MqttDialect;
  readonly silent: Silent;
  readonly bus: Bus;
  /** Plant time. */
  readonly clock: Clock;
  readonly io: Clock;
  readonly log: Log;
  /** Longest wait for the device's own word, in real ms. */
  readonly confirmMs?: Millis;
}

const CONFIRM = seconds(3);
/** A point that the device leaves out for this many reports is not available. */
const REPORTS_MISSED_MAX = 3;
/** Between two commissionings because of a differing setting, in plant time. */
const COMMISSION_PAUSE = seconds(60);

interface State extends MqttDeviceOptions {
  readonly listeners: Set<(sampling: Sampling) => void>;
  readonly confirmations: Confirmations;
  readonly heardAt: Map<string, Mono>;
  /** What it last said of the fields that are written. */
  readonly told: Map<string, Told>;
  /** What the broker kept of fields that last; told when the device is there. */
  readonly kept: Map<string, Field | null>;
  readonly end: AbortController;
  online: boolean | undefined;
  onlineAt: Mono;
  commissionedAt: Mono | undefined;
  /** Settings of rest are still to be sent. */
  restless: boolean;
  /** A command was sent that the device never confirmed; it may still be on its way. */
  unconfirmed: boolean;
  errors: number;
  lastError: string | undefined;
}

export function createMqttDevice(options: MqttDeviceOptions): Device {
  const { id, io, bus, dialect, clock, confirmMs = CONFIRM } = options;
  const state: State = {
    ...options,
    listeners: new Set(),
    confirmations: createConfirmations({ device: id, deadline: confirmMs, io }),
    heardAt: new Map(),
    told: new Map(),
    kept: new Map(),
    end: new AbortController(),
    online: undefined,
    onlineAt: clock.now(),
    commissionedAt: undefined,
    restless: false,
    unconfirmed: false,
    errors: 0,
    lastError: undefined,
  };
  for (const filter of dialect.subscriptions)
    bus.subscribe(filter, (topic, payload, retained) => {
      if (!state.end.signal.aborted) hear(state, dialect.onMessage(topic, payload), retained);
    });
  if (!dialect.reports)
    void regularly(state, millis(state.profile.reportMs), () => send(state, dialect.query()));
  const { keepAlive } = dialect;
  if (keepAlive !== undefined)
    void regularly(state, keepAlive.everyMs, () => send(state, keepAlive.messages));
  return {
    id,
    onSampling(listener) {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
    command: (command, signal) => obey(state, command, signal),
    status: () => ({
      errors: state.errors,
      ...(state.lastError !== undefined && { lastError: state.lastError }),
    }),
    async close() {
      state.end.abort();
      state.listeners.clear();
      state.confirmations.fail(fault(state, "link-down", "the device was closed"));
    },
  };
}

const fault = ({ id }: State, code: ErrorCode, why: string) =>
  new GridwrightError(code, `${id}: ${why}`, { place: { device: id } });

const send = ({ bus }: State, messages: readonly MqttMessage[]): void => {
  for (const { topic, payload } of messages) bus.publish(topic, payload, { qos: 1 });
};

/** A retained message tells presence, and fields that last; whatever else it says is of unknown age. */
function hear(state: State, heard: Heard, retained: boolean): void {
  if (heard.online === false) leave(state);
  else if (heard.online === true || (!retained && heard.fields !== undefined && state.online !== true))
    arrive(state);
  if (retained) keep(state, heard);
  else listen(state, heard);
}

function listen(state: State, heard: Heard): void {
  if (heard.settings !== undefined) compare(state, heard.settings);
  if (heard.fields !== undefined) take(state, heard.fields, heard.reply === true);
  const confirmed = heard.confirms === undefined ? undefined : state.told.get(heard.confirms);
  if (heard.confirms !== undefined && confirmed !== undefined)
    state.confirmations.settle(heard.confirms, confirmed, { reply: true, changed: false });
}

type Fields = NonNullable<Heard["fields"]>;

function take(state: State, fields: Fields, reply: boolean): void {
  tell(state, samplesOf(state.profile, fields));
  for (const [point, { field, write }] of Object.entries(state.profile.points)) {
    if (write !== true) continue;
    const told = toldOf(point, Object.hasOwn(fields, field) ? fields[field] : undefined);
    if (told === undefined) continue;
    const changed = state.told.get(field) !== told;
    state.told.set(field, told);
    state.confirmations.settle(field, told, { reply, changed });
  }
  // Telemetry may have been sent before a command of ours arrived; an answer comes after it.
  if (reply) rest(state);
}

function keep(state: State, { fields = {} }: Heard): void {
  const { dialect, kept } = state;
  const lasting = Object.entries(fields).filter(([field]) => dialect.lasts?.(field) === true);
  if (lasting.length === 0) return;
  for (const [field, value] of lasting) kept.set(field, value);
  if (state.online === true) take(state, Object.fromEntries(lasting), false);
}

function arrive(state: State): void {
  state.online = true;
  state.onlineAt = state.clock.now();
  state.restless = true;
  state.told.clear();
  commission(state);
  const { keepAlive } = state.dialect;
  send(state, [...(keepAlive?.messages ?? []), ...state.dialect.query()]);
  if (state.kept.size > 0) take(state, Object.fromEntries(state.kept), false);
  state.kept.clear();
}

function leave(state: State): void {
  if (state.online === false) return;
  state.online = false;
  state.errors += 1;
  state.lastError = "the device left the broker (its last will)";
  state.log.warn("a device left the broker", { device: state.id });
  state.kept.clear();
  const samples = Object.keys(state.profile.points).map(
    (point): Sample => ({ point, absent: "device-lost" }),
  );
  announce(state, { device: state.id, at: state.clock.now(), samples, answered: false });
  state.confirmations.fail(fault(state, "link-down", "the device left the broker"));
}

function commission(state: State): void {
  state.commissionedAt = state.clock.now();
  send(state, state.dialect.commissioning(state.silent));
}

function compare(state: State, settings: NonNullable<Heard["settings"]>): void {
  const differs = Object.entries(state.dialect.wanted(state.silent)).some(([name, values]) => {
    const told = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return told !== undefined && !values.includes(told);
  });
  const { commissionedAt } = state;
  if (!differs || commissionedAt === undefined) return;
  if (elapsed(commissionedAt, state.clock.now()) < COMMISSION_PAUSE) return;
  state.log.warn("a device's settings were changed; they are made again", { device: state.id });
  state.restless = true;
  commission(state);
}

function rest(state: State): void {
  const { silent, told, restless, unconfirmed, profile } = state;
  const silentNow = relayFields(profile).every((field) => silent === "hold" || told.get(field) === silent);
  if (!restless || unconfirmed || !silentNow || told.size === 0) return;
  state.restless = false;
  send(state, state.dialect.resting(silent));
}

const announce = ({ listeners }: State, sampling: Sampling): void => {
  for (const listener of listeners) listener(sampling);
};

function tell(state: State, samples: readonly Sample[]): void {
  if (samples.length === 0) return;
  const at = state.clock.now();
  for (const { point } of samples) state.heardAt.set(point, at);
  const { dialect, profile } = state;
  const missed = Object.entries(profile.points).flatMap(([point, { field }]): Sample[] => {
    const since = state.heardAt.get(point) ?? state.onlineAt;
    const missing = elapsed(since, at) > REPORTS_MISSED_MAX * profile.reportMs;
    return missing && dialect.lasts?.(field) !== true ? [{ point, absent: "not-available" }] : [];
  });
  announce(state, { device: state.id, at, samples: [...samples, ...missed] });
}

async function obey(state: State, command: Command, signal: AbortSignal): Promise<void> {
  const { dialect, bus, confirmations } = state;
  const wish = wishOf(state, command);
  if (typeof wish === "string") throw fault(state, "internal", wish);
  const { field, value } = wish;
  try {
    if (!bus.connected) throw fault(state, "broker-unreachable", "the broker does not answer");
    const done = confirmations.wait(field, value, signal);
    state.unconfirmed = true;
    state.restless = true;
    send(state, wish.messages);
    if (dialect.quiet && state.told.get(field) === value)
      confirmations.settle(field, value, { reply: true, changed: false });
    await done;
    state.unconfirmed = false;
    rest(state);
  } catch (error) {
    state.errors += 1;
    state.lastError = messageOf(error);
    throw error;
  }
}
