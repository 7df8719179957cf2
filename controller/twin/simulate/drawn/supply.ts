// The sources of a drawn site: inverter with its overload curve, batteries with what their management allows, arrays with
// and without a limit, a line, a generating set; each with the devices that measure it, from the profiles that come along.
import {
  contact,
  type Draft,
  device,
  kilo,
  line,
  percent,
  relay,
  speaker,
  tcp,
  type Words,
} from "./draft.ts";

const BANK_V = 51.2;
const NOMINAL_V = 230;

/** Meters by the number of phases that they have. */
const METERS = {
  1: ["eastron-sdm120", "eastron-sdm230", "abb-b21"],
  3: ["eastron-sdm630", "abb-b23", "carlo-gavazzi-em24", "chint-dtsu666", "schneider-iem3000"],
} as const;
export const meterFor = ({ dice }: Draft, phases: number): string =>
  phases === 1 ? dice.one(METERS[1]) : dice.one(METERS[3]);

const CURVES: readonly [Words, ...Words[]] = [
  [
    { load: "110 %", for: "30 min" },
    { load: "130 %", for: "1 min" },
    { load: "200 %", for: "5 s" },
  ],
  [
    { load: "120 %", for: "10 min" },
    { load: "150 %", for: "30 s" },
    { load: "300 %", for: "3 s" },
  ],
  [
    { load: "105 %", for: "10 min" },
    { load: "125 %", for: "1 min" },
    { load: "150 %", for: "10 s" },
  ],
];

function inverter(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const hot = dice.chance(0.3);
  if (hot) {
    draft.phaseVa *= 0.9;
    draft.firmVa *= 0.9;
  }
  assets.inverter = {
    ...{ kind: "inverter", name: "Inverter", phases: frame.phases, rating: kilo(frame.ratingVa, "VA") },
    ...(hot && { hotRating: kilo(frame.ratingVa * 0.9, "VA") }),
    ...(dice.chance(0.7) && { overload: dice.one(CURVES) }),
  };
}

/** The gateway of a Victron plant: inverter, battery and the plant as a whole on one link. */
function gateway(draft: Draft): void {
  const { assets, frame } = draft;
  const link = tcp(draft, "gx");
  device(draft, "gx-system", { link, unit: 100, profile: "victron-gx-system" });
  device(draft, "gx-inverter", { link, unit: 227, profile: "victron-gx-vebus" });
  device(draft, "gx-battery", { link, unit: 225, profile: "victron-gx-battery" });
  assets.inverter = { ...assets.inverter, measure: "gx-inverter" };
  const points = {
    charge_allowed: "gx-inverter/charge_allowed",
    discharge_allowed: "gx-inverter/discharge_allowed",
  };
  assets.battery = { ...assets.battery, measure: "gx-battery", points };
  if (frame.supply === "backup")
    assets.grid = {
      ...assets.grid,
      points: { power: "gx-system/grid_power", grid_present: "gx-system/grid_present" },
    };
}

/** A battery that tells of itself, beside an inverter that tells nothing: the feeder's meter is all there is. */
function bareInverter(draft: Draft): void {
  const { dice, assets } = draft;
  if (dice.chance(0.4)) speaker(draft, "battery", "json-battery");
  else device(draft, "battery", { link: tcp(draft, "battery"), profile: "sunspec-storage" });
  assets.battery = { ...assets.battery, measure: "battery" };
}

function battery(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const capacity = Math.round((frame.ratingVa * dice.between(1.2, 4.5)) / 500) * 500;
  const socMin = dice.one([0.05, 0.1, 0.15, 0.2]);
  const limited = dice.chance(0.3);
  const amps = Math.round(capacity / BANK_V);
  if (limited) draft.firmVa = Math.min(draft.firmVa, amps * 46 * 0.92 * 0.7);
  assets.battery = {
    ...{ kind: "battery", name: "Battery", phases: frame.phases, capacity: kilo(capacity, "Wh") },
    socMin: percent(socMin),
    ...(dice.chance(0.3) && { restartReserve: dice.one(["2 %", "6 %"]) }),
    ...(dice.chance(0.2) && socMin >= 0.1 && { bmsMin: percent(socMin - 0.05) }),
    ...(limited && { dischargeMax: `${amps} A`, cutOff: "46 V" }),
    ...(frame.supply === "backup" && dice.chance(0.3) && { reserve: percent(dice.one([0.3, 0.4])) }),
  };
}

/** Batteries with inverters of their own that form nothing. */
function toldBatteries(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const count = dice.whole(1, 2);
  for (let place = 1; place <= count; place += 1) {
    const id = `battery-${place}`;
    if (dice.chance(0.5)) speaker(draft, id, "json-battery");
    else device(draft, id, { link: tcp(draft, id), profile: "sunspec-storage" });
    const power = dice.one([1_500, 2_500, 4_000]);
    assets[id] = {
      ...{ kind: "battery", name: `Battery ${place}`, phases: frame.phases, measure: id },
      ...{ capacity: kilo(power * dice.one([2, 3]), "Wh"), power: kilo(power, "W") },
      setpoint: `${id}/battery_setpoint`,
      ...(dice.chance(0.3) && { reserve: "30 %" }),
      ...(dice.chance(0.3) && { socMax: "95 %" }),
    };
  }
}

