// What a device has and what it says: blocks of registers become samples. It learns which registers the device refuses
// and keeps that over reconnects for a day; SunSpec models are found anew, since another device may come back.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Command, Sample } from "@gridwright/contract/ports.ts";
import type { PollClass, Profile } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { elapsed, hours, type Mono } from "@gridwright/contract/units.ts";
import { type CommandPlan, planCommand, planLimit } from "@gridwright/protocols/modbus/commands.ts";
import { type Group, groupsOf } from "@gridwright/protocols/modbus/groups.ts";
import { type Block, type Span, splitBlock } from "@gridwright/protocols/modbus/plan.ts";
import { powerOfTen, registersOf } from "@gridwright/protocols/modbus/registers.ts";
import type { Refusal } from "@gridwright/protocols/modbus/server.ts";
import { type Discovered, discover } from "@gridwright/protocols/sunspec/discovery.ts";
import { locate, type Resolved, resolve } from "@gridwright/protocols/sunspec/resolve.ts";
import { isRefusal, type Unit } from "./unit.ts";

/** Exceptions that say «I do not have this»: illegal function, address, value. */
const NOT_FITTED: readonly number[] = [1, 2, 3];
const SUNSPEC_REGISTERS_MAX = 125;
const NOT_IMPLEMENTED = 0xffff;

export const refused = ({ exception }: Refusal, what: string): GridwrightError =>
  new GridwrightError("modbus-exception", `refused ${what} with exception ${exception}`);

const spanText = ({ table, address, count }: Span): string => `${table} ${address}+${count}`;

interface Learnt {
  /** The plan it was learnt from: another plan, another device. */
  readonly from: string;
  /** Blocks as the device takes them. */
  readonly blocks: readonly Block[];
  readonly at: Mono;
}

/** A new firmware may have what the old one refused. */
const LEARNT_FOR = hours(24);

const planText = (blocks: readonly Block[]): string => blocks.map(spanText).join();

export class RegisterDevice {
  readonly #model: DeviceModel;
  readonly #unit: Unit;
  #groups: readonly Group[];
  #resolved: Resolved | undefined;
  /** Where a SunSpec device wants the controller's heartbeat. */
  #heartbeatAt: number | undefined;
  readonly #learnt = new Map<PollClass, Learnt>();
  readonly #now: () => Mono;

  constructor(model: DeviceModel, unit: Unit, now: () => Mono) {
    this.#model = model;
    this.#unit = unit;
    this.#now = now;
    this.#groups = this.#plan(undefined);
  }

  /** The groups as far as they are known: their classes and periods never change. */
  get groups(): readonly Group[] {
    return this.#groups;
  }

  /** A new connection. */
  renew(): void {
    this.#unit.renew();
    this.#resolved = undefined;
  }

