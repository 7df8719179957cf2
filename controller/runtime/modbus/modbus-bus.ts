// One physical bus and the devices on it: a single worker sends one request at a time, commands first, then the poll
// group whose deadline passed first. A device that is dead, slow or lying costs only itself: breaker, probe, deadline.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Device } from "@gridwright/contract/ports.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import type { Breaker } from "@gridwright/protocols/modbus/breaker.ts";
import { nextAction, type PollTurn } from "@gridwright/protocols/modbus/schedule.ts";
import { exchangeMs, type LineSpeed, lineShare, speedOf } from "@gridwright/protocols/modbus/wire-time.ts";
import { CommandQueue } from "./command-queue.ts";
import { Latencies, type Percentiles } from "./latencies.ts";
import type { Framing, Line } from "./line.ts";
import { createLink, type Link } from "./link.ts";
import { ModbusDevice } from "./modbus-device.ts";
import type { LineSource } from "./unit.ts";
import type { ModbusLink } from "./wire.ts";

export interface ModbusBusOptions {
  readonly link: ModbusLink;
  readonly devices: readonly DeviceModel[];
  /** Plant time: deadlines of polls, times of samplings. */
  readonly clock: Clock;
  /** Real time: deadlines of requests, back-off, breakers. */
  readonly io: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Plant seconds per real second; 1 unless told. */
  readonly speed?: () => number;
}

export interface BusHealth {
  readonly up: boolean;
  /** Why the link is down. */
  readonly why?: string;
  readonly requests: number;
  readonly timeouts: number;
  /** Frames that answered nothing: late answers, other masters, noise. */
  readonly strays: number;
  readonly connections: number;
  readonly breakers: Readonly<Record<string, Breaker["state"]>>;
  /** How long its last requests took, in ms. */
  readonly latency?: Percentiles;
  /** Time with a request under way since the start, in ms. */
  readonly busyMs: number;
  /** Serial lines: time that all bytes so far took on the wire, silences with them, in ms. */
  readonly wireMs?: number;
  /** Serial lines: share of the time that the polls as planned keep the line busy; more than 1 cannot be kept. */
  readonly planned?: number;
}

export interface ModbusBus {
  readonly devices: readonly Device[];
  health(): BusHealth;
  /**
   * Resolves when every poll of a live device that is due or under way now was taken, whatever came of it; at once without a link.
   * For a plant that waits for its controller.
   */
  idle(): Promise<void>;
  /** Answers so far, of all its devices. */
  answers(): number;
  close(): Promise<void>;
}

/** So many timeouts in a row, of all units, and the connection itself is in doubt: a cut cable sends no reset. */
const TIMEOUTS_TO_RECONNECT = 4;

/** Someone who waits for polls: for each, how often it had been taken when they came. */
interface Waiter {
  readonly turns: readonly { readonly turn: PollTurn; readonly rounds: number }[];
  resolve(): void;
}

/** Without a line there is nothing to do until it comes; it wakes the bus by itself. */
const LOOK_AGAIN = millis(60_000);

class Bus implements LineSource, ModbusBus {
  readonly framing: Framing;
  readonly io: Clock;
  readonly timeout;
  readonly devices: readonly ModbusDevice[];
  readonly #turns: readonly PollTurn[];
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #speed: LineSpeed | undefined;
  /** Share of the time that the plan needs of a serial line. */
  readonly #planned: number;
  #wireMs = 0;
  readonly #stop = new AbortController();
  readonly #commands = new CommandQueue(() => this.#wake.abort());
  #wake = new AbortController();
  #why: string | undefined = "not connected yet";
  #counts = { requests: 0, timeouts: 0, strays: 0, connections: 0 };
  #silent = 0;
  readonly #latencies = new Latencies();
  #waiters: Waiter[] = [];
  #last: Line | undefined;
  readonly #done: Promise<void>;

  constructor(options: ModbusBusOptions) {
    const { link, devices, clock, io, random, log } = options;
    this.framing = link.kind === "modbus-tcp" ? "mbap" : "rtu";
    this.timeout = link.timeout;
    this.io = io;
    this.#clock = clock;
    this.devices = devices.map(
      (model) => new ModbusDevice(model, { source: this, clock, commands: this.#commands }),
    );
    this.#turns = this.devices.flatMap((device) => device.turns);
    this.#speed = speedOf(link);
    const baud = this.#speed?.baud ?? Number.POSITIVE_INFINITY;
    this.#planned = devices.reduce((sum, device) => sum + lineShare(device, baud), 0);
    const delays = devices.map(({ profile }) =>
      profile.protocol === "modbus" ? profile.link.connectDelayMs : 0,
    );
    this.#link = createLink({
      link,
      connectDelay: millis(Math.max(0, ...delays)),
      io,
      random,
      log,
      speed: options.speed ?? (() => 1),
      onUp: (line) => this.#up(line),
      onDown: (why) => this.#down(why),
    });
    this.#done = this.#work();
  }

