// One box as a device: what it is asked next, what its words mean, and what becomes of commands. It holds no line and no
// timer: the line gives it turns (line/box-line.ts). A box that is away takes no command; what waited is refused.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { Command, Device, Sampling } from "@gridwright/contract/ports.ts";
import type { BoxGains } from "@gridwright/contract/request.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch, Mono } from "@gridwright/contract/units.ts";
import { encodeMessage } from "../protocol/codec.ts";
import { adoptionOf } from "./adoption.ts";
import { type Asked, AWAY, answered, type Heard, missed, settles, spoken, toldToo } from "./conversation.ts";
import { agree, type LogBook, opened, read, stated } from "./log-book.ts";
import { createOrders } from "./orders.ts";
import { ofLoss, ofMeasure, ofState } from "./samples.ts";
import { beaten, dueAt, type Standing, wordsFor } from "./words.ts";

export interface BoxOptions {
  readonly device: DeviceModel;
  readonly model: SiteModel;
  /** Plant time. */
  readonly plant: Clock;
  readonly io: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Which source carries the bus. */
  readonly mode: () => GridMode;
  /** What a box did before that is told already. */
  readonly toldUntil: Epoch;
  /** What one count of its converter is, where it was calibrated. */
  readonly gains?: (device: string) => BoxGains | undefined;
}

/** A frame for a box, and what settles it. */
export interface Turn {
  readonly address: number;
  readonly frame: Uint8Array;
  settledBy(heard: Heard): boolean;
  missed(): void;
}

export interface Box {
  readonly device: Device;
  readonly address: number;
  /** When it wants its next turn. */
  dueAt(): Mono;
  turn(now: Mono): Turn | undefined;
  hear(heard: Heard, now: Mono): void;
  /** The line went, or came anew: nothing is known of the box. */
  lost(why: string): void;
  /** It was calibrated: it is told anew what one count is. */
  calibrated(): void;
  /** Called when something waits that did not a moment ago. */
  onWake(wake: () => void): void;
}

interface State extends BoxOptions, Standing {
  readonly listeners: Set<(sampling: Sampling) => void>;
  asked: Asked | undefined;
  /** Why it is away, in words. */
  lostBy: string;
  /** Something was heard of it since it was last lost. */
  there: boolean;
  errors: number;
  lastError: string | undefined;
  wake: () => void;
}

export function createBox(options: BoxOptions): Box {
  const { device, io } = options;
  const state: State = {
    ...options,
    orders: createOrders(device.id),
    listeners: new Set(),
    conversation: AWAY,
    asked: undefined,
    book: undefined,
    source: undefined,
    beatAt: io.now(),
    againAt: io.now(),
    lostBy: "the box has not answered yet",
    there: false,
    errors: 0,
    lastError: undefined,
    wake: () => undefined,
  };
  return {
    device: portOf(state),
    address: device.spec.unit,
    dueAt: () => dueAt(state, io.now()),
    turn: (now) => turn(state, now),
    hear: (heard, now) => hear(state, heard, now),
    lost: (why) => lose(state, why),
    calibrated() {
      const box = toldOf(state).filter(({ kind }) => kind === "configure_box");
      if (state.conversation.phase === "ready") state.conversation = toldToo(state.conversation, box);
      state.wake();
    },
    onWake: (wake) => {
      state.wake = wake;
    },
  };
}

const portOf = (state: State): Device => ({
  id: state.device.id,
  onSampling(listener) {
    state.listeners.add(listener);
    return () => state.listeners.delete(listener);
  },
  command(command: Command, signal) {
    const given = state.orders.give(command, state.io.now(), signal);
    if (state.conversation.phase !== "ready") state.orders.fail("link-down", whyAway(state));
    state.wake();
    return given.catch((error: unknown) => {
      fault(state, messageOf(error));
      throw error;
    });
  },
  status: () => ({
    errors: state.errors,
    ...(state.lastError !== undefined && { lastError: state.lastError }),
  }),
  async close() {
    state.listeners.clear();
    state.orders.fail("link-down", "the box was closed");
  },
});

const toldOf = ({ device, model, gains }: State) => adoptionOf(device, model, gains?.(device.id));

