// What the community of a drawn site agreed to: its ladder by charge, voltage or hours, what must be sure in an outage,
// allowances, the envelope, and the controller's own times. Steps keep the distances that `check` asks for.
import { type Draft, type Entry, percent } from "./draft.ts";

interface Scale {
  /** Where the first step begins, and how far the next is below it. */
  readonly first: number;
  readonly step: number;
  readonly gap: number;
  readonly floor: number;
  readonly text: (value: number) => string;
}

const socOf = (entry: Entry | undefined): number => Number.parseFloat(String(entry?.socMin ?? "10 %")) / 100;

function scaleOf({ dice, assets }: Draft): Scale {
  const by = dice.one(["soc", "soc", "soc", "soc", "voltage", "hours"]);
  if (by === "voltage")
    return {
      first: 51.9,
      step: 0.4,
      gap: 0.7,
      floor: 50.1,
      text: (value) => `${Math.round(value * 10) / 10} V`,
    };
  if (by === "hours")
    return {
      first: dice.between(6, 14),
      step: 2.5,
      gap: 3,
      floor: 1.2,
      text: (value) => `${Math.round(value * 10) / 10} h`,
    };
  const first = dice.between(0.4, 0.65);
  return {
    first,
    step: dice.between(0.06, 0.12),
    gap: dice.between(0.08, 0.16),
    floor: socOf(assets.battery) + 0.06,
    text: percent,
  };
}

/** Steps from the fullest battery down, as many as there is room for. */
function ladder(draft: Draft): Entry[] {
  const { dice, assets } = draft;
  const { first, step, gap, floor, text } = scaleOf(draft);
  const cars = Object.values(assets).some(({ kind }) => kind === "ev");
  const wished: Entry[] = [
    ...(dice.chance(0.9) ? [{ name: "spare the water heaters", shed: 4 }] : []),
    ...(cars && assets.genset && dice.chance(0.5)
      ? [{ name: "no car from the set", pause: "charging" }]
      : []),
    ...(assets.genset ? [{ name: "start the set", start: "genset" }] : []),
    ...(dice.chance(0.85) ? [{ name: "spare machines and pump", shed: 3 }] : []),
    ...(dice.chance(0.7) ? [{ name: "lights and fridges only", shed: 2 }] : []),
    ...(dice.chance(0.25) ? [{ name: "what a life hangs on", shed: 1 }] : []),
  ];
  return wished.flatMap((what, place) => {
    const below = first - place * step;
    return below < floor ? [] : [{ ...what, below: text(below), restore: text(below + gap) }];
  });
}

function outage({ dice }: Draft): Entry {
  if (!dice.chance(0.5)) return {};
  return { outage: { essentials: dice.one(["0 h", "24 h", "5 d"]), normal: dice.one(["0 h", "12 h"]) } };
}

function fairness({ dice }: Draft): Entry {
  if (!dice.chance(0.4)) return {};
  return {
    fairness: {
      ...(dice.chance(0.7) && { allowance: dice.one(["4 kWh", "8 kWh", "15 kWh"]) }),
      ...(dice.chance(0.5) && { powerLimit: dice.one(["2 kVA", "4 kVA"]) }),
      ...(dice.chance(0.3) && { warn: "3 min" }),
      ...(dice.chance(0.3) && { scarcity: { below: "50 %", factor: 0.5 } }),
    },
  };
}

function envelope({ dice, assets }: Draft): Entry {
  if (!dice.chance(0.35)) return {};
  const never = Object.keys(assets).filter(
    (id) => assets[id]?.switch !== undefined && assets[id]?.optOut === true,
  );
  return {
    envelope: {
      ...(dice.chance(0.5) && { perPass: dice.whole(1, 3) }),
      ...(dice.chance(0.4) && { perHour: dice.whole(4, 12) }),
      ...(dice.chance(0.4) && { closingsPerDay: dice.whole(6, 12) }),
      ...(dice.chance(0.3) && { futileAfter: 2 }),
      ...(never.length > 0 && dice.chance(0.5) && { never }),
    },
  };
}

function control({ dice }: Draft): Entry {
  if (!dice.chance(0.5)) return {};
  return {
    control: {
      ...(dice.chance(0.4) && { restoreInterval: dice.one(["10 s", "30 s", "1 min"]) }),
      ...(dice.chance(0.4) && { lease: dice.one(["2 min", "10 min"]) }),
      ...(dice.chance(0.3) && { switchingsPerHour: dice.one([2, 3, 6]) }),
      ...(dice.chance(0.3) && { overrideFor: "10 min" }),
      ...(dice.chance(0.3) && { shedAtBudget: dice.one(["30 %", "60 %"]) }),
      ...(dice.chance(0.3) && { instantOverload: dice.one(["140 %", "170 %"]) }),
      ...(dice.chance(0.3) && { firmPv: dice.one(["20 %", "50 %"]) }),
      ...(dice.chance(0.2) && { startHold: "45 s" }),
    },
  };
}

/** All keys of the file that are no equipment. */
export function drawAgreed(draft: Draft): Entry {
  const { assets } = draft;
  const steps = assets.battery === undefined ? [] : ladder(draft);
  return {
    ...(steps.length > 0 && { ladder: steps }),
    ...outage(draft),
    ...fairness(draft),
    ...envelope(draft),
    ...control(draft),
  };
}
