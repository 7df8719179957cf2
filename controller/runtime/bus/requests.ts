// The gate for requests: from the bus in, only those whose origin is proven and which are new. Everything else is
// refused here with its reason, so that the brain never sees it. A request's time to live counts from its arrival.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import {
  type Answer,
  REQUEST_BYTES_MAX,
  type Request,
  RequestEnvelope,
  type Role,
} from "@gridwright/contract/request.ts";
import { elapsed, type Mono } from "@gridwright/contract/units.ts";
import { isSigned } from "./request-mac.ts";

export interface GateOptions {
  readonly siteId: string;
  /** An issuer's key; undefined: nobody knows it. */
  readonly keys: (issuer: string) => Uint8Array | undefined;
  /** The roles that an issuer may speak in. */
  readonly roles: (issuer: string) => readonly Role[];
  readonly bus: Bus;
  /** Plant time. */
  readonly now: () => Mono;
  readonly log: Log;
  /** The highest seq already taken of each issuer, from the journal. */
  readonly seqFloor?: Readonly<Record<string, number>>;
  /** Told of each refusal at the gate, for the audit. */
  readonly onRefused?: (answer: Answer) => void;
}

export interface RequestGate {
  /** Requests whose origin is proven, each once, since the last call. */
  take(): readonly Request[];
  /** Publishes the brain's answer. */
  answer(answer: Answer): void;
  /** The highest seq taken of each issuer, to be kept over a restart. */
  seqFloor(): Readonly<Record<string, number>>;
  readonly refused: number;
}

/** Requests that wait for the next tick; more are refused. */
const WAITING_MAX = 256;
/** Ids that are remembered: one that comes again, even signed anew, is no second request. */
const IDS_MAX = 4_096;
const WHY_MAX = 120;

interface Waiting {
  readonly request: Request;
  readonly at: Mono;
}

interface Arrival {
  /** The last level of the topic. */
  readonly issuer: string;
  readonly payload: string;
  readonly retained: boolean;
}

const because = (code: Reason["code"], params: Reason["params"] = {}): Reason => ({ code, params });
const malformed = (why: string): Reason => because("answer-malformed", { why: why.slice(0, WHY_MAX) });

type Read =
  | { readonly envelope: RequestEnvelope }
  | { readonly id: string | undefined; readonly reason: Reason };

/** Reads size, JSON and schema. */
function read({ payload, retained }: Arrival): Read {
  if (Buffer.byteLength(payload) > REQUEST_BYTES_MAX)
    return { id: undefined, reason: malformed(`it is larger than ${REQUEST_BYTES_MAX} bytes`) };
  const value = json(payload);
  const parsed = RequestEnvelope.safeParse(value);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return { id: idOf(value), reason: malformed(`${first?.path.join(".") || "it"}: ${first?.message}`) };
  }
  if (retained) return { id: parsed.data.id, reason: malformed("requests must not be retained") };
  return { envelope: parsed.data };
}

function json(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const idOf = (value: unknown): string | undefined => {
  const parsed = RequestEnvelope.shape.id.safeParse((value as { id?: unknown } | null | undefined)?.id);
  return parsed.success ? parsed.data : undefined;
};

interface State {
  readonly floor: Map<string, number>;
  readonly ids: Set<string>;
  waiting: readonly Waiting[];
}

type Verdict =
  | { readonly request: Request }
  | { readonly id: string | undefined; readonly reason: Reason }
  | "known";

function judge(arrival: Arrival, state: State, options: GateOptions): Verdict {
  const got = read(arrival);
  if ("reason" in got) return got;
  const { mac: _mac, ...request } = got.envelope;
  const { id, seq } = request;
  const origin = originMistake(got.envelope, arrival, options);
  if (origin !== undefined) return { id, reason: origin };
  // A second delivery of what still waits (QoS 1) is no second request: the first is yet to be answered.
  if (state.waiting.some(({ request: other }) => other.id === id && other.seq === seq)) return "known";
  const novelty = noveltyMistake(request, state);
  return novelty === undefined ? { request } : { id, reason: novelty };
}

const isLate = ({ request, at }: Waiting, now: Mono): boolean =>
  elapsed(at, now) > request.ttlMs && request.body.kind !== "hold";

/** Opens the gate: subscribes to the site's requests; the caller takes them with each tick. */
export function createRequestGate(options: GateOptions): RequestGate {
  const { bus, now, log } = options;
  const topic = topics(options.siteId);
  const state: State = {
    floor: new Map(Object.entries(options.seqFloor ?? {})),
    ids: new Set(),
    waiting: [],
  };
  let refused = 0;
  const answer = (given: Answer): void =>
    bus.publish(topic.answer(given.issuer), JSON.stringify(given), { qos: 1 });
  const refuse = (issuer: string, id: string | undefined, reason: Reason): void => {
    refused += 1;
    log.warn("a request was refused at the gate", { issuer, id, reason });
    if (id === undefined) return;
    const given: Answer = { id, issuer, outcome: "refused", reason };
    options.onRefused?.(given);
    answer(given);
  };
  bus.subscribe(topic.request("+"), (from, payload, retained) => {
    const issuer = from.slice(topic.request("").length);
    const verdict = judge({ issuer, payload, retained }, state, options);
    if (verdict === "known") return;
    if ("reason" in verdict) refuse(issuer, verdict.id, verdict.reason);
    else admit(state, verdict.request, now());
  });
  return {
    take() {
      const all = state.waiting;
      state.waiting = [];
      const at = now();
      for (const one of all)
        if (isLate(one, at)) refuse(one.request.issuer, one.request.id, because("answer-expired"));
      return all.filter((one) => !isLate(one, at)).map(({ request }) => request);
    },
    answer,
    seqFloor: () => Object.fromEntries(state.floor),
    get refused() {
      return refused;
    },
  };
}

/** Why the sender is not who the request says, or may not speak in that role; nothing when it is all right. */
function originMistake(envelope: RequestEnvelope, { issuer }: Arrival, { keys, roles }: GateOptions) {
  const key = keys(envelope.issuer);
  if (envelope.issuer !== issuer || key === undefined || !isSigned(envelope, key))
    return because("answer-forged");
  return roles(issuer).includes(envelope.role) ? undefined : because("answer-role", { role: envelope.role });
}

function noveltyMistake({ id, issuer, seq }: Request, { floor, ids, waiting }: State): Reason | undefined {
  if (seq <= (floor.get(issuer) ?? -1) || ids.has(`${issuer}/${id}`)) return because("answer-replayed");
  return waiting.length >= WAITING_MAX ? malformed("too many requests are waiting") : undefined;
}

function admit(state: State, request: Request, at: Mono): void {
  state.floor.set(request.issuer, request.seq);
  state.ids.add(`${request.issuer}/${request.id}`);
  const [oldest] = state.ids;
  if (state.ids.size > IDS_MAX && oldest !== undefined) state.ids.delete(oldest);
  state.waiting = [...state.waiting, { request, at }];
}
