// What host and one box have said to each other: session, sequence, what the box must still be told before it may be used.
// Pure. A command belongs to a session; where the box says that it knows another one, everything begins anew, and what was
// on its way before counts for nothing.
import type { Message } from "../protocol/messages.ts";
import { MESSAGES, schemaHash } from "../protocol/messages.ts";
import type { Adoption } from "./adoption.ts";

type HostKind = {
  [K in keyof typeof MESSAGES]: (typeof MESSAGES)[K]["from"] extends "host" ? K : never;
}[keyof typeof MESSAGES];
type Without<M> = M extends unknown ? Omit<M, "session"> : never;
/** What a host says; the session is put in when it is said. */
export type Said = Without<Extract<Message, { kind: HostKind }>>;
/** What a box says. */
export type Heard = Exclude<Message, { kind: HostKind }>;

export interface Asked {
  readonly said: Said;
  readonly sequence: number;
}

/**
 * away: nothing is known. opening: the hello is waited for. adopting: it is told what hangs on it. ready: it may be
 * commanded. foreign: it speaks another table or refuses what it is told; it is left alone until it is opened again.
 */
export interface Conversation {
  readonly phase: "away" | "adopting" | "ready" | "foreign";
  readonly session: number;
  /** Of the last command of this session. */
  readonly sequence: number;
  /** Still to be said. */
  readonly toAdopt: readonly Adoption[];
  /** What it takes only when that channel is off. */
  readonly later: readonly Adoption[];
  /** Questions in a row that it did not answer. */
  readonly misses: number;
  /** Why it is foreign. */
  readonly why?: string;
}

export const AWAY: Conversation = {
  phase: "away",
  session: 0,
  sequence: 0,
  toAdopt: [],
  later: [],
  misses: 0,
};
export const MISSES_MAX = 3;
const SEQUENCE_MAX = 65_535;

/** The next words of a conversation, and the conversation after them; undefined: the sequence is used up, open anew. */
export function spoken(
  before: Conversation,
  said: Said,
): { readonly after: Conversation; readonly asked: Asked; readonly message: Message } | undefined {
  const sequence = said.kind === "open" ? 0 : before.sequence + 1;
  if (sequence > SEQUENCE_MAX) return undefined;
  const message = (said.kind === "open" ? said : { ...said, session: before.session }) as Message;
  return { after: { ...before, sequence }, asked: { said, sequence }, message };
}

/** Whether this is the answer to that. */
export function settles({ said, sequence }: Asked, heard: Heard): boolean {
  if (heard.kind === "ack")
    return heard.of_type === MESSAGES[said.kind].type && heard.of_sequence === sequence;
  if (said.kind === "open") return heard.kind === "hello" && heard.nonce === said.nonce;
  if (said.kind === "heartbeat") return heard.kind === "state";
  return said.kind === "read_log_entry" && heard.kind === "event" && heard.index === said.index;
}

const foreign = (before: Conversation, why: string): Conversation => ({ ...before, phase: "foreign", why });

function adopted(before: Conversation, said: Adoption, result: string): Conversation {
  const rest = before.toAdopt.slice(1);
  const waits = result === "channel_on";
  if (!waits && result !== "done") {
    const of = said.kind === "configure_channel" ? ` for channel ${said.channel + 1}` : "";
    return foreign(before, `it refuses what it is told${of}: ${result}`);
  }
  const later = waits ? [...before.later, said] : before.later;
  return rest.length > 0
    ? { ...before, toAdopt: rest, later }
    : { ...before, phase: "ready", toAdopt: [], later };
}

/** A box that is ready is told once more what its channels did not take while they were on. */
export const toldAgain = (before: Conversation): Conversation => ({
  ...before,
  toAdopt: before.later,
  later: [],
});

/** A box that is ready is told something more. */
export const toldToo = (before: Conversation, more: readonly Adoption[]): Conversation => ({
  ...before,
  toAdopt: [...before.toAdopt, ...more],
});

/** The conversation after an answer that settles what was asked. `all` is what a box that has just opened must be told. */
export function answered(
  before: Conversation,
  { said }: Asked,
  { heard, all }: { readonly heard: Heard; readonly all: readonly Adoption[] },
): Conversation {
  const heeded = { ...before, misses: 0 };
  if (heard.kind === "hello") {
    const opened: Conversation = { ...AWAY, phase: "adopting", session: heard.session, toAdopt: all };
    return heard.schema === schemaHash()
      ? opened
      : foreign(opened, `it speaks another table of messages (firmware ${heard.firmware / 100})`);
  }
  if (heard.kind !== "ack") return heeded;
  if (heard.result === "wrong_session" || heard.result === "old_sequence") return AWAY;
  if (said.kind !== "configure_box" && said.kind !== "configure_channel") return heeded;
  return adopted(heeded, said, heard.result);
}

/** The conversation after a question that nobody answered in time. */
export function missed(before: Conversation): Conversation {
  const misses = before.misses + 1;
  return misses >= MISSES_MAX && before.phase !== "away" ? { ...AWAY, misses } : { ...before, misses };
}
