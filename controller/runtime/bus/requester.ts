// The asking side of requests, for the CLI and the services: signs, publishes, waits for the answer with a deadline.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { Answer, RequestBody, Role } from "@gridwright/contract/request.ts";
import { type Millis, millis, seconds } from "@gridwright/contract/units.ts";
import { signRequest } from "./request-mac.ts";

export interface RequesterOptions {
  readonly bus: Bus;
  readonly siteId: string;
  readonly issuer: string;
  readonly key: Uint8Array;
  /** A number that rises with each call, over restarts too (see risingSeq). */
  readonly seq: () => number;
  /** Random bytes, for ids. */
  readonly random: (bytes: number) => Uint8Array;
  readonly io: Clock;
  /** Longest wait for an answer, in real ms. */
  readonly deadlineMs?: Millis;
}

export interface Ask {
  readonly role: Role;
  readonly body: RequestBody;
  /** The house for which a member asks. */
  readonly member?: string;
  /** Time to live, in ms of plant time from its arrival. */
  readonly ttlMs: Millis;
}

export interface Requester {
  /** Resolves with control's answer; rejects with `request-timeout`, or `queue-full` when too many wait. */
  send(ask: Ask): Promise<Answer>;
}

const DEADLINE = seconds(5);
const WAITING_MAX = 64;
const ID_BYTES = 12;

/** Listens for this issuer's answers from now on. */
export function createRequester(options: RequesterOptions): Requester {
  const { bus, issuer, io, deadlineMs = DEADLINE } = options;
  const topic = topics(options.siteId);
  const waiting = new Map<string, (answer: Answer) => void>();
  bus.subscribe(topic.answer(issuer), (_topic, payload, retained) => {
    const answer = retained ? undefined : parseAnswer(payload);
    if (answer !== undefined) waiting.get(answer.id)?.(answer);
  });
  return {
    async send({ role, body, ttlMs, member }) {
      if (waiting.size >= WAITING_MAX)
        throw new GridwrightError(
          "queue-full",
          `${WAITING_MAX} requests wait for an answer already; try again.`,
        );
      const id = Buffer.from(options.random(ID_BYTES)).toString("hex");
      const asked = { id, issuer, role, seq: options.seq(), ttlMs, body };
      const envelope = signRequest({ ...asked, ...(member !== undefined && { member }) }, options.key);
      const patience = new AbortController();
      try {
        return await new Promise<Answer>((resolve, reject) => {
          waiting.set(id, resolve);
          io.sleep(deadlineMs, patience.signal).then(
            () => reject(unanswered(deadlineMs)),
            (error: unknown) => reject(error),
          );
          bus.publish(topic.request(issuer), JSON.stringify(envelope), { qos: 1 });
        });
      } finally {
        waiting.delete(id);
        patience.abort();
      }
    },
  };
}

const unanswered = (deadlineMs: Millis) =>
  new GridwrightError(
    "request-timeout",
    `Control did not answer within ${deadlineMs / 1_000} s. Is it running? See gridwright's own state on the page or its log.`,
  );

const OUTCOMES: ReadonlySet<unknown> = new Set(["accepted", "clipped", "refused"]);

function parseAnswer(payload: string): Answer | undefined {
  try {
    const value = JSON.parse(payload) as Partial<Answer> | null;
    const whole = typeof value?.id === "string" && OUTCOMES.has(value.outcome) && value.reason !== undefined;
    return whole ? (value as Answer) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A seq that rises with the wall clock and, while that stands still or jumps back, by one. */
export function risingSeq(io: Clock, floor = 0): () => number {
  let last = floor;
  return () => {
    last = Math.max(last + 1, millis(Math.floor(io.wall())));
    return last;
  };
}
