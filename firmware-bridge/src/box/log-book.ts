// The log of a box as a host reads it: which entry comes next, what each one means to people, and when it was, reckoned
// from the box's own uptime. Pure. A box that restarted begins a new log; what a newer entry drove out is gone.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Deed } from "@gridwright/contract/deeds.ts";
import { type Epoch, elapsed, epoch, type Mono, millis } from "@gridwright/contract/units.ts";
import { LOG_ENTRIES, NO_CHANNEL } from "../protocol/codes.ts";
import type { Message } from "../protocol/messages.ts";
import { FLAGS } from "./samples.ts";

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;
export type LogEntry = Of<"event">;

export interface LogBook {
  /** The entry that comes next, and the one after the newest: both run over at 65 536. */
  readonly next: number;
  readonly end: number;
  /** What the box said of its uptime, and when that was. */
  readonly uptimeMs: number;
  readonly saidAt: Mono;
  /** By channel: uptime at which its lease ended without a new one. */
  readonly bereft: Readonly<Record<number, number>>;
  /** Why it sheds, as long as it does. */
  readonly shedBy: LogEntry | undefined;
  /** Since the hello its log was once read to the end and held against what it says of itself. */
  readonly agreed: boolean;
}

const COUNT = 65_536;
const UPTIME_SPAN = 2 ** 32;
/** A crystal and a busy line are apart by no more than this: more, and the box has started anew. */
const SLACK_MS = 2_000;
const SLACK_SHARE = 0.02;

const ahead = (from: number, to: number): number => (to - from + COUNT) % COUNT;
const uptimeAhead = (from: number, to: number): number => (to - from + UPTIME_SPAN) % UPTIME_SPAN;

interface Life {
  readonly uptime_ms: number;
  readonly log_next: number;
}

/** Whether a box of this uptime is the one of the book, running all the while. */
function runsOn({ uptimeMs, saidAt, next }: LogBook, now: Mono, said: Life): boolean {
  const passed = elapsed(saidAt, now);
  const off = Math.abs(uptimeAhead(uptimeMs, said.uptime_ms) - passed);
  const isInTime = Math.min(off, UPTIME_SPAN - off) <= SLACK_MS + passed * SLACK_SHARE;
  return isInTime && ahead(next, said.log_next) < COUNT / 2;
}

/** The book after a word of the box: the same where the box ran on, else a new one from its start. */
function heard(before: LogBook | undefined, said: Life, now: Mono): LogBook {
  const kept = before !== undefined && runsOn(before, now, said) ? before : undefined;
  return {
    next: kept?.next ?? 0,
    end: said.log_next,
    uptimeMs: said.uptime_ms,
    saidAt: now,
    bereft: kept?.bereft ?? {},
    shedBy: kept?.shedBy,
    agreed: kept?.agreed ?? false,
  };
}

export const opened = (before: LogBook | undefined, hello: Of<"hello">, now: Mono): LogBook => ({
  ...heard(before, hello, now),
  agreed: false,
});

/** A box that starts anew tells its state before anybody has opened it. */
export const stated = (book: LogBook, state: Of<"state">, now: Mono): LogBook => heard(book, state, now);

/** The entry that is to be asked for; undefined: all are read. Those that newer ones drove out are passed over. */
export function wanted({ next, end }: LogBook): number | undefined {
  const left = ahead(next, end);
  if (left === 0) return undefined;
  return left > LOG_ENTRIES ? (end - LOG_ENTRIES + COUNT) % COUNT : next;
}

const clause = (code: Reason["code"], params: Reason["params"] = {}): Reason => ({ code, params });

/** What made it shed, in words and with its figure. */
function shedReason(by: LogEntry | undefined): Reason {
  switch (by?.event) {
    case "shed_overload":
      return clause("box-shed-overload", { loadA: by.value / 10 });
    case "shed_sag":
      return clause("box-shed-sag", { voltageV: by.value / 100 });
    case "shed_frequency":
      return clause("box-shed-frequency", { frequencyHz: by.value / 100 });
    default:
      return clause("box-shed-line");
  }
}

/** Causes by their place in the protocol's list: the value of an event that moved an output is one. */
const BY_ITSELF: Readonly<Record<number, (since: Reason["params"], by: LogEntry | undefined) => Reason>> = {
  0: () => clause("box-restored"),
  5: () => clause("box-interlock"),
  6: () => clause("box-silent"),
  7: (since) => clause("box-ran-on", since),
  8: (since) => clause("box-finished", since),
  9: (_, by) => shedReason(by),
  10: () => clause("box-dead-bus"),
  11: () => clause("box-estop"),
};

