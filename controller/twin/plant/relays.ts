// The coils of all relay boards and plugs, with the devices' own timers counted in plant time, and which load has
// supply because of them. A command sets a coil; when its timer runs out the device goes back by itself.
import { faultOf } from "./faults.ts";
import { type Coil, type LoadState, type PlantWorld, plantMs } from "./world.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Energises or releases a coil; with `holdMs` (plant time) it goes back by itself. False: no such coil. */
export function setCoil(
  world: PlantWorld,
  source: string,
  command: { readonly energised: boolean; readonly holdMs?: number },
): boolean {
  const coil = world.coils.get(source);
  if (coil === undefined) return false;
  move(coil, command.energised);
  coil.revertAt = command.holdMs === undefined ? NEVER : plantMs(world) + command.holdMs;
  for (const load of world.loads)
    if (load.coil === coil && load.onPowerUp === "off" && load.closesAt === NEVER) load.closesAt = world.m;
  return true;
}

function move(coil: Coil, energised: boolean): void {
  if (coil.energised !== energised) coil.changes++;
  coil.energised = energised;
}

/** Runs the devices' timers. */
export function runCoils(world: PlantWorld): void {
  for (const coil of world.coilList)
    if (world.m >= coil.revertAt) {
      move(coil, !coil.energised);
      coil.revertAt = NEVER;
    }
}

export const staggerMs = (load: LoadState): number =>
  load.onPowerUp === "on" ? 0 : load.tier * 20_000 + (load.seed % 15_000);

/** Opens every contactor when the bus dies; they close by themselves, staggered by tier, when it is back. */
export function followBus(world: PlantWorld, alive: boolean): void {
  if (alive === world.busAlive) return;
  world.busAlive = alive;
  for (const load of world.loads) {
    if (!alive) load.closesAt = NEVER;
    else if (load.onPowerUp !== "off") load.closesAt = world.m + staggerMs(load);
    else if (load.coil === undefined) load.closesAt = world.m;
  }
}

/** Whether the load's contact is closed, whatever the bus. */
export function contactClosed(load: LoadState): boolean {
  return load.welded || load.coil === undefined || load.coil.energised !== load.inverted;
}

export const hasSupply = (world: PlantWorld, load: LoadState): boolean =>
  world.busAlive && world.m >= load.closesAt && contactClosed(load);

/** Renews which relays are welded, after faults changed. */
export function weld(world: PlantWorld): void {
  for (const load of world.loads) load.welded = faultOf(world.faults, "relay-welded", load.id) !== undefined;
}
