// One substep of the plant's physics: relays, sources, loads, sun, inverter, battery, in that order. What every
// source gives equals what loads take and what is lost, to rounding, in each substep (plant.test.ts).
import { chargePower, moveCharge, settleBattery } from "./battery.ts";
import { type FaultKind, faultOf } from "./faults.ts";
import { burn, crank, generatorPower, LOAD_MIN, turn } from "./generator.ts";
import { movePacks, restPacks, toldPower } from "./gradual.ts";
import {
  ACCEPT_MS,
  EFFICIENCY,
  forms,
  heatInverter,
  loadInverter,
  NOMINAL_HZ,
  reviveInverter,
  shiftFrequency,
  standbyOf,
} from "./inverter.ts";
import { NOMINAL_V } from "./phase.ts";
import { generate } from "./photovoltaics.ts";
import { followBus, hasSupply, runCoils, weld } from "./relays.ts";
import { eachSecond } from "./second.ts";
import type { LoadState, PlantWorld } from "./world.ts";

const hoursOf = ({ stepMs }: PlantWorld): number => stepMs / 3_600_000;
/** Inrush of a motor, substep by substep, as a share of its starting power, and its power factor then. */
const INRUSH = [1, 0.7, 0.4] as const;
const INRUSH_FACTOR = 0.55;
/** A source charges until the battery is this full, and again when so much of it is gone. */
const CHARGED = 0.97;
const RECHARGED_BELOW = 0.96;
const GENERATOR_TARGET = 0.75;

function sources(world: PlantWorld): void {
  const { grid, generator, model, m } = world;
  const present = grid.fitted && faultOf(world.faults, "grid-lost") === undefined;
  if (present && !grid.present) grid.since = m;
  grid.present = present;
  // Without an inverter before them nobody keeps loads waiting for the line.
  grid.accepted = present && (!isHybrid(world) || m - grid.since >= ACCEPT_MS);
  const hasFault = (kind: FaultKind): boolean => faultOf(world.faults, kind) !== undefined;
  const start = model.assets[generator.id]?.actuator;
  const coil = start && world.coils.get(`${start.device}/${start.point}`);
  if (coil !== undefined)
    crank(
      generator,
      {
        wanted: coil.energised !== start?.inverted,
        barred: hasFault("generator-off") || hasFault("generator-fault"),
        dud: hasFault("generator-dead"),
      },
      m,
    );
}

const acInAvailable = (world: PlantWorld): boolean =>
  world.grid.accepted || world.generator.state === "running";
/** The inverter and its battery carry the plant; without them the sources do. */
const isHybrid = (world: PlantWorld): boolean => world.inverter.rating > 0 && world.battery.capacity > 0;

function wake(world: PlantWorld): void {
  const acIn = acInAvailable(world);
  if (!isHybrid(world)) {
    followBus(world, acIn);
    return;
  }
  reviveInverter(world.inverter, world.battery, { m: world.m, acIn });
  followBus(world, world.inverter.state === "on" && (acIn || forms(world.inverter, world.battery)));
}

function draw(load: LoadState, supplied: boolean, hours: number): void {
  const starts =
    supplied && load.habit.motor && load.powerW < load.rating * 0.1 && load.wantedW > load.rating * 0.3;
  if (starts) load.inrush = INRUSH.length;
  load.supplied = supplied;
  const factor = load.habit.powerFactor;
  load.powerW = supplied ? Math.min(load.wantedW, load.limit * load.rating) : 0;
  load.reactiveVar = load.powerW * Math.sqrt(1 / (factor * factor) - 1);
  if (supplied && load.inrush > 0) {
    const start = load.rating * load.startFactor * (INRUSH[INRUSH.length - load.inrush] ?? 1);
    load.powerW = Math.max(load.powerW, start * INRUSH_FACTOR);
    load.reactiveVar = Math.max(load.reactiveVar, start * Math.sqrt(1 - INRUSH_FACTOR ** 2));
  }
  load.inrush = supplied ? Math.max(0, load.inrush - 1) : 0;
  load.energyWh += load.powerW * hours;
}

function consume(world: PlantWorld): void {
  for (const phase of world.phases) {
    phase.loadW = 0;
    phase.loadVar = 0;
    phase.pvW = 0;
    phase.acInW = 0;
  }
  const hours = hoursOf(world);
  for (const load of world.loads) {
    if (world.m >= load.limitUntil)
      Object.assign(load, { limit: load.limitRest, limitUntil: Number.POSITIVE_INFINITY });
    draw(load, hasSupply(world, load), hours);
    for (const phase of load.phases) {
      phase.loadW += load.powerW / load.phases.length;
      phase.loadVar += load.reactiveVar / load.phases.length;
    }
  }
}

/**
 * Most that the present source gives and takes per phase, and how much it may charge, W. Behind an empty battery the
 * transfer switch passes whatever the loads take.
 */
