// Reads a Modbus or SunSpec device once, past a controller: every value with the registers that it came from. It plans
// as control does, but keeps nothing: no rates, no breaker's patience, no memory of what was refused.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import { millis } from "@gridwright/contract/units.ts";
import { groupsOf } from "@gridwright/protocols/modbus/groups.ts";
import { type Block, type Span, splitBlock } from "@gridwright/protocols/modbus/plan.ts";
import { powerOfTen, type Register, registersOf } from "@gridwright/protocols/modbus/registers.ts";
import { type WordHint, wordHint } from "@gridwright/protocols/modbus/word-order.ts";
import { type Discovered, discover } from "@gridwright/protocols/sunspec/discovery.ts";
import { resolve } from "@gridwright/protocols/sunspec/resolve.ts";
import { isRefusal, Unit } from "../modbus/unit.ts";
import { openExchange } from "./exchange.ts";

/** Words of a value, where they stand, and the power of ten that goes with them. */
export interface RawWords {
  readonly table: Span["table"];
  readonly address: number;
  readonly words: readonly number[];
  readonly power?: number;
}

export interface ReadRow {
  readonly point: string;
  readonly sample: Sample;
  /** Absent for a value that is no register: a sum, or one that the device does not have. */
  readonly raw?: RawWords;
  /** It makes no sense, and would with its words the other way round. */
  readonly hint?: WordHint;
}

export interface DirectDevice {
  /** Rejects with `request-timeout`, `link-down` or `reply-malformed`. */
  read(): Promise<readonly ReadRow[]>;
  close(): void;
}

const REGISTERS_MAX = 125;

type Words = ReadonlyMap<string, number>;
const key = (table: string, address: number): string => `${table} ${address}`;

function wordsAt(words: Words, { table, address, count }: Span): readonly number[] | undefined {
  const found = Array.from({ length: count }, (_, index) => words.get(key(table, address + index)));
  const whole = found.filter((word) => word !== undefined);
  return whole.length === count ? whole : undefined;
}

async function readBlocks(unit: Unit, blocks: readonly Block[]): Promise<Words> {
  const words = new Map<string, number>();
  const waiting = [...blocks];
  for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
    const answer = await unit.read(block);
    if (isRefusal(answer)) waiting.unshift(...splitBlock(block));
    else
      for (const [index, word] of answer.entries()) words.set(key(block.table, block.address + index), word);
  }
  return words;
}

async function discovered(unit: Unit): Promise<Discovered> {
  const discovery = discover();
  let step = discovery.next();
  while (!step.done) {
    const answer = await unit.read({ table: "holding", ...step.value });
    step = discovery.next(isRefusal(answer) ? undefined : answer);
  }
  if (step.value !== undefined) return step.value;
  throw new GridwrightError(
    "reply-malformed",
    "It answers, but has no SunSpec mark at 40000, 0 or 50000. Is SunSpec switched on at the device?",
  );
}

interface Points {
  readonly registers: readonly Register[];
  readonly missing: readonly string[];
  readonly sums: Readonly<Record<string, readonly string[]>>;
  readonly registersMax: number;
}

async function pointsOf({ profile }: DeviceModel, unit: Unit): Promise<Points> {
  if (profile.protocol === "modbus")
    return {
      ...{ registers: registersOf(profile), missing: [] },
      ...{ sums: profile.sums, registersMax: profile.registersMax },
    };
  if (profile.protocol !== "sunspec")
    throw new GridwrightError("usage", "It speaks MQTT: it is read while control runs.");
  const { registers, missing } = resolve(profile, await discovered(unit));
  return { registers, missing, sums: {}, registersMax: REGISTERS_MAX };
}

function rawOf(register: Register | undefined, words: Words): RawWords | undefined {
  const found = register && wordsAt(words, register);
  if (register === undefined || found === undefined) return undefined;
  const { table, address, scaleAt } = register;
  const power = scaleAt === undefined ? undefined : powerOfTen(words.get(key(table, scaleAt)));
  return { table, address, words: found, ...(power !== undefined && { power }) };
}

async function readAll(model: DeviceModel, unit: Unit): Promise<readonly ReadRow[]> {
  const { registers, missing, sums, registersMax } = await pointsOf(model, unit);
  const lacking = missing.map((point) => ({ point, poll: "normal" as const }));
  const groups = groupsOf({ registers, sums, missing: lacking, registersMax, fastMs: model.spec.fast });
  const rows: ReadRow[] = [];
  for (const group of groups) {
    const words = await readBlocks(unit, group.blocks);
    for (const sample of group.samples((span) => wordsAt(words, span))) {
      const register = registers.find(({ point }) => point === sample.point);
      const raw = rawOf(register, words);
      const turnable = register !== undefined && raw !== undefined && model.profile.protocol === "modbus";
      const hint = turnable ? wordHint(register, raw.words) : undefined;
      rows.push({ point: sample.point, sample, ...(raw && { raw }), ...(hint && { hint }) });
    }
  }
  const order = new Map(model.points.map((point, index) => [point, index]));
  return rows.toSorted((a, b) => (order.get(a.point) ?? 0) - (order.get(b.point) ?? 0));
}

/** Connects to a device. Rejects with `link-down` when its link is not there, `usage` for an MQTT device or a box. */
export async function openDirect(model: DeviceModel, io: Clock, signal: AbortSignal): Promise<DirectDevice> {
  const { link, profile, spec } = model;
  if (link.kind === "mqtt" || link.kind === "box") {
    const what = link.kind === "box" ? "is a box" : "speaks MQTT";
    throw new GridwrightError("usage", `${model.id} ${what}: start gridwright, then it is read live.`);
  }
  const pause = millis(profile.protocol === "modbus" ? profile.link.connectDelayMs : 0);
  const { line, framing, close } = await openExchange(link, io, { signal, pause });
  const unit = new Unit(
    {
      ...{ framing, io, timeout: link.timeout, line: () => line },
      onAnswer: () => undefined,
      onTimeout: () => undefined,
    },
    spec.unit,
  );
  return { read: () => readAll(model, unit), close };
}
