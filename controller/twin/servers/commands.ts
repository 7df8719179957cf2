// Commands on the pace line, for tests, the command line and the curious: begin or clear a fault, reset a tripped
// inverter, set a coil by hand as a person at the device would, ask for true values and for the state of relays, and the
// phrases of scenario files.
import { z } from "zod";
import { Fault } from "../plant/faults.ts";
import { beginFault, endFault } from "../plant/plant.ts";
import { quantity } from "../plant/quantity.ts";
import { setCoil } from "../plant/relays.ts";
import { resetInverter } from "../plant/schedule.ts";
import { type PlantWorld, plantEpoch, plantMs } from "../plant/world.ts";
import { Expects, Happens, makeHappen, witness } from "./witness.ts";

const QUERY_MAX = 2_000;

const Command = z.union([
  z.strictObject({ id: z.unknown(), fault: Fault, forMs: z.number().positive().optional() }),
  z.strictObject({ id: z.unknown(), clear: Fault }),
  z.strictObject({ id: z.unknown(), reset: z.literal("inverter") }),
  z.strictObject({ id: z.unknown(), coil: z.string().max(128), energised: z.boolean() }),
  z.strictObject({ id: z.unknown(), query: z.array(z.string().max(128)).max(QUERY_MAX) }),
  Happens,
  Expects,
]);

/** Supply of each load, and the coil that switches it (null: none, or it is not switched). */
const relays = (world: PlantWorld) =>
  Object.fromEntries(
    world.loads.map(({ id, supplied, coil }) => [id, { supplied, energised: coil?.energised ?? null }]),
  );

function values(world: PlantWorld, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const [asset = "", point = ""] = name.split("/");
      return [name, quantity(world, asset, point) ?? null];
    }),
  );
}

/** Carries out one command line; a mistake comes back as `{error}`. */
export function obey(world: PlantWorld, line: Readonly<Record<string, unknown>>): unknown {
  const parsed = Command.safeParse({ id: undefined, ...line });
  const echo = line.id === undefined ? {} : { id: line.id };
  if (!parsed.success)
    return {
      ...echo,
      error: "expected one of fault, clear, reset, coil, query, happens, expects",
      detail: z.prettifyError(parsed.error),
    };
  const command = parsed.data;
  const at = { ...echo, m: plantMs(world), t: plantEpoch(world) };
  const faults = world.faults.map(({ fault }) => fault);
  if ("query" in command)
    return { ...at, values: values(world, command.query), relays: relays(world), faults };
  if ("happens" in command) return { ...at, ...makeHappen(world, command) };
  if ("expects" in command) return { ...at, ...witness(world, command) };
  if ("fault" in command) beginFault(world, command.fault, command.forMs);
  if ("clear" in command) endFault(world, command.clear);
  if ("reset" in command) resetInverter(world);
  if ("coil" in command) {
    const { coil, energised } = command;
    if (!setCoil(world, coil, { energised })) return { ...echo, error: `no coil ${coil}` };
  }
  return { ...at, ok: true, faults: world.faults.map(({ fault }) => fault) };
}
