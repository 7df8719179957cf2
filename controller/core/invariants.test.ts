import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { PhaseName } from "@gridwright/contract/points.ts";
import { mono } from "@gridwright/contract/units.ts";
import fc from "fast-check";
import { decide } from "./decide.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { CALM, flow, type Given, plantState, SETTLED, settledMemory } from "./fixtures/scene.ts";
import { advance, hasSupply, type ToyPlant, toyPlant } from "./fixtures/toy-plant.ts";
import { layoutOf } from "./layout.ts";

const MODEL = hamlet((site) => {
  Object.assign(site, { control: { restoreInterval: "15 s", switchingsPerHour: 3 } });
  return site;
});
const LAYOUT = layoutOf(MODEL);
const VALUES = {
  "battery/soc": 0.78,
  "battery/battery_voltage": 52.1,
  "battery/battery_current": 40,
  "battery/discharge_current_limit": 420,
  "battery/charge_current_limit": 250,
  "battery/discharge_allowed": true,
  "battery/charge_allowed": true,
  "sun/power": 300,
  "sun/power_limit": 0.97,
  "grid/grid_power": 0,
  "grid/grid_present": false,
  "box/estop": false,
  "box/hand": false,
  "box/running": false,
};

const load = fc.constantFrom(...LAYOUT.loads.map(({ id }) => id));
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ demand: load, watts: fc.integer({ min: 3, max: 5_200 }) }) },
  { weight: 2, arbitrary: fc.record({ soc: fc.double({ min: 0.2, max: 0.9, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ weld: load }) },
  { weight: 1, arbitrary: fc.record({ source: fc.constantFrom("box/estop", "box/hand"), is: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 60, max: 420 }) }) },
  { weight: 1, arbitrary: fc.record({ sun: fc.integer({ min: 15, max: 14_000 }) }) },
  { weight: 1, arbitrary: fc.record({ silent: fc.constantFrom("main", "inverter", "relays", "battery") }) },
);
const script = fc.array(fc.record({ event, forS: fc.integer({ min: 2, max: 70 }) }), {
  minLength: 2,
  maxLength: 14,
});

function happen(plant: ToyPlant, what: Record<string, unknown>): void {
  const { demand, watts, soc, weld, source, is, limit, sun, silent } = what;
  if (typeof demand === "string") plant.demand[demand] = Number(watts);
  if (typeof soc === "number") plant.values["battery/soc"] = soc;
  if (typeof weld === "string") plant.welded.add(weld);
  if (typeof source === "string") plant.values[source] = Boolean(is);
  if (typeof limit === "number") plant.values["battery/discharge_current_limit"] = limit;
  if (typeof sun === "number") plant.values["sun/power"] = sun;
  for (const name of typeof silent === "string" ? MODEL.sources.keys() : [])
    if (name.startsWith(`${silent}/`)) plant.values[name] = null;
}

interface Seen {
  readonly plant: ToyPlant;
  readonly decisions: readonly Decision[];
  readonly before: ToyPlant["memory"];
}
type Check = (seen: Seen) => string | undefined;

const tierOf = (asset: string): number => LAYOUT.load.get(asset)?.spec.tier ?? -1;
const isOn = (memory: ToyPlant["memory"], asset: string): boolean => {
  const set = memory.wanted[asset]?.set;
  return set?.kind === "switch" && set.on;
};
const opened = (decisions: readonly Decision[]) =>
  decisions.filter(({ set, asset }) => set.kind === "switch" && set.on && LAYOUT.load.has(asset));

/** A load of a later tier on the phase that still has supply though it could have gone. */
function spared({ plant, decisions, before }: Seen): string | undefined {
  for (const { rule, reason, asset, skipped = [] } of decisions) {
    if (rule !== "overload") continue;
    const phase = String(reason.params.phase) as PhaseName;
    const later = LAYOUT.loads.find(
      ({ id, spec, actuator }) =>
        spec.tier > tierOf(asset) &&
        spec.phases.includes(phase) &&
        actuator?.locked === false &&
        isOn(before, id) &&
        isOn(plant.memory, id) &&
        !skipped.some((skip) => skip.asset === id),
    );
    if (later !== undefined) return `${later.id} stays on while ${asset} goes`;
  }
  return undefined;
}

