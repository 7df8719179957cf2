// A Modbus bus of the simulation: one request at a time, by the very schedule and breakers that the client uses.
// Requests take their time on the wire; a silent device costs its timeout; a write is read back.
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import type { Link } from "@gridwright/contract/site/site.ts";
import { millis, mono } from "@gridwright/contract/units.ts";
import {
  type Breaker,
  type BreakerEvent,
  CLOSED,
  mayAsk,
  nextBreaker,
} from "@gridwright/protocols/modbus/breaker.ts";
import { dueAfter, nextAction, type Turn } from "@gridwright/protocols/modbus/schedule.ts";
import { exchangeMs, speedOf } from "@gridwright/protocols/modbus/wire-time.ts";
import { groupReader, type PollGroup } from "./read-plant.ts";
import type { LinkMode } from "./trouble.ts";
import { carry, type Job, obey, type SimLink, type Surroundings } from "./wire.ts";

type ModbusKind = Exclude<Link, { kind: "mqtt" | "box" }>;

/** What a device takes to begin its answer, and a TCP round trip, ms. */
const TURNAROUND_MS = 10;
/** Registers of one request in the mean, and the bytes around them. */
const REGISTERS_PER_REQUEST = 40;
const PDU_BYTES = 7;
const COMMAND_MAX_MS = 5_000;
const LOSS = 0.3;

interface GroupTurn extends Turn {
  readonly group: PollGroup;
  readonly truth: ReturnType<typeof groupReader>;
  /** Requests of one reading, and the time one takes. */
  readonly requests: number;
  dueAt: ReturnType<typeof mono>;
  readAt: ReturnType<typeof mono>;
}

export class ModbusLine implements SimLink {
  readonly devices: readonly string[];
  mode: LinkMode | undefined;
  readonly #around: Surroundings;
  readonly #timeout: number;
  readonly #turns: readonly GroupTurn[];
  readonly #breakers = new Map<string, Breaker>();
  readonly #requestMs: number;
  #jobs: Job[] = [];
  #freeAt = 0;

  constructor(
    link: ModbusKind,
    devices: readonly DeviceModel[],
    of: { groups: readonly PollGroup[]; around: Surroundings },
  ) {
    this.#around = of.around;
    this.#timeout = link.timeout;
    this.devices = devices.map(({ id }) => id);
    const speed = speedOf(link);
    const bytes = PDU_BYTES + REGISTERS_PER_REQUEST * 2;
    this.#requestMs = TURNAROUND_MS + (speed === undefined ? 0 : exchangeMs(speed, bytes));
    this.#turns = of.groups
      .filter(({ device }) => this.devices.includes(device))
      .map((group) => ({
        group,
        truth: groupReader(of.around.world, group),
        periodMs: group.periodMs,
        requests: Math.ceil((group.points.length * 2) / REGISTERS_PER_REQUEST),
        dueAt: mono(0),
        readAt: mono(Number.NEGATIVE_INFINITY),
      }));
  }

  push(job: Job): void {
    this.#jobs.push(job);
  }

  renew(now: number): void {
    this.#jobs = [];
    this.#freeAt = now;
    for (const turn of this.#turns) turn.dueAt = mono(now);
  }

  run(until: number): void {
    while (this.#freeAt < until) {
      const now = mono(this.#freeAt);
      const action = nextAction({ commands: this.#jobs.length, turns: this.#turns }, { plant: now, io: now });
      if (action.kind === "command") this.#command();
      else if (action.kind === "read") this.#read(action.turn);
      else this.#freeAt = Math.min(until, this.#freeAt + Math.max(1, Math.min(action.plant, action.io)));
    }
  }

  carryOut(now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now);
    while (this.#jobs.length > 0) this.#command();
  }

  sweep(until: number): void {
    while (this.#jobs.length > 0) this.#command();
    for (const turn of this.#turns) {
      if (turn.dueAt >= until) continue;
      // The last time at which it came round, had nothing else been on the bus.
      const rounds = Math.floor((until - 1 - turn.dueAt) / turn.periodMs);
      this.#freeAt = Math.max(turn.dueAt + rounds * turn.periodMs, until - turn.periodMs);
      this.#read(turn, rounds > 0 ? until : undefined);
    }
    this.#freeAt = until;
  }

  #breaker(device: string): Breaker {
    return this.#breakers.get(device) ?? CLOSED;
  }

  #note(device: string, event: BreakerEvent): void {
    const before = this.#breaker(device);
    const after = nextBreaker(before, event, { now: mono(this.#freeAt), timeout: millis(this.#timeout) });
    if (after !== before) this.#breakers.set(device, after);
  }

  /** One exchange with a device; false: no answer within the timeout. */
  #exchange(device: string, requests: number): boolean {
    const { liars, random } = this.#around;
    const liar = liars.get(device);
    this.#note(device, "asked");
    const lateness =
      (liar?.lateness() ?? 0) +
      (this.mode === "latency" ? random() : 0) +
      (random() * TURNAROUND_MS) / this.#timeout;
    const lost = this.mode === "partition" || (this.mode === "loss" && random() < LOSS);
    const answered = !lost && liar?.answers() !== false && lateness < 1;
    this.#freeAt += answered ? this.#requestMs * requests + lateness * this.#timeout : this.#timeout;
    this.#note(device, answered ? "answered" : "failed");
    return answered;
  }

  /** `heardBy`: what would be answered later was read a period before, too; that answer counts. */
  #read(turn: GroupTurn, heardBy = Number.POSITIVE_INFINITY): void {
    const { device, group, fast } = turn.group;
    const begun = this.#freeAt;
    const asked = mayAsk(this.#breaker(device), mono(begun));
    turn.dueAt = dueAfter(turn, { now: mono(begun), asked });
    if (!asked) return;
    turn.readAt = mono(begun);
    if (!this.#exchange(device, turn.requests)) return;
    const earlier = this.#freeAt > heardBy ? turn.periodMs : 0;
    if (earlier > 0) turn.dueAt = mono(begun);
    const truth = turn.truth();
    const samples = this.#around.liars.get(device)?.says(group, begun, truth) ?? truth;
    const heard = { begun: begun - earlier, at: this.#freeAt - earlier };
    carry(this.#around, this.mode, { device, ...heard, samples, fast });
  }

  /** Writes and reads back; a write whose answer was lost may have been heard. */
  #command(): void {
    const job = this.#jobs.shift();
    if (job === undefined) return;
    const { order, sentAt, done } = job;
    if (this.mode === "partition" || this.#freeAt - sentAt > COMMAND_MAX_MS) {
      done(false);
      return;
    }
    const mode = this.#around.liars.get(order.device)?.mode;
    const written = this.#exchange(order.device, 1);
    const heard = written || (mode !== "off" && this.#around.random() < 0.5);
    if (heard) obey(this.#around.world, order);
    const shown = this.#exchange(order.device, 1) && mode !== "stuck" && mode !== "delayed";
    done(heard && shown);
    if (heard)
      for (const turn of this.#turns) if (turn.group.device === order.device) turn.dueAt = mono(this.#freeAt);
  }
}
