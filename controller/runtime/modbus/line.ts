// One TCP connection to a Modbus device or gateway: one request in flight, a deadline on each, frames checked before
// anything is believed, everything pending rejected when the socket goes. It never reconnects: link.ts makes a new one.
import type { Socket } from "node:net";
import type { Clock } from "@gridwright/contract/clock.ts";
import { type ErrorCode, GridwrightError } from "@gridwright/contract/errors.ts";
import { elapsed, type Millis, type Mono, millis } from "@gridwright/contract/units.ts";
import {
  createMbapReader,
  createRtuReader,
  encodeMbap,
  encodeRtu,
  responseLength,
} from "@gridwright/protocols/modbus/frame.ts";

export type Framing = "mbap" | "rtu";

export interface LineRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Whether this response PDU could be the answer. */
  answers(response: Uint8Array): boolean;
  readonly timeout: Millis;
}

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
  readonly transaction: number;
  done(pdu: Uint8Array): void;
  fail(code: ErrorCode, message: string): void;
}

/** What a received frame is to the request in flight. */
function judge(frame: Received, pending: Pending | undefined): "answer" | "malformed" | "stray" {
  if (pending === undefined || frame.unit !== pending.request.unit) return "stray";
  if (frame.transaction !== undefined && frame.transaction !== pending.transaction) return "stray";
  const code = pending.request.pdu[0] ?? 0;
  const exception = frame.pdu[0] === (code | 0x80) && frame.pdu.length === EXCEPTION_LENGTH;
  if (exception || pending.request.answers(frame.pdu)) return "answer";
  // Modbus TCP names the request it answers: nothing better will come. On RTU it may be a late answer to an older one.
  return frame.transaction === undefined ? "stray" : "malformed";
}

export class Line {
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #io: Clock;
  readonly #reader: Reader;
  #pending: Pending | undefined;
  #transaction = 0;
  #strays = 0;
  #heardAt: Mono;
  #reason = "closed by the other side";

  /** Takes a connected socket over. */
  constructor(socket: Socket, framing: Framing, io: Clock) {
    this.#socket = socket;
    this.#framing = framing;
    this.#io = io;
    this.#reader = createReader(framing);
    this.#heardAt = io.now();
    socket.on("data", (chunk) => this.#hear(chunk));
    socket.on("error", (error) => {
      this.#reason = error.message;
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#pending?.fail("link-down", this.#reason);
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
    const verdict = judge(frame, this.#pending);
    if (verdict === "stray") this.#strays++;
    else if (verdict === "answer") this.#pending?.done(frame.pdu);
    else this.#pending?.fail("reply-malformed", "answered with another function or length than was asked");
  }

  /**
   * Sends one request and gives the PDU of its answer, which may be an exception.
   * Rejects with `request-timeout`, `reply-malformed` or `link-down`; `internal` when another is in flight.
   */
  request(request: LineRequest): Promise<Uint8Array> {
    if (this.#socket.destroyed) return Promise.reject(new GridwrightError("link-down", this.#reason));
    if (this.#pending !== undefined)
      return Promise.reject(new GridwrightError("internal", "two requests on one Modbus line"));
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const transaction = this.#transaction;
    return new Promise((resolve, reject) => {
      const deadline = new AbortController();
      const settle = (finish: () => void): void => {
        if (this.#pending !== mine) return;
        this.#pending = undefined;
        deadline.abort();
        finish();
      };
      const mine: Pending = {
        request,
        transaction,
        done: (pdu) => settle(() => resolve(pdu)),
        fail: (code, message) => settle(() => reject(new GridwrightError(code, message))),
      };
      this.#send(mine);
      this.#io.sleep(request.timeout, deadline.signal).then(
        () => mine.fail("request-timeout", `no answer within ${request.timeout} ms`),
        // Rejects only when the request was settled before.
        () => undefined,
      );
    });
  }

  #send(pending: Pending): void {
    const { request, transaction } = pending;
    this.#pending = pending;
    this.#reader.reset();
    this.#socket.write(
      this.#framing === "mbap" ? encodeMbap({ ...request, transaction }) : encodeRtu(request),
    );
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
    if (!this.#socket.destroyed) this.#reason = why;
    this.#socket.destroy();
  }
}