function grid(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const phases = frame.phases.length;
  const weak = frame.weak ? dice.one([6, 10, 16]) : dice.one([25, 32, 40]);
  const bears = frame.ratingVa / phases / NOMINAL_V;
  const breaker = frame.supply === "backup" ? weak : Math.floor(bears);
  const importMax = breaker * NOMINAL_V * phases * dice.between(0.5, 0.8);
  assets.grid = {
    ...{ kind: "grid", name: "Line", phases: frame.phases, breaker: `${breaker} A` },
    ...(!frame.weak && dice.chance(0.4) && { importMax: kilo(importMax, "W") }),
    ...(!frame.weak && dice.chance(0.6) && { exportMax: dice.one(["0 W", "1 kW", "3 kW"]) }),
    ...(dice.chance(0.2) && { returns: { after: "2 min" } }),
  };
  if (frame.supply === "backup") return;
  draft.phaseVa = breaker * NOMINAL_V;
  const profile = meterFor(draft, phases);
  device(draft, "line-meter", { link: line(draft, "meter-line", 38_400), profile });
  assets.grid = { ...assets.grid, measure: "line-meter" };
}

const ARRAYS = [
  "sunspec-inverter",
  "sunspec-der",
  "fronius-gen24",
  "solaredge-inverter",
  "sma-tripower",
] as const;
const LIMITED: ReadonlySet<string> = new Set(["sunspec-inverter", "sunspec-der", "fronius-gen24"]);

function arrays(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const count = dice.one([0, 1, 1, 1, 2]);
  for (let place = 1; place <= count; place += 1) {
    const id = `roof-${place}`;
    const profile = dice.one(ARRAYS);
    device(draft, id, { link: tcp(draft, id), profile });
    const phases = dice.chance(0.5) ? frame.phases : frame.phases.slice(0, 1);
    const rating =
      Math.min(frame.ratingVa, 12_000) * dice.between(0.3, 0.9) * (phases.length / frame.phases.length);
    assets[id] = {
      ...{ kind: "pv", name: `Roof ${place}`, phases, rating: kilo(rating, "W"), measure: id },
      ...{ azimuth: dice.whole(90, 270), tilt: dice.one([10, 25, 40]) },
      ...(LIMITED.has(profile) && dice.chance(0.8) && { limit: `${id}/power_limit` }),
      ...(profile === "sunspec-der" &&
        assets.grid?.exportMax !== undefined && { limit: `${id}/power_limit`, onSilence: "40 %" }),
    };
  }
}

function generator(draft: Draft): void {
  const { dice, frame, assets } = draft;
  const measured = dice.chance(0.4);
  if (measured)
    device(draft, "genset-meter", {
      link: line(draft, "genset-line", 9_600),
      profile: meterFor(draft, frame.phases.length),
    });
  const tank = dice.chance(0.3) && draft.devices["gx-system"] !== undefined;
  if (tank) device(draft, "gx-tank", { link: "gx", unit: 20, profile: "victron-gx-tank" });
  assets.genset = {
    ...{ kind: "generator", name: "Generating set", phases: frame.phases },
    rating: kilo(frame.ratingVa * dice.between(0.5, 0.9), "VA"),
    switch: contact(relay(draft), false),
    ...(measured && { measure: "genset-meter" }),
    ...(tank && { tank: "80 kWh", points: { level: "gx-tank/level" } }),
    ...(dice.chance(0.3) && {
      minRun: dice.one(["5 min", "20 min"]),
      minStop: dice.one(["2 min", "10 min"]),
    }),
    ...(dice.chance(0.3) && { quiet: { from: "22:00", to: "06:30" } }),
    ...(dice.chance(0.2) && { loadStart: { above: "85 %", for: "3 min", below: "50 %" } }),
    ...(dice.chance(0.2) && { onMeterLoss: dice.one(["keep", "stop", "start"]) }),
    ...(dice.chance(0.2) && frame.supply === "island" && { testRun: { every: "1 d", at: "11:00" } }),
  };
}

/** Writes all sources into the draft, and the feeder below which loads hang; gives that feeder's id. */
export function drawSupply(draft: Draft): string {
  const { dice, frame, assets } = draft;
  const hybrid = frame.supply === "island" || frame.supply === "backup";
  if (frame.supply !== "island") grid(draft);
  if (hybrid) {
    inverter(draft);
    battery(draft);
  }
  if (frame.supply === "beside") toldBatteries(draft);
  const bare = frame.supply === "island" && dice.chance(0.3);
  if (bare) bareInverter(draft);
  else if (hybrid) gateway(draft);
  arrays(draft);
  if (hybrid && dice.chance(0.45)) generator(draft);
  const metered = bare || dice.chance(0.6);
  if (metered)
    device(draft, "main-meter", {
      link: line(draft, "main-line", 38_400),
      profile: meterFor(draft, frame.phases.length),
    });
  assets.feeder = {
    ...{ kind: "feeder", name: "Main feeder", phases: frame.phases, parent: hybrid ? "inverter" : "grid" },
    ...(metered && { measure: "main-meter" }),
    ...(dice.chance(0.4) && {
      breaker: `${Math.ceil((draft.phaseVa / NOMINAL_V) * dice.between(1, 1.5))} A`,
    }),
  };
  return "feeder";
}
