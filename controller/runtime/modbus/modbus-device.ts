// A Modbus or SunSpec device as the device port: samplings of whole poll groups, commands that are read back. Its bus
// gives it its turns; it keeps no timer of its own.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command, Device, Sampling } from "@gridwright/contract/ports.ts";
import type { PollClass } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { later, type Mono, millis, mono } from "@gridwright/contract/units.ts";
import type { CommandPlan } from "@gridwright/protocols/modbus/commands.ts";
import type { Breaker } from "./breaker.ts";
import type { CommandQueue } from "./command-queue.ts";
import { RegisterDevice, refused } from "./register-device.ts";
import { nextDue, type Turn } from "./schedule.ts";
import { isRefusal, type LineSource, Unit } from "./unit.ts";

/** A poll group that waits for its turn. */
export interface PollTurn extends Turn {
  /** How often it was taken, whatever came of it. */
  readonly rounds: number;
  readonly inFlight: boolean;
  /** Reads the group and tells the listeners; never rejects for what the device did. */
  take(between: () => Promise<void>): Promise<void>;
}

export interface DeviceSurroundings {
  readonly source: LineSource;
  readonly clock: Clock;
  readonly commands: CommandQueue;
}

/** A relay or inverter may take a moment until its register shows what was written. */
const READBACKS_MAX = 4;
const READBACK_PAUSE = millis(25);
const NEVER = mono(Number.NEGATIVE_INFINITY);

interface Standing extends PollTurn {
  readonly poll: PollClass;
  dueAt: Mono;
  readAt: Mono;
  rounds: number;
  inFlight: boolean;
}

export class ModbusDevice implements Device {
  readonly id: string;
  readonly #around: DeviceSurroundings;
  readonly #unit: Unit;
  readonly #registers: RegisterDevice;
  readonly #standings: readonly Standing[];
  readonly #listeners = new Set<(sampling: Sampling) => void>();
  #errors = 0;
  #lastError: string | undefined;

  constructor(model: DeviceModel, around: DeviceSurroundings) {
    this.id = model.id;
    this.#around = around;
    this.#unit = new Unit(around.source, model.spec.unit);
    this.#registers = new RegisterDevice(model, this.#unit);
    this.#standings = this.#registers.groups.map(({ poll, periodMs }) => this.#standing(poll, periodMs));
  }

  #standing(poll: PollClass, periodMs: number): Standing {
    const standing: Standing = {
      poll,
      periodMs,
      dueAt: this.#around.clock.now(),
      readAt: NEVER,
      rounds: 0,
      inFlight: false,
      take: async (between) => {
        standing.inFlight = true;
        await this.#take(standing, between);
        standing.inFlight = false;
        standing.rounds++;
      },
    };
    return standing;
  }

  onSampling(listener: (sampling: Sampling) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  status(): { readonly errors: number; readonly lastError?: string } {
    return { errors: this.#errors, ...(this.#lastError !== undefined && { lastError: this.#lastError }) };
  }

  breaker(): Breaker["state"] {
    return this.#unit.breaker();
  }

  /** A new connection: everything is due at once, nothing is known of the device. */
  renew(): void {
    this.#registers.renew();
    for (const standing of this.#standings) standing.dueAt = this.#around.clock.now();
  }

  /** The connection went. */
  lost(why: string): void {
    this.#errors++;
    this.#lastError = why;
  }

  /** The poll groups of this device, always the same objects. */
  get turns(): readonly PollTurn[] {
    return this.#standings;
  }

  async #take(standing: Standing, between: () => Promise<void>): Promise<void> {
    const { clock, source } = this.#around;
    const at = clock.now();
    standing.dueAt = nextDue(standing, at);
    if (!this.#unit.mayAsk()) {
      standing.dueAt = later(at, millis(standing.periodMs));
      return;
    }
    standing.readAt = source.io.now();
    try {
      const samples = await this.#registers.poll(standing.poll, between);
      this.#lastError = undefined;
      for (const listener of this.#listeners) listener({ device: this.id, at, samples });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Counts what the device did; anything else is a bug and goes on up. */
  #fail(error: unknown): void {
    if (!(error instanceof GridwrightError) || error.code === "internal") throw error;
    this.#errors++;
    this.#lastError = error.message;
  }

  command(command: Command, signal: AbortSignal): Promise<void> {
    if (this.#around.source.line() === undefined)
      return Promise.reject(this.#named(new GridwrightError("link-down", "there is no connection")));
    return this.#around.commands.push(() => this.#execute(command), signal);
  }

  #named(error: GridwrightError): GridwrightError {
    return new GridwrightError(error.code, `${this.id}: ${error.message}`, {
      place: { device: this.id },
      cause: error,
    });
  }

  async #execute(command: Command): Promise<void> {
    try {
      const plan = await this.#registers.plan(command);
      await this.#send(plan, command.point);
      for (const standing of this.#standings) standing.dueAt = this.#around.clock.now();
    } catch (error) {
      if (!(error instanceof GridwrightError)) throw error;
      this.#errors++;
      this.#lastError = error.message;
      throw this.#named(error);
    }
  }

  /** Each write goes out once. When its answer is lost, reading back tells whether it was heard. */
  async #send(plan: CommandPlan, point: string): Promise<void> {
    const lost = await this.#writeAll(plan, point);
    for (let attempt = 0; attempt < READBACKS_MAX; attempt++) {
      if (attempt > 0) await this.#around.source.io.sleep(READBACK_PAUSE);
      if (await this.#shows(plan)) return;
    }
    throw lost ?? new GridwrightError("write-not-verified", `${point} was accepted but does not show it`);
  }

  /** Stops at the first write whose answer is lost and gives that error; rejects for any other. */
  async #writeAll({ writes }: CommandPlan, point: string): Promise<GridwrightError | undefined> {
    for (const write of writes) {
      try {
        const refusal = await this.#unit.write(write);
        if (refusal !== undefined) throw refused(refusal, point);
      } catch (error) {
        if (!(error instanceof GridwrightError) || error.code !== "request-timeout") throw error;
        return error;
      }
    }
    return undefined;
  }

  async #shows({ verify }: CommandPlan): Promise<boolean> {
    for (const { span, words } of verify) {
      const answer = await this.#unit.read(span);
      if (isRefusal(answer)) throw refused(answer, "reading back");
      if (answer.some((word, index) => word !== words[index])) return false;
    }
    return true;
  }

  /** The bus owns the connection; a device alone has nothing to close. */
  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
