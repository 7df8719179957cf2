// One connection to a Modbus device, gateway or serial line: a deadline on each request, frames checked before anything
// is believed, everything pending rejected when the wire goes. RTU has one request in flight; Modbus TCP as many as the
// caller dares, up to a limit. It never reconnects: link.ts makes a new one.
import type { Clock } from "@gridwright/contract/clock.ts";
import { type ErrorCode, GridwrightError } from "@gridwright/contract/errors.ts";
import { elapsed, later, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  responseLength,
} from "@gridwright/protocols/modbus/frame.ts";
import { Deadlines } from "./deadlines.ts";
import type { Wire } from "./wire.ts";

export type Framing = "mbap" | "rtu";

export interface LineRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Whether this response PDU could be the answer. */
  answers(response: Uint8Array): boolean;
  readonly timeout: Millis;
}

/** Most requests in flight on one Modbus TCP connection. */
export const PIPELINE_MAX = 16;
/** Silence on an RTU line after a timeout. A gateway's late answer comes at once when the slave has spoken. */
const GUARD = millis(40);
/** After this many guard times the line counts as noisy and is used nevertheless: frames are checked anyway. */
const GUARDS_MAX = 5;
const EXCEPTION_LENGTH = 2;

interface Received {
  readonly unit: number;
  readonly pdu: Uint8Array;
  readonly transaction?: number;
}
interface Reader {
  read(chunk: Uint8Array): { readonly frames: readonly Received[]; readonly broken: boolean };
  reset(): void;
}

function createReader(framing: Framing): Reader {
  if (framing === "mbap") return { read: createMbapReader(), reset: () => undefined };
  const rtu = createRtuReader(responseLength);
  return { read: (chunk) => ({ frames: rtu.read(chunk), broken: false }), reset: rtu.reset };
}

interface Pending {
  readonly request: LineRequest;
  readonly deadline: Mono;
  resolve(pdu: Uint8Array): void;
  reject(error: GridwrightError): void;
}

/** What a received frame is to the request it may belong to. */
function judge(frame: Received, pending: Pending | undefined): "answer" | "malformed" | "stray" {
  if (pending === undefined || frame.unit !== pending.request.unit) return "stray";
  const code = pending.request.pdu[0] ?? 0;
  const exception = frame.pdu[0] === (code | 0x80) && frame.pdu.length === EXCEPTION_LENGTH;
  if (exception || pending.request.answers(frame.pdu)) return "answer";
  // Modbus TCP names the request it answers: nothing better will come. On RTU it may be a late answer to an older one.
  return frame.transaction === undefined ? "stray" : "malformed";
}

export class Line {
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
  readonly #wire: Wire;
  readonly #framing: Framing;
  readonly #io: Clock;
  readonly #reader: Reader;
  /** By transaction. */
  readonly #pending = new Map<number, Pending>();
  readonly #deadlines: Deadlines;
  #transaction = 0;
  #strays = 0;
  #heardAt: Mono;
  #reason = "closed by the other side";

  /** Takes an open wire over. */
  constructor(wire: Wire, framing: Framing, io: Clock) {
    this.#wire = wire;
    this.#framing = framing;
    this.#io = io;
    this.#reader = createReader(framing);
    this.#heardAt = io.now();
    this.#deadlines = new Deadlines(io, (now) => this.#expire(now));
    wire.on("data", (chunk) => this.#hear(chunk));
    wire.on("error", (error) => {
      this.#reason = error.message;
    });
    this.closed = new Promise((resolve) => {
      wire.once("close", () => {
        this.#deadlines.close();
        for (const transaction of [...this.#pending.keys()])
          this.#fail(transaction, "link-down", this.#reason);
        resolve(this.#reason);
      });
    });
  }

  #hear(chunk: Uint8Array): void {
    this.#heardAt = this.#io.now();
    const { frames, broken } = this.#reader.read(chunk);
    for (const frame of frames) this.#take(frame);
    if (broken) this.close("it sent bytes that are not Modbus TCP");
  }

  #take(frame: Received): void {
    const transaction = frame.transaction ?? this.#transaction;
    const pending = this.#pending.get(transaction);
    const verdict = judge(frame, pending);
    if (verdict === "stray") this.#strays++;
    else if (verdict === "malformed")
      this.#fail(transaction, "reply-malformed", "answered with another function or length than was asked");
    else {
      this.#pending.delete(transaction);
      pending?.resolve(frame.pdu);
    }
  }

  #fail(transaction: number, code: ErrorCode, message: string): void {
    const pending = this.#pending.get(transaction);
    this.#pending.delete(transaction);
    pending?.reject(new GridwrightError(code, message));
  }

  /** Fails what is over; gives the next deadline. */
  #expire(now: Mono): Mono | undefined {
    let next: Mono | undefined;
    for (const [transaction, { deadline, request }] of this.#pending)
      if (deadline <= now)
        this.#fail(transaction, "request-timeout", `no answer within ${request.timeout} ms`);
      else if (next === undefined || deadline < next) next = deadline;
    return next;
  }

  /**
   * Sends one request and gives the PDU of its answer, which may be an exception.
   * Rejects with `request-timeout`, `reply-malformed` or `link-down`; `internal` when too many are in flight.
   */
  async request(request: LineRequest): Promise<Uint8Array> {
    const silence = this.#wire.silenceMs;
    if (silence !== undefined) {
      const rest = silence - elapsed(this.#heardAt, this.#io.now());
      if (rest > 0) await this.#io.sleep(millis(rest));
    }
    return this.#exchange(request);
  }

  #exchange(request: LineRequest): Promise<Uint8Array> {
    if (this.#wire.destroyed) return Promise.reject(new GridwrightError("link-down", this.#reason));
    if (this.#pending.size >= (this.#framing === "rtu" ? 1 : PIPELINE_MAX))
      return Promise.reject(new GridwrightError("internal", "too many requests on one Modbus line"));
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const transaction = this.#transaction;
    const deadline = later(this.#io.now(), request.timeout);
    return new Promise((resolve, reject) => {
      this.#pending.set(transaction, { request, deadline, resolve, reject });
      this.#reader.reset();
      this.#wire.write(
        this.#framing === "mbap" ? encodeMbap({ ...request, transaction }) : encodeRtu(request),
      );
      this.#deadlines.add(deadline);
    });
  }

  /** Resolves when nothing came for a guard time: what a late device still had to say is gone. */
  async quiet(): Promise<void> {
    for (let round = 0; this.#framing === "rtu" && round < GUARDS_MAX; round++) {
      const silent = elapsed(this.#heardAt, this.#io.now());
      if (round > 0 && silent >= GUARD) return;
      await this.#io.sleep(millis(round === 0 ? GUARD : GUARD - silent));
    }
  }

  /** Frames that answered nothing that was asked. */
  strays(): number {
    return this.#strays;
  }

  close(why = "closed by us"): void {
    if (!this.#wire.destroyed) this.#reason = why;
    this.#wire.destroy();
  }
}