function switched(book: LogBook, entry: LogEntry, at: Epoch): readonly Deed[] {
  const since = book.bereft[entry.channel];
  const forMs = since === undefined ? 0 : uptimeAhead(since, entry.at_ms);
  const reason = BY_ITSELF[entry.value]?.({ forMs }, book.shedBy);
  if (reason === undefined) return [];
  const on = entry.event === "output_on";
  return [
    {
      ...{ kind: "switched", point: `relay_${entry.channel + 1}`, set: { kind: "switch", on }, reason, at },
      until: clause(on ? "until-box-told" : untilOff(reason)),
    },
  ];
}

const untilOff = ({ code }: Reason): Reason["code"] => {
  if (code.startsWith("box-shed") || code === "box-dead-bus") return "until-box-calm";
  return code === "box-estop" ? "until-released" : "until-box-told";
};

type Met = Extract<Deed, { kind: "met" }>;
type Condition = "box-shed" | "box-blind";

const ended = (kind: Condition, device: string, at: Epoch): Met => ({
  ...{ kind: "met", event: "cleared", id: `${kind}/${device}`, severity: "warning", at },
  reason: kind === "box-shed" ? clause("box-shed-line") : clause("alarm-box-blind", { device }),
});

/** Conditions of the box itself that this entry begins or ends. A box that starts has none of its life before. */
function met(entry: LogEntry, at: Epoch, device: string): readonly Met[] {
  const raised = (kind: Condition, code: Reason["code"], params: Reason["params"] = {}): readonly Met[] => [
    {
      ...{ kind: "met", event: "raised", id: `${kind}/${device}`, severity: "warning", at },
      reason: clause(code, { device, ...params }),
    },
  ];
  switch (entry.event) {
    case "started":
      return [ended("box-shed", device, at), ended("box-blind", device, at)];
    case "shed_overload":
      return raised("box-shed", "alarm-box-overload", { loadA: entry.value / 10 });
    case "shed_sag":
      return raised("box-shed", "alarm-box-sag", { voltageV: entry.value / 100 });
    case "shed_frequency":
      return raised("box-shed", "alarm-box-frequency", { frequencyHz: entry.value / 100 });
    case "shed_over":
      return [ended("box-shed", device, at)];
    case "measurement_lost":
      return raised("box-blind", "alarm-box-blind");
    case "measurement_back":
      return [ended("box-blind", device, at)];
    default:
      return [];
  }
}

/** Once all of its log is read: what the box does not say of itself has ended, also where newer entries drove that one out. */
export function agree(
  book: LogBook,
  { flags }: Of<"state">,
  { device, wall }: Reader,
): { readonly book: LogBook; readonly deeds: readonly Deed[] } {
  if (book.agreed || wanted(book) !== undefined) return { book, deeds: [] };
  return {
    book: { ...book, agreed: true },
    deeds: [
      ...((flags & FLAGS.shedding) === 0 ? [ended("box-shed", device, wall)] : []),
      ...((flags & FLAGS.lost) === 0 ? [ended("box-blind", device, wall)] : []),
    ],
  };
}

export interface Reader {
  readonly device: string;
  readonly wall: Epoch;
}

/** The book after one more entry, and what it tells. An entry that is not the next one is left for later. */
export function read(
  book: LogBook,
  entry: LogEntry,
  { device, wall, now }: Reader & { readonly now: Mono },
): { readonly book: LogBook; readonly deeds: readonly Deed[] } {
  if (entry.index !== wanted(book)) return { book, deeds: [] };
  const uptimeNow = book.uptimeMs + elapsed(book.saidAt, now);
  const past = uptimeAhead(entry.at_ms, Math.round(uptimeNow) % UPTIME_SPAN);
  // An event may be a little ahead of what the box last said of its uptime.
  const at = epoch(wall - (past > UPTIME_SPAN / 2 ? millis(0) : past));
  const { event, channel } = entry;
  const moved = channel !== NO_CHANNEL && (event === "output_on" || event === "output_off");
  const deeds = moved ? switched(book, entry, at) : met(entry, at, device);
  const lost = event === "lease_ended" || event === "host_silent";
  return {
    book: {
      ...book,
      next: (entry.index + 1) % COUNT,
      bereft: lost ? { ...book.bereft, [channel]: entry.at_ms } : book.bereft,
      shedBy: event === "shed_over" ? undefined : event.startsWith("shed_") ? entry : book.shedBy,
    },
    deeds,
  };
}
