// What an AC input may take of a generating set, where control can tell it: looks at the simulated truth alone.
import type { Check, Tick } from "../tick.ts";
import { ofKind } from "./of-kind.ts";

/** From the set's connection, or from the battery's word, until the input was told and followed. */
const PATIENCE_MS = 15_000;
const SLACK = 1.03;

/** W that the set gives lastingly; undefined: nothing bounds it, or the battery may not give the rest. */
function boundW({ model, world }: Tick): number | undefined {
  const told = ofKind(model, "inverter").some(({ id }) => model.assets[id]?.actuator?.locked === false);
  const [set] = ofKind(model, "generator");
  if (!told || set === undefined || world.grid.accepted || world.generator.state !== "running")
    return undefined;
  const { rating, loadMax } = set.spec;
  const helpsW = world.battery.dischargeLimit * world.battery.voltage;
  // Near its end the battery's word changes from tick to tick.
  return helpsW > 2 * rating * (1 - loadMax) ? rating * loadMax : undefined;
}

function takesTooMuch(): Check {
  let since: number | undefined;
  return (tick) => {
    const bound = boundW(tick);
    const { powerW } = tick.world.generator;
    const isOver = bound !== undefined && tick.trust.clear && powerW > bound * SLACK;
    since = isOver ? (since ?? tick.state.now) : undefined;
    return since !== undefined && tick.state.now - since > PATIENCE_MS
      ? `the set gives ${powerW.toFixed(0)} W, ${bound?.toFixed(0)} were to be its most`
      : undefined;
  };
}

/** New checks for one run. */
export const inputChecks = (): Readonly<Record<string, Check>> => ({
  "an AC input takes no more of a set than that bears lastingly": takesTooMuch(),
});