  /** Requests that the device takes at a time. */
  get #window(): number {
    const { profile, link } = this.#model;
    return profile.protocol === "modbus" && link.kind === "modbus-tcp" ? profile.link.pipeline : 1;
  }

  #known({ poll, blocks }: Group): readonly Block[] {
    const learnt = this.#learnt.get(poll);
    const holds =
      learnt !== undefined &&
      learnt.from === planText(blocks) &&
      elapsed(learnt.at, this.#now()) < LEARNT_FOR;
    return holds ? learnt.blocks : blocks;
  }

  #plan(resolved: Resolved | undefined): readonly Group[] {
    const { profile, spec } = this.#model;
    if (profile.protocol === "modbus") {
      const registers = registersOf(profile);
      const { sums, registersMax } = profile;
      return groupsOf({ registers, sums, missing: [], registersMax, fastMs: spec.fast });
    }
    if (profile.protocol !== "sunspec") return [];
    const missing = Object.entries(profile.points)
      .filter(([point]) => resolved === undefined || resolved.missing.includes(point))
      .map(([point, { poll }]) => ({ point, poll }));
    const registers = resolved?.registers ?? [];
    return groupsOf({
      registers,
      sums: {},
      missing,
      registersMax: SUNSPEC_REGISTERS_MAX,
      fastMs: spec.fast,
    });
  }

  /**
   * Reads one group whole. `between` runs after each request, so that commands need not wait for the whole group.
   * Rejects when any part of it could not be read.
   */
  async poll(poll: PollClass, between: () => Promise<void>): Promise<readonly Sample[]> {
    await this.#ready();
    const group = this.#groups.find((each) => each.poll === poll);
    if (group === undefined) return [];
    const words = new Map<string, number>();
    const taken: Block[] = [];
    const known = this.#known(group);
    const waiting = [...known];
    while (waiting.length > 0) {
      const batch = waiting.splice(0, this.#window);
      const answers = await this.#readAll(batch);
      for (const [index, block] of batch.entries()) {
        const answer = answers[index] ?? [];
        if (isRefusal(answer)) waiting.unshift(...this.#smaller(block, answer));
        else {
          taken.push(block);
          this.#keep(words, block, answer);
        }
      }
      await between();
    }
    this.#learn(group, known, taken);
    return group.samples((span) => wordsOf(words, span));
  }

  /** All at once; rejects, once none is under way any more, with the first error. */
  async #readAll(batch: readonly Block[]): Promise<readonly (readonly number[] | Refusal)[]> {
    const settled = await Promise.allSettled(batch.map((block) => this.#unit.read(block)));
    return settled.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  }

  #learn({ poll, blocks }: Group, tried: readonly Block[], taken: readonly Block[]): void {
    if (planText(taken) === planText(tried)) return;
    this.#learnt.set(poll, { from: planText(blocks), blocks: taken, at: this.#now() });
  }

  #keep(words: Map<string, number>, { table, address }: Block, answer: readonly number[]): void {
    for (const [index, word] of answer.entries()) words.set(`${table} ${address + index}`, word);
  }

  #smaller(block: Block, refusal: Refusal): readonly Block[] {
    if (!NOT_FITTED.includes(refusal.exception)) throw refused(refusal, spanText(block));
    return splitBlock(block);
  }

  async #ready(): Promise<Resolved | undefined> {
    const { profile } = this.#model;
    if (profile.protocol !== "sunspec" || this.#resolved !== undefined) return this.#resolved;
    const found = await this.#discover();
    const resolved = resolve(profile, found);
    this.#resolved = resolved;
    this.#heartbeatAt =
      profile.heartbeat === undefined ? undefined : locate(profile.heartbeat, found)?.address;
    this.#groups = this.#plan(resolved);
    return resolved;
  }

  async #discover(): Promise<Discovered> {
    const discovery = discover();
    let step = discovery.next();
    while (!step.done) {
      const answer = await this.#unit.read({ table: "holding", ...step.value });
      if (isRefusal(answer) && !NOT_FITTED.includes(answer.exception))
        throw refused(answer, "SunSpec discovery");
      step = discovery.next(isRefusal(answer) ? undefined : answer);
    }
    if (step.value === undefined)
      throw new GridwrightError(
        "reply-malformed",
        "no SunSpec mark at 40000, 0 or 50000: is SunSpec switched on?",
      );
    return step.value;
  }

  /** The register that is raised each second; undefined: this device has none. Rejects like `poll`. */
  async heartbeatAt(): Promise<number | undefined> {
    await this.#ready();
    const address = this.#heartbeatAt;
    if (address === undefined) return undefined;
    const word = await this.#word(address, "its heartbeat register");
    return word === NOT_IMPLEMENTED ? undefined : address;
  }

  /** The writes of a command, with what the device itself must say first (its scale factor). */
  async plan(command: Command): Promise<CommandPlan> {
    const profile: Profile = this.#model.profile;
    if (profile.protocol === "modbus") return planCommand(profile, command);
    const limit = (await this.#ready())?.limits[command.point];
    if (limit === undefined)
      throw new GridwrightError("modbus-exception", `this device has no ${command.point} to set`);
    const { scaleAt } = limit.register;
    const { enableAt, enableMask } = limit;
    const raw = scaleAt === undefined ? 0 : await this.#word(scaleAt, "its scale factor");
    const scaleFactor = powerOfTen(raw);
    if (scaleFactor === undefined)
      throw new GridwrightError("modbus-exception", `this device gives no scale of ${command.point}`);
    if (enableAt === undefined || enableMask === undefined) return planLimit(limit, command, { scaleFactor });
    const enabled = await this.#word(enableAt, "what it limits now");
    return planLimit(limit, command, { scaleFactor, enabled });
  }

  async #word(address: number, what: string): Promise<number> {
    const answer = await this.#unit.read({ table: "holding", address, count: 1 });
    if (isRefusal(answer)) throw refused(answer, what);
    return answer[0] ?? 0;
  }
}

function wordsOf(
  words: ReadonlyMap<string, number>,
  { table, address, count }: Span,
): readonly number[] | undefined {
  const found = Array.from({ length: count }, (_, index) => words.get(`${table} ${address + index}`));
  const whole = found.filter((word) => word !== undefined);
  return whole.length === count ? whole : undefined;
}
