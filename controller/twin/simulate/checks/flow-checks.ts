// Invariants of what flows to and from the grid, for plants that have agreed to something: export, import, setpoints of
// batteries, and loads that run on surplus sun only. Looks at the simulated truth and at what was commanded.
import { type Asset, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "@gridwright/core/kept-beside.ts";
import { numberOf } from "@gridwright/core/view.ts";
import type { Check, Tick } from "../tick.ts";
import { ofKind } from "./of-kind.ts";

/** Two seconds and a few stages (control.md, I5); batteries have a few seconds more. */
const EXCESS_MAX_MS = 15_000;
const SLACK_W = 150;
const START_MS = 40_000;
const WINDOW_MS = 900_000;
const BORROWED_W = 1_500;
const BORROWED_MS = 180_000;

const gridSpec = ({ model }: Tick) => ofKind(model, "grid")[0]?.spec;
const importedW = ({ world }: Tick): number =>
  world.grid.accepted ? world.phases.reduce((sum, { acInW }) => sum + acInW, 0) : 0;

function lasting(over: (tick: Tick) => string | undefined, forMs: number): Check {
  let since: number | undefined;
  return (tick) => {
    const what = tick.state.now - tick.step.memory.startedAt < START_MS ? undefined : over(tick);
    since = what === undefined ? undefined : (since ?? tick.state.now);
    return since !== undefined && tick.state.now - since > forMs ? what : undefined;
  };
}

/** W of sun that nobody can limit, or whose device may not hear it: what was agreed cannot be kept with it. */
const untoldW = ({ model, world, trust }: Tick): number =>
  world.arrays.reduce((sum, { id, powerW }) => {
    const device = model.assets[id]?.actuator?.device;
    return sum + (device === undefined || trust.doubts(device) ? powerW : 0);
  }, 0);

/** Sources of what is told of assets of these kinds, with the device of each. */
const toldOf = (kinds: readonly Asset["kind"][]) =>
  keptBeside((model: SiteModel) =>
    Object.values(model.assets)
      .filter(({ spec }) => kinds.includes(spec.kind))
      .flatMap(({ points }) => Object.values(points))
      .map((source) => ({ source, device: source.split("/")[0] ?? "" })),
  );
const OF_FLOW = toldOf(["grid", "battery"]);
const OF_SOURCES = toldOf(["grid", "inverter", "battery", "pv"]);

/** Whether the connection's meter, or a battery that is told by what it says it gives, says what is not true unnoticed. */
const isLiedTo = ({ model, trust, state }: Tick): boolean =>
  OF_FLOW(model).some(({ source, device }) => trust.doubts(device) && numberOf(state, source) !== undefined);

const exportsTooMuch = (): Check =>
  lasting((tick) => {
    if (isLiedTo(tick)) return undefined;
    const { exportMax } = gridSpec(tick) ?? {};
    const out = -importedW(tick) - untoldW(tick);
    return exportMax !== undefined && out > exportMax + SLACK_W
      ? `${out.toFixed(0)} W flow to the grid, ${exportMax} were agreed`
      : undefined;
  }, EXCESS_MAX_MS);

function importsTooMuch(): Check {
  let sum = 0;
  let since = 0;
  return (tick) => {
    const { importMax } = gridSpec(tick) ?? {};
    if (importMax === undefined) return undefined;
    sum += Math.max(0, importedW(tick));
    since += 1_000;
    if (since < WINDOW_MS) return undefined;
    const mean = (sum * 1_000) / since;
    sum = 0;
    since = 0;
    return mean > importMax * 1.02 ? `${mean.toFixed(0)} W on average, ${importMax} were agreed` : undefined;
  };
}

interface Told {
  readonly id: string;
  readonly watts: number;
  readonly giveMax: number;
  readonly takeMax: number;
}

function told({ model, state, step }: Tick): readonly Told[] {
  return step.desired.flatMap(({ asset, set }): Told[] => {
    const { spec, points = {} } = model.assets[asset] ?? {};
    if (set.kind !== "setpoint" || spec?.kind !== "battery") return [];
    const volts = numberOf(state, points.battery_voltage) ?? 0;
    const amps = (point: string): number => numberOf(state, points[point]) ?? 0;
    return [
      {
        id: asset,
        watts: set.share * (spec.power ?? 0),
        giveMax: amps("discharge_current_limit") * volts,
        takeMax: amps("charge_current_limit") * volts,
      },
    ];
  });
}

/** After a start what was told stands until the first answers have come. */
const FIRST_ANSWERS_MS = 5_000;

const passesLimits: Check = (tick) => {
  if (tick.state.now - tick.step.memory.startedAt < FIRST_ANSWERS_MS) return undefined;
  const over = told(tick).find(({ watts, giveMax, takeMax }) => watts > giveMax + 1 || -watts > takeMax + 1);
  return (
    over &&
    `${over.id} is told ${over.watts.toFixed(0)} W, ${over.takeMax.toFixed(0)} to ${over.giveMax.toFixed(0)}`
  );
};

const chargesAnother: Check = (tick) => {
  const all = told(tick);
  const [gives, takes] = [all.find(({ watts }) => watts > 0), all.find(({ watts }) => watts < 0)];
  return gives && takes && `${gives.id} charges ${takes.id}`;
};

const runsWithoutSun = (): Check =>
  lasting((tick) => {
    const short = tick.world.phases.reduce((sum, { loadW, pvW }) => sum + loadW - pvW, 0);
    if (short < BORROWED_W) return undefined;
    // By a device that tells no truth.
    if (OF_SOURCES(tick.model).some(({ device }) => tick.trust.doubts(device))) return undefined;
    return tick.step.desired.find(({ asset, set, rule }) => {
      // When somebody asks, or switches it on at the device, it runs without the sun.
      if (rule === "requests" || rule === "manual-hold") return false;
      const spec = tick.model.assets[asset]?.spec;
      const waits = spec !== undefined && isConsumer(spec) && spec.runs === "surplus";
      const draws = (tick.world.loadById.get(asset)?.powerW ?? 0) > BORROWED_W / 2;
      return waits && draws && (set.kind === "switch" ? set.on : set.share > 0);
    })?.asset;
  }, BORROWED_MS);

/** New checks for one run. */
export const flowChecks = (): Readonly<Record<string, Check>> => ({
  "I5 no more is exported than was agreed": exportsTooMuch(),
  "I5 no more is imported than was agreed": importsTooMuch(),
  "I5 a setpoint keeps the limits of its battery": passesLimits,
  "no battery charges another": chargesAnother,
  "what waits for sun runs on sun": runsWithoutSun(),
});
