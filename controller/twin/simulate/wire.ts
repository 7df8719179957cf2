// What all links of the simulation share: the plant behind them, their faults, and where what they carry arrives.
import type { Sample, Sampling } from "@gridwright/contract/ports.ts";
import { mono } from "@gridwright/contract/units.ts";
import type { Order } from "@gridwright/core/leases.ts";
import { tellShare } from "../plant/gradual.ts";
import type { Random } from "../plant/random.ts";
import { setCoil } from "../plant/relays.ts";
import { type PlantWorld, plantMs } from "../plant/world.ts";
import type { Liar } from "./liar.ts";
import type { LinkMode } from "./trouble.ts";

/** A command under way to its device. */
export interface Job {
  readonly order: Order;
  readonly sentAt: number;
  /** Told once: whether the device confirmed it. */
  readonly done: (confirmed: boolean) => void;
}

/** A sampling on its way to the controller. */
export interface Arrival {
  readonly at: number;
  readonly sampling: Sampling;
  readonly fast: boolean;
}

/** One bus, or the broker, and the devices on it. */
export interface SimLink {
  readonly devices: readonly string[];
  mode: LinkMode | undefined;
  /** Everything until this plant ms, one thing after the other. */
  run(until: number): void;
  /** A quiet stretch that ends at this plant ms: each group is read once, as late as its period allows. */
  sweep(until: number): void;
  /** What was pushed is carried out at once: a quiet stretch follows. */
  carryOut(now: number): void;
  push(job: Job): void;
  /** The controller died: nothing that waited is sent, nothing is known of devices. */
  renew(now: number): void;
}

export interface Surroundings {
  readonly world: PlantWorld;
  readonly random: Random;
  readonly liars: ReadonlyMap<string, Liar>;
  readonly deliver: (arrival: Arrival) => void;
}

/** Does what the device of an order does when the order reaches it. False: it has no such output. */
export function obey(world: PlantWorld, { asset, device, point, set, leaseMs }: Order): boolean {
  const { leases, silent } = world.model.assets[asset]?.actuator ?? {};
  // What stays as it was told, or cannot count, is told without a timer.
  const counts = leases === true && silent !== "hold" && leaseMs !== null;
  if (set.kind === "switch")
    return setCoil(world, `${device}/${point}`, { energised: set.on, ...(counts && { holdMs: leaseMs }) });
  const until = counts ? plantMs(world) + leaseMs : Infinity;
  return tellShare(world, asset, { share: set.share, until });
}

/** A late answer of a link with the fault «reorder» comes up to this much later, ms. */
const REORDER_MS = 1_500;

export interface Heard {
  readonly device: string;
  readonly begun: number;
  readonly at: number;
  readonly samples: readonly Sample[];
  readonly fast: boolean;
}

/** Hands samples to the controller, as far as the link's fault lets them pass in order and once. */
export function carry(
  { deliver, random }: Surroundings,
  mode: LinkMode | undefined,
  { device, begun, at, samples, fast }: Heard,
): void {
  const sampling: Sampling = { device, at: mono(Math.floor(begun)), samples };
  const late = mode === "reorder" ? random() * REORDER_MS : 0;
  deliver({ at: at + late, sampling, fast });
  if (mode === "duplicate") deliver({ at: at + late + random() * REORDER_MS, sampling, fast });
}
