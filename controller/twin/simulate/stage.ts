// What a simulated day is made of before it begins: plant, links with the devices behind them, controller, and what will
// befall it, wired together.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { reconcile } from "@gridwright/core/leases.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { createPlant } from "../plant/plant.ts";
import { mix, randomFrom } from "../plant/random.ts";
import type { PlantWorld } from "../plant/world.ts";
import { Happenings } from "./befall.ts";
import { SimControl } from "./control.ts";
import { type Day, scenarioOf } from "./day.ts";
import { type Keeper, perfectKeeper } from "./keeper.ts";
import { Liar, type Neighbour } from "./liar.ts";
import { twinOf } from "./miswired.ts";
import { ModbusLine } from "./modbus-line.ts";
import { Plugs } from "./plugs.ts";
import { pollGroups, samplesOf } from "./read-plant.ts";
import type { Tick } from "./tick.ts";
import type { SimLink, Surroundings } from "./wire.ts";

/** Fine steps for so long after the begin, and after any event unless told. */
export const EVENT_MS = 30_000;

export interface SimulateOptions {
  readonly model: SiteModel;
  readonly day: Day;
  /** The brain; another one where a planted bug is to be found. */
  readonly brain?: (input: DecideInput) => Step;
  readonly hands?: typeof reconcile;
  readonly keeper?: Keeper;
  /** Called after each tick; what it throws ends the day. */
  readonly watch: (tick: Tick) => void;
  /** Longest step, ms; 10 s unless told. */
  readonly quietMs?: number;
  /** Fine steps for so long after any event, ms; 30 s unless told. */
  readonly busyMs?: number;
}

export interface Stage {
  readonly options: SimulateOptions;
  readonly world: PlantWorld;
  readonly links: ReadonlyMap<string, SimLink>;
  readonly control: SimControl;
  readonly happenings: Happenings;
  busyUntil: number;
  /** Plant ms of the last command that followed a decision, and of the last look at commands that followed none. */
  sentAt: number;
  retriedAt: number;
  /** Since when a phase carries more than its rating, plant ms; undefined: none does. */
  fullSince: number | undefined;
  loads: number[];
  /** More flowed to the grid than was agreed when the controller last looked. */
  overfed: boolean;
  /** What carried the bus then. */
  sources: string;
  trace: number;
  ticks: number;
}

function linksOf(model: SiteModel, around: Surroundings): ReadonlyMap<string, SimLink> {
  const groups = pollGroups(model);
  const devices = Object.values(model.devices);
  return new Map(
    Object.entries(model.site.links).map(([id, link]): [string, SimLink] => {
      const own = devices.filter(({ spec }) => spec.link === id);
      const of = { groups, around };
      // A box reports by itself and counts its leases, as plugs do.
      if (link.kind === "mqtt" || link.kind === "box")
        return [
          id,
          new Plugs(
            model,
            own.map((device) => device.id),
            of,
          ),
        ];
      return [id, new ModbusLine(link, own, of)];
    }),
  );
}

/** What the meter says whose address a meter was given by mistake. */
function neighbourOf(world: PlantWorld, id: string): Neighbour {
  const other = twinOf(world.model, id);
  const own = new Map(pollGroups(world.model).map((one) => [one.group, one]));
  return (group) => {
    const points = own.get(group)?.points;
    return other === undefined || points === undefined ? undefined : samplesOf(world, other, points);
  };
}

export function stageOf(options: SimulateOptions): Stage {
  const { model, day, brain = decide, hands = reconcile, keeper = perfectKeeper() } = options;
  const world = createPlant({ model, scenario: scenarioOf(day), seed: day.seed, start: epoch(day.start) });
  const modesOf = (id: string) =>
    day.troubles.flatMap((trouble) =>
      trouble.kind === "device" && trouble.device === id ? [trouble.mode] : [],
    );
  const liars = new Map(
    Object.keys(model.devices).map((id) => [
      id,
      new Liar(id, { seed: day.seed, modes: modesOf(id), neighbour: neighbourOf(world, id) }),
    ]),
  );
  const late: { control?: SimControl } = {};
  const around: Surroundings = {
    world,
    liars,
    random: randomFrom(mix(day.seed, 501)),
    deliver: (arrival) => late.control?.hear(arrival),
  };
  const links = linksOf(model, around);
  const control = new SimControl({ model, links: [...links.values()], brain, hands, keeper }, mono(0));
  late.control = control;
  const happenings = new Happenings(day.troubles, {
    liars,
    links,
    kill: (card) => control.die(card),
    rise: () => control.rise(mono(world.m)),
  });
  return {
    options,
    world,
    links,
    control,
    happenings,
    busyUntil: EVENT_MS,
    sentAt: Number.NEGATIVE_INFINITY,
    retriedAt: Number.NEGATIVE_INFINITY,
    fullSince: undefined,
    loads: [],
    ...{ overfed: false, sources: "" },
    trace: day.seed,
    ticks: 0,
  };
}