function sourceLimits(world: PlantWorld): { most: number; least: number; charge: number } {
  const { grid, generator, battery, inverter } = world;
  const count = world.phases.length;
  const input = inverter.inputA * NOMINAL_V;
  if (!isHybrid(world)) return { most: Number.POSITIVE_INFINITY, least: Number.NEGATIVE_INFINITY, charge: 0 };
  if (battery.soc >= CHARGED) inverter.charges = false;
  else if (battery.soc < RECHARGED_BELOW) inverter.charges = true;
  const room = inverter.charges ? chargePower(battery) : 0;
  const empty = battery.dischargeLimit <= 0;
  if (grid.accepted)
    return {
      most: empty ? Number.POSITIVE_INFINITY : Math.min(grid.importW, input),
      least: -grid.exportW,
      charge: Math.min(grid.chargeW, room),
    };
  const full = generatorPower(generator);
  const load = world.phases.reduce((sum, { loadW, pvW }) => sum + loadW - pvW, 0);
  const charge = Math.max(LOAD_MIN * full - load, Math.min(room, GENERATOR_TARGET * full - load));
  return { most: Math.min(full / count, input), least: 0, charge: Math.max(0, charge) };
}

/** Batteries that are told how much stand beside the grid: it gives and takes whatever is left. */
function besideGrid(world: PlantWorld): void {
  const told = toldPower(world);
  for (const phase of world.phases) phase.acInW = phase.loadW - phase.pvW - told / world.phases.length;
}

/** Spreads what the AC input gives: it carries the loads, charges modestly, and takes what the battery cannot. */
function takeFromSource(world: PlantWorld): void {
  world.generator.powerW = 0;
  restPacks(world);
  if (!acInAvailable(world) || !world.busAlive) return;
  if (world.packs.length > 0 && world.grid.accepted) {
    besideGrid(world);
    return;
  }
  const { most, least, charge } = sourceLimits(world);
  const net = world.phases.reduce((sum, { loadW, pvW }) => sum + loadW - pvW, 0);
  const stored = net + charge >= 0 ? charge : Math.min(-net, chargePower(world.battery));
  for (const phase of world.phases) {
    const wanted = phase.loadW - phase.pvW + stored / world.phases.length;
    phase.acInW = Math.max(least, Math.min(most, wanted));
    if (!world.grid.accepted) world.generator.powerW += phase.acInW;
  }
}

function store(world: PlantWorld): void {
  const { inverter, battery, phases } = world;
  const hybrid = isHybrid(world);
  const converted = loadInverter(phases);
  // Where nothing forms a bus the bank is what the told batteries are together.
  const own = world.packs.reduce((sum, { powerW }) => sum + powerW, 0);
  inverter.dcW = !hybrid ? own : world.busAlive ? converted + standbyOf(inverter) : 0;
  const inside = moveCharge(battery, inverter.dcW, hoursOf(world));
  movePacks(world, hoursOf(world));
  const acW = phases.reduce((sum, { inverterW }) => sum + inverterW, 0);
  world.lossW = hybrid && world.busAlive ? inverter.dcW - acW + inside : inside;
  settleBattery(battery, faultOf(world.faults, "bms-lost") === undefined);
  if (hybrid) heatInverter(inverter, phases, world);
  world.shiftHz = hybrid ? shiftFrequency(world.shiftHz, battery, -inverter.dcW / EFFICIENCY) : NOMINAL_HZ;
  const island = hybrid && !acInAvailable(world);
  turn(world.generator, world.stepMs / 1_000);
  const carried = world.grid.accepted ? NOMINAL_HZ : world.generator.hz;
  world.frequency = !world.busAlive ? 0 : island ? world.shiftHz : carried;
}

function account(world: PlantWorld): void {
  const { totals, grid, generator } = world;
  const hours = hoursOf(world);
  for (const { loadW, pvW, acInW } of world.phases) {
    totals.load += loadW * hours;
    totals.pv += pvW * hours;
    if (grid.accepted) {
      if (acInW > 0) grid.importWh += acInW * hours;
      else grid.exportWh -= acInW * hours;
    }
  }
  burn(generator, hours);
  totals.gridImport = grid.importWh;
  totals.gridExport = grid.exportWh;
  totals.generator = generator.energyWh;
  totals.charged = world.battery.chargedWh;
  totals.discharged = world.battery.dischargedWh;
  totals.losses += world.lossW * hours;
  for (const node of world.netted) countNet(node, hours);
}

function countNet(node: PlantWorld["netted"][number], hours: number): void {
  let netW = 0;
  for (const load of node.loads) netW += load.powerW;
  for (const array of node.arrays) netW -= array.powerW;
  if (netW > 0) node.importWh += netW * hours;
  else node.exportWh -= netW * hours;
}

/** What changes slowly, once per plant second; nothing when it was renewed at this instant already. */
export function renew(world: PlantWorld): void {
  if (world.m % 1_000 !== 0 || world.renewedAt === world.m) return;
  eachSecond(world);
  weld(world);
  world.renewedAt = world.m;
}

/** Advances the plant by `world.stepMs`. */
export function substep(world: PlantWorld): void {
  renew(world);
  runCoils(world);
  sources(world);
  wake(world);
  consume(world);
  generate(world.arrays, {
    alive: world.busAlive,
    frequency: world.shiftHz,
    m: world.m,
    stepS: world.stepMs / 1_000,
  });
  takeFromSource(world);
  store(world);
  account(world);
  world.m += world.stepMs;
}