const CHECKS: Readonly<Record<string, Check>> = {
  "I1 tier 0 is never switched off": ({ plant }) =>
    LAYOUT.loads.find(({ id, spec }) => spec.tier === 0 && !isOn(plant.memory, id))?.id,
  "I2 less needed loads on the phase go first, or are passed over with a reason": spared,
  "I3 no more closings within the hour than the site allows": ({ plant }) =>
    Object.entries(plant.memory.switched).find(
      ([id, { closings }]) =>
        LAYOUT.load.has(id) && closings.filter((at) => plant.now - at < 3_600_000).length > 3,
    )?.[0],
  "I4 a load comes back only after its rest": ({ plant, decisions, before }) =>
    opened(decisions).find(({ asset, rule }) => {
      const rest = LAYOUT.load.get(asset)?.spec.minOff ?? 0;
      return rule !== "manual-hold" && plant.now - (before.wanted[asset]?.since ?? 0) < rest;
    })?.asset,
  "I8 nothing moves in the first 30 s but by a rule that protects": ({ plant, decisions }) =>
    plant.now - 11_000 < 30_000
      ? decisions.find(({ rule }) => ["ladder", "requests", "restoration", "default"].includes(rule))?.asset
      : undefined,
  "I12 what is in Hand is not switched": ({ plant, decisions }) =>
    plant.observation.points.get("box/hand")?.quality === "fresh" && plant.values["box/hand"] === true
      ? decisions.find(({ asset, rule }) => asset === "pump" && rule !== "manual-hold")?.asset
      : undefined,
  "I13 one restoration at a time, and not before its interval": ({ plant, decisions, before }) => {
    const back = decisions.filter(
      ({ rule, set }) => rule === "restoration" && set.kind === "switch" && set.on,
    );
    const early = back.length > 0 && before.restored !== null && plant.now - before.restored.at < 15_000;
    return back.length > 1 || early ? back.map(({ asset }) => asset).join() : undefined;
  },
  "what feeds the controller keeps its supply": ({ plant }) =>
    hasSupply(MODEL, plant, "router") ? undefined : "router",
};

function holds(plant: ToyPlant, before: ToyPlant["memory"]): void {
  const seen = { plant, before, decisions: plant.last?.decisions ?? [] };
  for (const [name, check] of Object.entries(CHECKS)) {
    const broken = check(seen);
    assert.equal(broken, undefined, `${name}: at ${plant.now}: ${broken}`);
  }
}

function goOn(plant: ToyPlant, ms: number): void {
  for (let left = ms; left > 0; left -= 200) {
    const before = plant.memory;
    advance(MODEL, plant);
    holds(plant, before);
  }
}

describe("invariants over random hours of a toy plant", () => {
  it(`${Object.keys(CHECKS).join("; ")}; memory is the same after a trip through text`, () => {
    fc.assert(
      fc.property(script, (events) => {
        const plant = toyPlant(MODEL, { ...VALUES });
        for (const { event: what, forS } of events) {
          happen(plant, what);
          goOn(plant, forS * 1_000);
          const copy = JSON.parse(JSON.stringify(plant.memory)) as ToyPlant["memory"];
          assert.deepEqual(copy, plant.memory);
          plant.memory = copy;
        }
      }),
      { numRuns: 15, seed: 4_711 },
    );
  });
});

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value) && !(value instanceof Map)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
};

/** Loads that one decide() from equal memory switches off, a second into an excess. */
function shedBy(given: Given): readonly string[] {
  const memory = frozen(settledMemory(MODEL));
  const first = decide({ model: MODEL, state: plantState(MODEL, SETTLED, given), memory, requests: [] });
  const state = plantState(MODEL, SETTLED + 1_100, given);
  const second = decide({ model: MODEL, state, memory: frozen(first.memory), requests: [] });
  const again = decide({ model: MODEL, state, memory: first.memory, requests: [] });
  assert.deepEqual(again, second, "I16 same inputs, same step");
  return [...first.decisions, ...second.decisions].flatMap(({ asset, set }) =>
    set.kind === "switch" && !set.on ? [asset] : [],
  );
}

const va = fc.integer({ min: 800, max: 11_000 });
const phases = fc.tuple(va, va, va);

describe("metamorphic laws of one decide()", () => {
  const amps = fc.integer({ min: 30, max: 420 });
  it("a higher discharge limit never sheds more", () => {
    fc.assert(
      fc.property(phases, amps, amps, (loads, limit, more) => {
        const at = (dcl: number) =>
          shedBy({
            ...CALM,
            ...flow("main", loads),
            ...flow("inverter", loads),
            "battery/discharge_current_limit": dcl,
          });
        assert.ok(at(limit + more).length <= at(limit).length);
      }),
      { numRuns: 60, seed: 99 },
    );
  });
  it("more sun never sheds more", () => {
    const sun = fc.integer({ min: 10, max: 6_000 });
    fc.assert(
      fc.property(phases, sun, sun, (loads, watts, more) => {
        const at = (power: number) => {
          const net = loads.map((part) => part - power / 3) as [number, number, number];
          const given = { ...CALM, ...flow("main", loads), ...flow("inverter", net), "sun/power": power };
          return shedBy({ ...given, "battery/discharge_current_limit": 150 });
        };
        assert.ok(at(watts + more).length <= at(watts).length);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

it("a state without a single reading is decided too", () => {
  const empty = plantState(MODEL, SETTLED, {});
  const { desired, decisions } = decide({
    model: MODEL,
    state: empty,
    memory: settledMemory(MODEL, {}),
    requests: [],
  });
  assert.deepEqual(decisions, []);
  assert.equal(desired.length, LAYOUT.actuators.length);
  assert.equal(mono(SETTLED), empty.now);
});
