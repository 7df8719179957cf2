// The log of a box as a host reads it: which entry comes next, what each one means to people, and when it was, reckoned
// from the box's own uptime. Pure. A box that restarted begins a new log; what a newer entry drove out is gone.
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Deed } from "@gridwright/contract/deeds.ts";
import { type Epoch, elapsed, epoch, type Mono, millis } from "@gridwright/contract/units.ts";
import { LOG_ENTRIES, NO_CHANNEL } from "../protocol/codes.ts";
import type { Message } from "../protocol/messages.ts";

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
}

const COUNT = 65_536;
const UPTIME_SPAN = 2 ** 32;
/** A crystal and a busy line are apart by no more than this: more, and the box has started anew. */
const SLACK_MS = 2_000;
const SLACK_SHARE = 0.02;

const ahead = (from: number, to: number): number => (to - from + COUNT) % COUNT;
const uptimeAhead = (from: number, to: number): number => (to - from + UPTIME_SPAN) % UPTIME_SPAN;

/** Whether a box of this uptime is the one of the book, running all the while. */
function runsOn({ uptimeMs, saidAt }: LogBook, now: Mono, saidMs: number): boolean {
  const passed = elapsed(saidAt, now);
  const off = Math.abs(uptimeAhead(uptimeMs, saidMs) - passed);
  return Math.min(off, UPTIME_SPAN - off) <= SLACK_MS + passed * SLACK_SHARE;
}

/** The book after a hello: the same where the box ran on, else a new one from its start. */
export function opened(
  before: LogBook | undefined,
  { uptime_ms, log_next }: Of<"hello">,
  now: Mono,
): LogBook {
  const kept = before !== undefined && runsOn(before, now, uptime_ms) ? before : undefined;
  return {
    next: kept?.next ?? 0,
    end: log_next,
    uptimeMs: uptime_ms,
    saidAt: now,
    bereft: kept?.bereft ?? {},
    shedBy: kept?.shedBy,
  };
}

export const stated = (book: LogBook, { uptime_ms, log_next }: Of<"state">, now: Mono): LogBook => ({
  ...book,
  end: log_next,
  uptimeMs: uptime_ms,
  saidAt: now,
});

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

function switched(book: LogBook, entry: LogEntry, at: Epoch): Deed | undefined {
  const since = book.bereft[entry.channel];
  const forMs = since === undefined ? 0 : uptimeAhead(since, entry.at_ms);
  const reason = BY_ITSELF[entry.value]?.({ forMs }, book.shedBy);
  if (reason === undefined) return undefined;
  const on = entry.event === "output_on";
  return {
    ...{ kind: "switched", point: `relay_${entry.channel + 1}`, set: { kind: "switch", on }, reason, at },
    until: clause(on ? "until-box-told" : untilOff(reason)),
  };
}

const untilOff = ({ code }: Reason): Reason["code"] => {
  if (code.startsWith("box-shed") || code === "box-dead-bus") return "until-box-calm";
  return code === "box-estop" ? "until-released" : "until-box-told";
};

/** A condition of the box itself that this entry begins or ends. */
function met(entry: LogEntry, at: Epoch, device: string): Deed | undefined {
  const told = (kind: "box-shed" | "box-blind", event: "raised" | "cleared", reason: Reason): Deed => ({
    ...{ kind: "met", event, id: `${kind}/${device}`, severity: "warning", reason, at },
  });
  switch (entry.event) {
    case "shed_overload":
      return told("box-shed", "raised", clause("alarm-box-overload", { device, loadA: entry.value / 10 }));
    case "shed_sag":
      return told("box-shed", "raised", clause("alarm-box-sag", { device, voltageV: entry.value / 100 }));
    case "shed_frequency":
      return told(
        "box-shed",
        "raised",
        clause("alarm-box-frequency", { device, frequencyHz: entry.value / 100 }),
      );
    case "shed_over":
      return told("box-shed", "cleared", clause("box-shed-line"));
    case "measurement_lost":
      return told("box-blind", "raised", clause("alarm-box-blind", { device }));
    case "measurement_back":
      return told("box-blind", "cleared", clause("alarm-box-blind", { device }));
    default:
      return undefined;
  }
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
): { readonly book: LogBook; readonly deed?: Deed } {
  if (entry.index !== wanted(book)) return { book };
  const uptimeNow = book.uptimeMs + elapsed(book.saidAt, now);
  const past = uptimeAhead(entry.at_ms, Math.round(uptimeNow) % UPTIME_SPAN);
  // An event may be a little ahead of what the box last said of its uptime.
  const at = epoch(wall - (past > UPTIME_SPAN / 2 ? millis(0) : past));
  const { event, channel } = entry;
  const moved = channel !== NO_CHANNEL && (event === "output_on" || event === "output_off");
  const deed = moved ? switched(book, entry, at) : met(entry, at, device);
  const lost = event === "lease_ended" || event === "host_silent";
  return {
    book: {
      ...book,
      next: (entry.index + 1) % COUNT,
      bereft: lost ? { ...book.bereft, [channel]: entry.at_ms } : book.bereft,
      shedBy: event === "shed_over" ? undefined : event.startsWith("shed_") ? entry : book.shedBy,
    },
    ...(deed !== undefined && { deed }),
  };
}
