// Looks who is there behind one link: unit after unit, one connection, one request at a time, each with a deadline. It
// only reads. A unit that lets its questions pass unanswered is taken as absent.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Profile } from "@gridwright/contract/profile.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";
import type { Question, Reply } from "@gridwright/protocols/identify/asking.ts";
import { type Identity, identify } from "@gridwright/protocols/identify/identify.ts";
import { type FoundUnit, isSame } from "@gridwright/protocols/identify/propose.ts";
import type { LineRequest } from "../modbus/line.ts";
import { createPduCodec } from "../modbus/pdu-codec.ts";
import type { ModbusLink } from "../modbus/wire.ts";
import { type Exchange, openExchange } from "./exchange.ts";

/** Ids that devices leave the factory with: most; SMA, Kostal, Victron, Fronius meters and Goodwe have their own. */
export const LIKELY_UNITS: readonly number[] = [1, 2, 3, 71, 100, 126, 200, 225, 227, 240, 247];
export const ALL_UNITS: readonly number[] = [
  ...LIKELY_UNITS,
  ...Array.from({ length: 247 }, (_, index) => index + 1).filter((unit) => !LIKELY_UNITS.includes(unit)),
];

export interface ScanProgress {
  readonly unit: number;
  readonly done: number;
  readonly of: number;
  readonly found: number;
}

export interface ScanOptions {
  readonly link: ModbusLink;
  readonly units: readonly number[];
  readonly profiles: readonly Profile[];
  readonly io: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Some inverters want a second between connecting and the first request. */
const CONNECT_PAUSE = seconds(1);
/** Questions that a silent unit is asked: one at first, and more once nobody at all has answered. */
const PATIENCE = [1, 2] as const;
/** Questions in a row that a device let pass: it does not refuse what it lacks, and asking on would take minutes. */
const ROW_MAX = 8;
/** Connections lost in a row: the device does not want to be asked. */
const LOSSES_MAX = 3;
/** A gateway says by these that nobody answers behind it. */
const NOBODY: readonly number[] = [10, 11];
const TABLES = { holding: 3, input: 4 } as const;

const codec = createPduCodec();

/** The request of a question, with the test of its answer. */
function requestOf(question: Question, unit: number, timeout: Millis): LineRequest {
  if (question.kind === "read") {
    const { pdu, answers } = codec.read(question);
    return { unit, pdu, answers, timeout };
  }
  const [code] = question.pdu;
  return { unit, pdu: question.pdu, answers: (response) => response[0] === code, timeout };
}

/** What a response says; undefined: the device refused. */
function replyOf(question: Question, response: Uint8Array): Reply | "nobody" | undefined {
  const [code = 0, exception = 0] = response;
  if (code >= 0x80) return NOBODY.includes(exception) ? "nobody" : undefined;
  if (question.kind === "other") return { pdu: response };
  if (code !== TABLES[question.table]) return undefined;
  const words = Array.from(
    { length: question.count },
    (_, index) => ((response[2 + index * 2] ?? 0) << 8) | (response[3 + index * 2] ?? 0),
  );
  return { words };
}

class Scan {
  readonly #options: ScanOptions;
  #exchange: Exchange | undefined;
  #losses = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  async #open(): Promise<Exchange> {
    const { link, io, signal } = this.#options;
    this.#exchange ??= await openExchange(link, io, { signal, pause: CONNECT_PAUSE });
    return this.#exchange;
  }

  close(): void {
    this.#exchange?.close();
    this.#exchange = undefined;
  }

  /** The answer to one question; "silent" when none came, also when the connection went over it. */
  async #ask(question: Question, unit: number): Promise<Reply | "nobody" | "silent" | undefined> {
    const { link, io } = this.#options;
    const { line, framing } = await this.#open();
    try {
      const response = await line.request(requestOf(question, unit, link.timeout));
      this.#losses = 0;
      return replyOf(question, response);
    } catch (error) {
      if (!(error instanceof GridwrightError) || error.code === "internal") throw error;
      if (error.code === "reply-malformed") return undefined;
      if (error.code === "link-down") this.#lost(error);
      // On RTU a late answer carries no number: it must be gone before the next question.
      else if (framing === "rtu") await io.sleep(link.timeout);
      return "silent";
    }
  }

  #lost(error: GridwrightError): void {
    this.close();
    this.#losses++;
    if (this.#losses >= LOSSES_MAX)
      throw new GridwrightError(
        "link-down",
        `The connection was closed ${LOSSES_MAX} times in a row (${error.message}). Another program may hold the device's only connection: end it, then scan again.`,
        { cause: error },
      );
  }

  /** Who answers under a unit id; undefined: nobody. */
  async identify(unit: number, silencesMax: number): Promise<Identity | undefined> {
    const { profiles, signal } = this.#options;
    const asking = identify(profiles);
    let step = asking.next();
    let [silences, present] = [0, false];
    while (!step.done) {
      if (signal.aborted) return undefined;
      const reply = silences < ROW_MAX ? await this.#ask(step.value, unit) : "silent";
      const heard = reply === "silent" || reply === "nobody" ? undefined : { reply };
      silences = heard ? 0 : silences + 1;
      present ||= heard !== undefined;
      if (!present && silences >= silencesMax) return undefined;
      step = asking.next(heard?.reply);
    }
    return present ? step.value : undefined;
  }
}

async function pass(scanning: Scan, options: ScanOptions, silencesMax: number): Promise<FoundUnit[]> {
  const { units, onProgress, signal } = options;
  const found: FoundUnit[] = [];
  for (const [done, unit] of units.entries()) {
    if (signal.aborted) break;
    onProgress?.({ unit, done, of: units.length, found: found.length });
    const identity = await scanning.identify(unit, silencesMax);
    if (identity === undefined) continue;
    const first = found.find((other) => other.sameAs === undefined && isSame(other.identity, identity));
    found.push({ unit, identity, ...(first && { sameAs: first.unit }) });
  }
  return found;
}

/** Every unit that answers; those found so far when it is ended early. Rejects with `link-down` when the place does not, or ends all connections. */
export async function scan(options: ScanOptions): Promise<readonly FoundUnit[]> {
  const scanning = new Scan(options);
  try {
    for (const silencesMax of PATIENCE) {
      const found = await pass(scanning, options, silencesMax);
      if (found.length > 0 || options.signal.aborted) return found.toSorted((a, b) => a.unit - b.unit);
    }
    return [];
  } finally {
    scanning.close();
  }
}
