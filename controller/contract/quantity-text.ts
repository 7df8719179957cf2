// People write quantities with their unit ("3.5 kVA", "200 ms", "40 %"); inside there is one SI unit each.
// A bare number is refused: the commonest mistake in a site file is kW where W was meant.

const UNITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  W: { W: 1, kW: 1e3, MW: 1e6 },
  Wp: { Wp: 1, kWp: 1e3, MWp: 1e6 },
  VA: { VA: 1, kVA: 1e3, MVA: 1e6 },
  Wh: { Wh: 1, kWh: 1e3, MWh: 1e6 },
  V: { V: 1, kV: 1e3 },
  A: { A: 1 },
  Hz: { Hz: 1 },
  "%": { "%": 0.01 },
  "°C": { "°C": 1, C: 1 },
  "/kWh": { "/kWh": 1, "/MWh": 1e-3 },
  ms: { ms: 1, s: 1e3, min: 6e4, h: 3.6e6, d: 8.64e7 },
};

const EXAMPLES: Readonly<Record<string, string>> = { ms: "5 min", "/kWh": "0.23/kWh" };

export type QuantityUnit = keyof typeof UNITS & string;

/** 47 × 0.01 is a little more than 0.47 in binary: what people wrote in decimals is the number nearest to it. */
const DECIMALS = 12;
const scaled = (digits: string, factor: number): number =>
  Number((Number(digits) * factor).toPrecision(DECIMALS));

/** Units accepted where `unit` is wanted, for messages: `W, kW, MW`. */
export const unitsOf = (unit: QuantityUnit): string => Object.keys(UNITS[unit] ?? {}).join(", ");

export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly why: string };

/** Parses text such as `3.5 kVA` into the SI value of `unit` (`%` gives 0..1, `ms` any duration). */
export function parseQuantity(text: unknown, unit: QuantityUnit): ParsedQuantity {
  const example = EXAMPLES[unit] ?? `5 ${unit}`;
  if (typeof text === "number")
    return { ok: false, why: `${text} has no unit; write for example "${example}"` };
  const match = typeof text === "string" ? /^\s*([+-]?\d+(?:\.\d+)?)\s*(\S+)\s*$/.exec(text) : null;
  if (match === null)
    return { ok: false, why: `expected a number with a unit (${unitsOf(unit)}), for example "${example}"` };
  const [, digits = "", written = ""] = match;
  const factor = UNITS[unit]?.[written];
  if (factor === undefined)
    return { ok: false, why: `unit "${written}" does not fit here; allowed: ${unitsOf(unit)}` };
  return { ok: true, value: scaled(digits, factor) };
}