const whyAway = ({ conversation, lostBy }: State): string => conversation.why ?? lostBy;

function fault(state: State, why: string): void {
  state.errors += 1;
  state.lastError = why;
}

function turn(state: State, now: Mono): Turn | undefined {
  const said = wordsFor(state, now);
  if (said === undefined) return undefined;
  if (said.kind === "open" || said.kind === "heartbeat") beaten(state, now);
  const next = spoken(state.conversation, said);
  if (next === undefined) {
    lose(state, "the session is used up; it is opened anew");
    return undefined;
  }
  const { after, asked, message } = next;
  state.conversation = after;
  state.asked = asked;
  return {
    address: state.device.spec.unit,
    frame: encodeMessage(asked.sequence, message, state.device.spec.unit),
    settledBy: (heard) => settles(asked, heard),
    missed: () => miss(state),
  };
}

function miss(state: State): void {
  state.asked = undefined;
  const after = missed(state.conversation);
  if (after.phase === "away" && state.conversation.phase !== "away") lose(state, "the box does not answer");
  state.conversation = after;
}

function lose(state: State, why: string): void {
  if (state.there) {
    fault(state, why);
    state.lostBy = why;
    state.log.warn(`box ${state.device.id} is lost: ${why}`, { device: state.device.id });
    announce(state, { samples: ofLoss(), answered: false });
  }
  state.there = false;
  state.conversation = AWAY;
  state.asked = undefined;
  state.beatAt = state.io.now();
  state.orders.fail("link-down", why);
}

type Announced = Pick<Sampling, "samples" | "answered" | "deeds">;

function announce({ listeners, device, plant }: State, said: Announced): void {
  for (const listener of listeners) listener({ device: device.id, at: plant.now(), ...said });
}

function settle(state: State, heard: Heard, now: Mono): void {
  const { asked, device } = state;
  if (asked === undefined || !settles(asked, heard)) return;
  state.asked = undefined;
  const before = state.conversation.phase;
  state.conversation = answered(state.conversation, asked, { heard, all: toldOf(state) });
  const { phase, why } = state.conversation;
  state.orders.answered(asked.said, heard, now);
  if (heard.kind === "ack" && heard.result === "done" && asked.said.kind === "set_source")
    state.source = asked.said.source;
  // A relay that moved is seen at once.
  if (asked.said.kind === "set") state.beatAt = now;
  if (phase === before) return;
  if (phase === "away") lose(state, "another session began on the box");
  if (phase === "foreign" && why !== undefined) fault(state, why);
  if (phase !== "ready") return;
  state.there = true;
  state.lastError = undefined;
  state.log.info(`box ${device.id} is there`, { device: device.id });
}

function hear(state: State, heard: Heard, now: Mono): void {
  const mine = heard.kind !== "hello" || (state.asked && settles(state.asked, heard));
  if (heard.kind === "hello" && mine) {
    state.book = opened(state.book, heard, now);
    state.source = undefined;
  }
  settle(state, heard, now);
  if (state.conversation.phase !== "ready") return;
  if (heard.kind === "state") {
    if (state.book !== undefined) agreeWith(state, stated(state.book, heard, now), heard);
    announce(state, { samples: ofState(heard, state.device.spec.box?.measures !== undefined) });
  } else if (heard.kind === "measure")
    announce(state, { samples: ofMeasure(heard, state.device.spec.box?.measures?.thermistor) });
  else if (heard.kind === "event") note(state, heard, now);
}

function agreeWith(state: State, book: LogBook, said: Extract<Heard, { kind: "state" }>): void {
  const { device, plant } = state;
  const agreed = agree(book, said, { device: device.id, wall: plant.wall() });
  state.book = agreed.book;
  if (agreed.deeds.length > 0) announce(state, { samples: [], deeds: agreed.deeds });
}

function note(state: State, entry: Extract<Heard, { kind: "event" }>, now: Mono): void {
  const { book, device, plant, toldUntil } = state;
  if (book === undefined) return;
  const told = read(book, entry, { device: device.id, wall: plant.wall(), now });
  state.book = told.book;
  const deeds = told.deeds.filter(({ at }) => at > toldUntil);
  if (deeds.length > 0) announce(state, { samples: [], deeds });
}
