// What one box is told next, the weightiest first: a command, what hangs on it, its source, a sign of life, and last what is
// missing of its log. A box that does not answer, or is foreign, is opened again and again with a pause.
import type { GridMode } from "@gridwright/contract/messages.ts";
import { later, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";
import { type Conversation, type Said, toldAgain } from "./conversation.ts";
import { type LogBook, wanted } from "./log-book.ts";
import type { Orders } from "./orders.ts";
import { SOURCE_OF } from "./source.ts";

/** How a box stands with its host. */
export interface Standing {
  readonly orders: Orders;
  /** Which source carries the bus. */
  readonly mode: () => GridMode;
  readonly random: () => number;
  conversation: Conversation;
  book: LogBook | undefined;
  /** The source that the box was told last. */
  source: string | undefined;
  beatAt: Mono;
  againAt: Mono;
}

/** Host silence counts from one second on (silence of a channel); three beats may get lost before that. */
const BEAT: Millis = millis(250);
/** Between two attempts to open a box that does not answer, or that is foreign. */
const OPEN_PAUSE: Millis = millis(400);
const FOREIGN_PAUSE: Millis = millis(5_000);
/** Between two attempts to tell a channel what it does not take while it is on. */
const AGAIN: Millis = millis(5_000);
const NONCE_SPAN = 2 ** 32;

const PAUSES = { away: OPEN_PAUSE, foreign: FOREIGN_PAUSE, adopting: BEAT, ready: BEAT };

/** The next sign of life, or the next try to open it, is a pause from now. */
export const beaten = (state: Standing, now: Mono): void => {
  state.beatAt = later(now, PAUSES[state.conversation.phase]);
};

/** When the box wants its next turn. */
export function dueAt(state: Standing, now: Mono): Mono {
  const { conversation, orders, beatAt, book } = state;
  if (conversation.phase !== "ready") return beatAt;
  if (conversation.toAdopt.length > 0 || (book && wanted(book)) !== undefined) return now;
  return [orders.dueAt() ?? beatAt, beatAt].sort((a, b) => a - b)[0] ?? now;
}

/** What a box that is ready is told next, the weightiest first. */
function readyWords(state: Standing, now: Mono): Said | undefined {
  const order = state.orders.next(now);
  if (order !== undefined) return order;
  if (state.conversation.later.length > 0 && state.againAt <= now) {
    state.againAt = later(now, AGAIN);
    state.conversation = toldAgain(state.conversation);
  }
  const [adoption] = state.conversation.toAdopt;
  if (adoption !== undefined) return adoption;
  const source = SOURCE_OF[state.mode()];
  if (source !== state.source) return { kind: "set_source", source };
  // The beat goes before the log: a long log must not look like a silent host.
  if (state.beatAt <= now) return { kind: "heartbeat" };
  const index = state.book && wanted(state.book);
  return index === undefined ? undefined : { kind: "read_log_entry", index };
}

/** What the box is told next; undefined: nothing is due. */
export function wordsFor(state: Standing, now: Mono): Said | undefined {
  const { phase, toAdopt } = state.conversation;
  if (phase === "adopting") return toAdopt[0];
  if (phase === "ready") return readyWords(state, now);
  if (state.beatAt > now) return undefined;
  return { kind: "open", nonce: Math.floor(state.random() * NONCE_SPAN) };
}
