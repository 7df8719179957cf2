// A Modbus or SunSpec device as the device port: samplings of whole poll groups, commands that are read back. Its bus
// gives it its turns; it keeps no timer of its own.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command, Device, DeviceTrouble, Sampling } from "@gridwright/contract/ports.ts";
import type { PollClass, Profile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import type { Breaker } from "@gridwright/protocols/modbus/breaker.ts";
import { writeRuleOf } from "@gridwright/protocols/modbus/commands.ts";
import { dueAfter, type PollTurn } from "@gridwright/protocols/modbus/schedule.ts";
import type { CommandQueue } from "./command-queue.ts";
import { heartbeatTurn } from "./heartbeat.ts";
import { RegisterDevice, refused } from "./register-device.ts";
import { Rewrite } from "./rewrites.ts";
import { type LineSource, Unit } from "./unit.ts";
import { type WriteRule, Writer } from "./writer.ts";

export interface DeviceSurroundings {
  readonly source: LineSource;
  readonly clock: Clock;
  readonly commands: CommandQueue;
}

/** Written only where a trial write succeeded, or the profile was tried on hardware. */
const wantsHeartbeat = ({ profile, spec }: DeviceModel): boolean =>
  profile.protocol === "sunspec" &&
  profile.heartbeat !== undefined &&
  (spec.writesTried === true || profile.tried !== "simulated");

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
  readonly #writer: Writer;
  /** By point, for those whose device forgets what is not written again. */
  readonly #rewrites = new Map<string, Rewrite>();
  readonly #turns: readonly PollTurn[];
  readonly #listeners = new Set<(sampling: Sampling) => void>();
  readonly #profile: Profile;
  #errors = 0;
  #lastError: string | undefined;

  constructor(model: DeviceModel, around: DeviceSurroundings) {
    this.id = model.id;
    this.#around = around;
    this.#unit = new Unit(around.source, model.spec.unit);
    this.#registers = new RegisterDevice(model, this.#unit, () => around.clock.now());
    this.#profile = model.profile;
    this.#writer = new Writer(this.#unit, { plant: around.clock, io: around.source.io });
    this.#standings = this.#registers.groups.map(({ poll, periodMs }) => this.#standing(poll, periodMs));
    for (const point of model.points) {
      const every = this.#ruleOf(point)?.rewriteMs;
      if (every !== undefined) this.#rewrites.set(point, new Rewrite(every));
    }
    this.#turns = [
      ...this.#standings,
      ...[...this.#rewrites].map(([point, rewrite]) => this.#rewriteTurn(point, rewrite)),
      ...(wantsHeartbeat(model) ? [this.#heartbeat()] : []),
    ];
  }

  #heartbeat(): PollTurn {
    const { clock: plant, source } = this.#around;
    return heartbeatTurn({
      ...{ plant, io: source.io },
      place: async () => (this.#unit.mayAsk() ? this.#registers.heartbeatAt() : undefined),
      write: async (write) => {
        const refusal = await this.#unit.write(write);
        if (refusal !== undefined) throw refused(refusal, "the heartbeat");
      },
      failed: (error) => this.#fail(error),
    });
  }

  #ruleOf(point: string): WriteRule | undefined {
    return this.#profile.protocol === "modbus" ? writeRuleOf(this.#profile, point) : undefined;
  }

  #rewriteTurn(point: string, rewrite: Rewrite): PollTurn {
    const turn = {
      periodMs: rewrite.periodMs,
      get dueAt() {
        return rewrite.dueAt;
      },
      readAt: NEVER,
      rounds: 0,
      inFlight: false,
      take: async (): Promise<void> => {
        turn.readAt = this.#around.source.io.now();
        turn.inFlight = true;
        await this.#rewrite(point, rewrite);
        turn.inFlight = false;
        turn.rounds++;
      },
    };
    return turn;
  }

  async #rewrite(point: string, rewrite: Rewrite): Promise<void> {
    const plan = rewrite.next(this.#around.clock.now());
    if (plan === undefined) return;
    try {
      const lost = await this.#writer.writeAll(plan, point);
      if (lost !== undefined) throw lost;
    } catch (error) {
      rewrite.failed(this.#around.clock.now());
      this.#fail(error);
    }
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

  status(): DeviceTrouble {
    const spentWrites = this.#writer.spent();
    return {
      ...{ errors: this.#errors, breaker: this.breaker() },
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
      ...(spentWrites.length > 0 && { spentWrites }),
    };
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

  /** The poll groups and re-writes of this device, always the same objects. */
  get turns(): readonly PollTurn[] {
    return this.#turns;
  }

  async #take(standing: Standing, between: () => Promise<void>): Promise<void> {
    const { clock, source } = this.#around;
    const at = clock.now();
    const asked = this.#unit.mayAsk();
    standing.dueAt = dueAfter(standing, { now: at, asked });
    if (!asked) return;
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
      const rule = this.#ruleOf(command.point);
      await this.#writer.send(plan, command.point, rule);
      this.#rewrites.get(command.point)?.hold(plan, this.#around.clock.now(), command.leaseMs);
      for (const standing of this.#standings) standing.dueAt = this.#around.clock.now();
    } catch (error) {
      if (!(error instanceof GridwrightError)) throw error;
      this.#errors++;
      this.#lastError = error.message;
      throw this.#named(error);
    }
  }

  /** The bus owns the connection; a device alone has nothing to close. */
  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
