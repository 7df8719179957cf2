// A Modbus device seen from inside: its profile read backwards. Registers are computed when they are read, from the
// plant's true values; writes move coils and limits in the plant. Holes between known registers read 0.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { ModbusProfile, RegisterPoint } from "@gridwright/contract/profile.ts";
import type { DeviceModel } from "@gridwright/contract/site/model.ts";
import {
  decode,
  type Encoding,
  encode,
  encodeAbsent,
  wordCount,
} from "@gridwright/protocols/modbus/codec.ts";
import {
  type Refusal,
  type RegisterImage,
  refusal,
  type Table,
} from "@gridwright/protocols/modbus/server.ts";
import { fullOf, tellShare } from "../plant/gradual.ts";
import { deviceQuantity } from "../plant/quantity.ts";
import { setCoil } from "../plant/relays.ts";
import { type PlantWorld, plantMs } from "../plant/world.ts";

interface Cell {
  readonly point: string;
  readonly spec: RegisterPoint;
  readonly index: number;
}

interface Tables {
  /** Points of different bits may share a register. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
  /** What only tells the kind of device: a type code that its profile looks for. */
  readonly fixed: ReadonlyMap<string, number>;
  /** Table → first and last known address. */
  readonly span: ReadonlyMap<Table, readonly [number, number]>;
}

const key = (table: Table, address: number): string => `${table} ${address}`;

function tablesOf(profile: ModbusProfile): Tables {
  const cells = new Map<string, Cell[]>();
  const span = new Map<Table, readonly [number, number]>();
  for (const [name, spec] of Object.entries(profile.points)) {
    if (spec.above !== undefined) continue;
    const { count, stride } = spec.repeat ?? { count: 1, stride: 1 };
    for (let channel = 0; channel < count; channel++)
      for (let index = 0; index < wordCount(spec.type); index++) {
        const address = spec.address + channel * stride + index;
        const point = spec.repeat === undefined ? name : `${name}_${channel + 1}`;
        const at = key(spec.table, address);
        cells.set(at, [...(cells.get(at) ?? []), { point, spec, index }]);
        const [first, last] = span.get(spec.table) ?? [address, address];
        span.set(spec.table, [Math.min(first, address), Math.max(last, address)]);
      }
  }
  return { cells, span, fixed: fixedOf(profile) };
}

function fixedOf({ identity }: ModbusProfile): ReadonlyMap<string, number> {
  const fixed = new Map<string, number>();
  for (const { table, address, type, words, equals, between } of identity) {
    const encoding: Encoding = { type, words, scale: 1, unit: "1", sign: 1, sentinels: [] };
    for (const [index, word] of encode(encoding, equals ?? between?.[0] ?? 0).entries())
      fixed.set(key(table, address + index), word);
  }
  return fixed;
}

function wordsOf(world: PlantWorld, device: string, { point, spec }: Cell): readonly number[] {
  const value = deviceQuantity(world, device, point);
  const usable = typeof value === "boolean" || (typeof value === "number" && !Number.isNaN(value));
  return usable ? encode(spec, value) : encodeAbsent(spec);
}

/** Words of a cell, computed once per substep: a fast meter is read several times before the world moves. */
function remember(world: PlantWorld, device: string): (cell: Cell) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  let [at, faults] = [world.m, world.faults];
  return (cell) => {
    if (cell.spec.table === "coil") return wordsOf(world, device, cell);
    if (at !== world.m || faults !== world.faults) known.clear();
    [at, faults] = [world.m, world.faults];
    const words = known.get(cell.point) ?? wordsOf(world, device, cell);
    known.set(cell.point, words);
    return words;
  };
}

