// An emergency stop is a wire; software only sees it, takes supply away below it and refuses to give it back until it
// is released and a person starts again. A stop that cannot be read stays as it was last seen.
import type { Mono } from "@gridwright/contract/units.ts";
import { barred } from "../shed.ts";
import type { Condition } from "../step.ts";
import { type Bound, inputOf, OFF, type Rule, reason, type Tick } from "../tick.ts";
import { flagOf } from "../view.ts";

function pressedStops({ layout, state, memory }: Tick): Record<string, Mono> {
  const stops: Record<string, Mono> = {};
  for (const { id, points } of layout.nodes.values()) {
    const source = points.estop;
    if (source === undefined) continue;
    const pressed = flagOf(state, source) ?? memory.stops[id] !== undefined;
    if (pressed) stops[id] = memory.stops[id] ?? state.now;
  }
  return stops;
}

function boundsOf(tick: Tick, stop: string): Bound[] {
  const { view, layout } = tick;
  return (layout.nodes.get(stop)?.loads ?? []).flatMap((index): Bound[] => {
    const load = view.loads[index];
    const { actuator, spec, id } = load?.plan ?? {};
    if (load === undefined || id === undefined || actuator === undefined || actuator.locked) return [];
    if (spec?.tier === 0 || barred(tick, load)?.code === "skipped-hand") return [];
    return [
      {
        asset: id,
        set: OFF,
        reason: reason("estop-pressed", { source: stop }),
        until: reason("until-released"),
        inputs: [inputOf(tick, stop, "estop")],
      },
    ];
  });
}

/** What a stop switched off waits for a person, whatever else keeps it off meanwhile. */
function stoppedBy({ memory, view, layout, state }: Tick, bounds: readonly Bound[]): Record<string, Mono> {
  const waiting = Object.entries(memory.stopped).filter(
    ([id]) => view.loads[layout.load.get(id)?.index ?? -1]?.wanted === false,
  );
  const now = bounds.map(({ asset }) => [asset, memory.stopped[asset] ?? state.now] as const);
  return Object.fromEntries([...waiting, ...now]);
}

export const emergencyStop: Rule = {
  name: "emergency-stop",
  protects: true,
  apply(tick) {
    const stops = pressedStops(tick);
    const pressed = Object.keys(stops);
    const conditions = pressed.map(
      (source): Condition => ({
        id: `estop/${source}`,
        severity: "critical",
        reason: reason("alarm-estop", { source }),
      }),
    );
    const bounds = pressed.flatMap((stop) => boundsOf(tick, stop));
    return { bounds, memory: { stops, stopped: stoppedBy(tick, bounds) }, conditions };
  },
};