  line(): Line | undefined {
    return this.#link.line();
  }

  onSpent(ms: number, bytes: number): void {
    this.#latencies.note(ms);
    if (this.#speed !== undefined) this.#wireMs += exchangeMs(this.#speed, bytes);
  }

  onAnswer(): void {
    this.#counts.requests++;
    this.#silent = 0;
    this.#link.proven();
  }

  answers = (): number => this.#counts.requests - this.#counts.timeouts;

  onTimeout(): void {
    this.#counts.requests++;
    this.#counts.timeouts++;
    this.#silent++;
    if (this.#silent < TIMEOUTS_TO_RECONNECT) return;
    this.#silent = 0;
    this.line()?.close(`no answer to ${TIMEOUTS_TO_RECONNECT} requests in a row`);
  }

  #up(line: Line): void {
    this.#last = line;
    this.#why = undefined;
    this.#counts.connections++;
    for (const device of this.devices) device.renew();
    this.#wake.abort();
  }

  #down(why: string): void {
    this.#why = why;
    this.#counts.strays += this.#last?.strays() ?? 0;
    this.#last = undefined;
    this.#tellWaiters();
    for (const device of this.devices) device.lost(why);
    this.#commands.clear(new GridwrightError("link-down", why));
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      await this.#commands.drain();
      this.#tellWaiters();
      if (this.line() === undefined) await this.#sleep(this.io.sleep(LOOK_AGAIN, this.#wake.signal));
      else await this.#actOrWait();
    }
  }

  idle(): Promise<void> {
    const now = this.#clock.now();
    const turns = this.devices
      .flatMap((device) => (device.breaker() === "closed" ? device.turns : []))
      .filter(({ dueAt, inFlight }) => inFlight || dueAt <= now)
      .map((turn) => ({ turn, rounds: turn.rounds }));
    if (this.line() === undefined || turns.length === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#waiters.push({ turns, resolve }));
  }

  #tellWaiters(): void {
    const gone = this.line() === undefined;
    this.#waiters = this.#waiters.filter(({ turns, resolve }) => {
      const waits = !gone && turns.some(({ turn, rounds }) => turn.rounds <= rounds);
      if (!waits) resolve();
      return waits;
    });
  }

  async #actOrWait(): Promise<void> {
    const now = { plant: this.#clock.now(), io: this.io.now() };
    const choice = nextAction({ commands: this.#commands.waiting, turns: this.#turns }, now);
    if (choice.kind === "command") return this.#commands.drain();
    if (choice.kind === "read") return choice.turn.take(() => this.#commands.drain());
    const { signal } = this.#wake;
    await this.#sleep(
      Promise.race([this.#clock.sleep(choice.plant, signal), this.io.sleep(choice.io, signal)]),
    );
    // Ends the sleep that lost the race.
    this.#wake.abort();
  }

  /** Waking up early is no error. */
  async #sleep(sleeping: Promise<void>): Promise<void> {
    await sleeping.catch((error: unknown) => {
      if (!this.#wake.signal.aborted) throw error;
    });
  }

  health(): BusHealth {
    const breakers = Object.fromEntries(this.devices.map((device) => [device.id, device.breaker()]));
    const latency = this.#latencies.percentiles();
    const strays = this.#counts.strays + (this.#last?.strays() ?? 0);
    return {
      up: this.line() !== undefined,
      ...(this.#why && { why: this.#why }),
      ...this.#counts,
      strays,
      breakers,
      ...(latency && { latency }),
      busyMs: this.#latencies.busyMs,
      ...(this.#speed && { wireMs: this.#wireMs, planned: this.#planned }),
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#commands.clear(new GridwrightError("link-down", "closed by us"));
    await this.#link.close();
    this.#wake.abort();
    await this.#done;
    this.#tellWaiters();
  }
}

/** Connects at once and polls until closed; a link that is not there is tried again and again, never an error. */
export const createModbusBus = (options: ModbusBusOptions): ModbusBus => new Bus(options);