/** Sets what a write to a known register means: a coil, or a limit. */
function act(
  world: PlantWorld,
  source: readonly [device: string, cell: Cell],
  words: readonly number[],
): Refusal | undefined {
  const [device, { point, spec }] = source;
  const parsed = parsePointName(point);
  if (spec.write === undefined || parsed === undefined) return refusal(2);
  const decoded = decode(spec, words, parsed.kind.value);
  if (decoded.kind !== "value") return refusal(3);
  if (parsed.base === "relay")
    return setCoil(world, `${device}/${point}`, { energised: decoded.value === true })
      ? undefined
      : refusal(2);
  const asset = world.bindings.get(`${device}/${point}`)?.asset;
  const until = plantMs(world) + watchdogMs(spec);
  const told =
    asset !== undefined &&
    tellShare(world, asset, { share: Number(decoded.value) / (fullOf(world, asset) ?? 1), until });
  return told ? undefined : refusal(2);
}

/** How long a device keeps what it is told when nobody writes again. */
const watchdogMs = ({ write }: RegisterPoint): number =>
  typeof write?.fallback === "object" ? write.fallback.afterMs : Number.POSITIVE_INFINITY;

/** A timed command of a relay board: «energise (or de-energise) this channel for N units of time». */
interface Flash {
  readonly source: string;
  readonly energised: boolean;
  readonly unitMs: number;
  readonly unitsMax: number;
}

/** Address of each timed command → what it does. */
function flashesOf({ id }: DeviceModel, profile: ModbusProfile): ReadonlyMap<number, Flash> {
  const flashes = new Map<number, Flash>();
  for (const [name, spec] of Object.entries(profile.points)) {
    const lease = spec.write?.lease;
    if (lease?.kind !== "flash") continue;
    for (let channel = 0; channel < (spec.repeat?.count ?? 1); channel++) {
      const source = `${id}/${spec.repeat === undefined ? name : `${name}_${channel + 1}`}`;
      const { unitMs, unitsMax } = lease;
      flashes.set(lease.onAddress + channel, { source, energised: true, unitMs, unitsMax });
      flashes.set(lease.offAddress + channel, { source, energised: false, unitMs, unitsMax });
    }
  }
  return flashes;
}

function flash(world: PlantWorld, command: Flash | undefined, raw: number): Refusal | undefined {
  if (command === undefined) return refusal(2);
  const { source, energised, unitMs, unitsMax } = command;
  if (raw > unitsMax) return refusal(3);
  return setCoil(world, source, { energised, holdMs: raw * unitMs }) ? undefined : refusal(2);
}

/** The registers of one Modbus device of the site. */
export function registerImage(world: PlantWorld, device: DeviceModel, profile: ModbusProfile): RegisterImage {
  const { cells, span, fixed } = tablesOf(profile);
  const flashes = flashesOf(device, profile);
  const words = remember(world, device.id);
  const read: RegisterImage["read"] = (table, address, count) => {
    const told = Array.from({ length: count }, (_, index) => fixed.get(key(table, address + index)));
    const code = told.filter((word) => word !== undefined);
    if (code.length === count && !cells.has(key(table, address))) return code;
    const [first, last] = span.get(table) ?? [1, 0];
    if (address < first || address + count - 1 > last) return refusal(2);
    const found = Array.from({ length: count }, (_, index) => cells.get(key(table, address + index)));
    if (found.every((here) => here === undefined)) return refusal(2);
    return found.map((here = []) => here.reduce((word, cell) => word | (words(cell)[cell.index] ?? 0), 0));
  };
  const write: RegisterImage["write"] = (table, address, values) => {
    for (let done = 0; done < values.length; ) {
      const [cell] = cells.get(key(table, address + done)) ?? [];
      if (cell === undefined || cell.index !== 0) return refusal(2);
      const size = wordCount(cell.spec.type);
      if (done + size > values.length) return refusal(3);
      const refused = act(world, [device.id, cell], values.slice(done, done + size));
      if (refused !== undefined) return refused;
      done += size;
    }
    return undefined;
  };
  return { read, write, pulse: (address, raw) => flash(world, flashes.get(address), raw) };
}
