// One unit behind a line: reads and writes with what a line cannot know of itself: a breaker for a dead device, and a
// probe after a timeout on RTU framing. A refusal is a value; silence and nonsense are thrown.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { elapsed, type Millis } from "@gridwright/contract/units.ts";
import {
  type Breaker,
  type BreakerEvent,
  CLOSED,
  mayAsk,
  nextBreaker,
} from "@gridwright/protocols/modbus/breaker.ts";
import type { Write } from "@gridwright/protocols/modbus/commands.ts";
import type { Span } from "@gridwright/protocols/modbus/plan.ts";
import type { Refusal } from "@gridwright/protocols/modbus/server.ts";
import type { Framing, Line } from "./line.ts";
import { type Asked, createPduCodec, type PduCodec } from "./pdu-codec.ts";
import { probeFor } from "./probe.ts";

/** What units share: the line of the moment, and who wants to know how it goes. */
export interface LineSource {
  readonly framing: Framing;
  readonly io: Clock;
  readonly timeout: Millis;
  line(): Line | undefined;
  onAnswer(): void;
  onTimeout(): void;
  /** Told how long each request took, answered or not, and how many bytes of PDUs it put on the wire. */
  onSpent?(ms: Millis, bytes: number): void;
}

/** Exceptions of a gateway that got nothing from the device behind it: the device is silent, not unwilling. */
const SILENT_BEHIND_GATEWAY: readonly number[] = [10, 11];

export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === "object" && answer !== null && "exception" in answer;

export class Unit {
  readonly #source: LineSource;
  readonly #unit: number;
  #codec: PduCodec = createPduCodec();
  #breaker: Breaker = CLOSED;
  readonly #outstanding = new Set<number>();

  constructor(source: LineSource, unit: number) {
    this.#source = source;
    this.#unit = unit;
  }

  /**
   * A new connection gets a new codec. The breaker stays, and so does what may still come late: a gateway hands it to
   * whoever is connected then.
   */
  renew(): void {
    this.#codec = createPduCodec();
  }

  mayAsk(): boolean {
    return mayAsk(this.#breaker, this.#source.io.now());
  }

  breaker(): Breaker["state"] {
    return this.#breaker.state;
  }

  #note(event: BreakerEvent): void {
    const { io, timeout } = this.#source;
    this.#breaker = nextBreaker(this.#breaker, event, { now: io.now(), timeout });
  }

  /** Reads a span. Rejects with `link-down`, `request-timeout` or `reply-malformed`. */
  async read(span: Span): Promise<readonly number[] | Refusal> {
    await this.#settle(span);
    return this.#exchange(this.#codec.read(span));
  }

  /**
   * Writes once, whatever happens; the caller reads back, since a late echo may pass for this one's.
   * Rejects as `read` does.
   */
  async write(write: Write): Promise<Refusal | undefined> {
    const answer = await this.#exchange(this.#codec.write(write));
    return isRefusal(answer) ? answer : undefined;
  }

  /** Makes sure that no older answer is on its way, by a read near `span`. */
  async #settle(span: Span): Promise<void> {
    if (this.#outstanding.size === 0) return;
    await this.#exchange(this.#codec.read(probeFor(span, this.#outstanding)));
    this.#outstanding.clear();
  }

  async #exchange<T>(asked: Asked<T>): Promise<T | Refusal> {
    const { timeout } = this.#source;
    const line = this.#source.line();
    if (line === undefined) throw new GridwrightError("link-down", "there is no connection");
    this.#note("asked");
    const response = await this.#ask(line, asked, timeout);
    const [code = 0, exception = 0] = response;
    if (code < 0x80) {
      this.#answered();
      return asked.parse(response);
    }
    if (SILENT_BEHIND_GATEWAY.includes(exception)) {
      this.#note("failed");
      throw new GridwrightError("request-timeout", `the gateway got no answer (exception ${exception})`);
    }
    this.#answered();
    return { exception: exception as Refusal["exception"] };
  }

  #answered(): void {
    this.#note("answered");
    this.#source.onAnswer();
  }

  async #ask<T>(line: Line, asked: Asked<T>, timeout: Millis): Promise<Uint8Array> {
    const begun = this.#source.io.now();
    let bytes = asked.pdu.length;
    try {
      const { pdu, answers } = asked;
      const response = await line.request({ unit: this.#unit, pdu, answers, timeout });
      bytes += response.length;
      return response;
    } catch (error) {
      if (error instanceof GridwrightError && error.code !== "link-down") this.#note("failed");
      if (error instanceof GridwrightError && error.code === "request-timeout") {
        if (this.#source.framing === "rtu") this.#outstanding.add(asked.length);
        this.#source.onTimeout();
        await line.quiet();
      }
      throw error;
    } finally {
      this.#source.onSpent?.(elapsed(begun, this.#source.io.now()), bytes);
    }
  }
}
