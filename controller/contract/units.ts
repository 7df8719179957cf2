// Quantities carry their unit in the type: power is always W, energy Wh, time ms, shares 0..1.
// Convert only at the edge (see quantity-text.ts, profile.ts); where a brand cannot go, the name ends in its unit.

declare const unit: unique symbol;

/** A number that knows its unit at compile time and is a plain number at run time. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

export type Watts = Quantity<"W">;
export type VoltAmps = Quantity<"VA">;
export type Volts = Quantity<"V">;
export type Amps = Quantity<"A">;
export type Hertz = Quantity<"Hz">;
export type WattHours = Quantity<"Wh">;
export type Celsius = Quantity<"°C">;
/** A share: 0 is none, 1 is all. Never a percentage. */
export type Ratio = Quantity<"1">;
/** A duration in ms. */
export type Millis = Quantity<"ms">;
/** Plant time that never jumps: ms since an origin which only its boot id names. All timers use it. */
export type Mono = Quantity<"ms mono">;
/** Plant wall time: ms since 1970 UTC. For people and records; never for timers. */
export type Epoch = Quantity<"ms epoch">;

const as =
  <U extends string>() =>
  (value: number): Quantity<U> =>
    value as Quantity<U>;

export const watts = as<"W">();
export const voltAmps = as<"VA">();
export const volts = as<"V">();
export const amps = as<"A">();
export const hertz = as<"Hz">();
export const wattHours = as<"Wh">();
export const celsius = as<"°C">();
export const ratio = as<"1">();
export const millis = as<"ms">();
export const mono = as<"ms mono">();
export const epoch = as<"ms epoch">();

export const seconds = (value: number): Millis => millis(value * 1_000);
export const minutes = (value: number): Millis => millis(value * 60_000);
export const hours = (value: number): Millis => millis(value * 3_600_000);
export const percent = (value: number): Ratio => ratio(value / 100);

/** Energy in Wh of a constant power over a duration. */
export const energy = (power: Watts, over: Millis): WattHours => wattHours((power * over) / 3_600_000);
/** Apparent power in VA of one phase. */
export const apparent = (voltage: Volts, current: Amps): VoltAmps => voltAmps(voltage * current);
/** Time passed from `from` to `to`; negative when `to` is earlier. */
export const elapsed = (from: Mono, to: Mono): Millis => millis(to - from);
export const later = (from: Mono, by: Millis): Mono => mono(from + by);
