// What the grid's energy costs in each hour of a plan, by the site's tariff. Any money: prices are scaled so that what is taken
// costs on the mean what the plan supposes where nothing is said, for needs, diesel and wear are weighed against that.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Prices, priceAt } from "@gridwright/contract/site/tariff.ts";
import { localMinute, offsetAt } from "@gridwright/contract/site/zone.ts";
import { type Epoch, epoch, minutes } from "@gridwright/contract/units.ts";
import { STEP_MS, STEPS } from "./known.ts";

/** Per kWh where the site says nothing, and the mean where it does. */
export const USUAL = { bought: 0.25, sold: 0.05 } as const;
/** A price may turn within an hour: its quarters are looked at. */
const PART_MS = minutes(15);

const two = (value: number): string => String(value).padStart(2, "0");

function priceNow(prices: Prices, zone: SiteModel["zone"], at: Epoch): number {
  const minute = localMinute(zone, at);
  const day = new Date(at + offsetAt(zone, at)).getUTCDay();
  return priceAt(prices, { day, time: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` }) ?? 0;
}

function hourly(prices: Prices, zone: SiteModel["zone"], begin: Epoch): number[] {
  const parts = STEP_MS / PART_MS;
  return Array.from({ length: STEPS }, (_, step) => {
    const quarters = Array.from({ length: parts }, (__, part) =>
      priceNow(prices, zone, epoch(begin + step * STEP_MS + part * PART_MS)),
    );
    return quarters.reduce((sum, price) => sum + price, 0) / parts;
  });
}

export interface HourlyPrices {
  readonly bought: readonly number[];
  readonly sold: readonly number[];
}

/** Prices of the hours from `begin` on. */
export function pricesOf({ assets, zone }: SiteModel, begin: Epoch): HourlyPrices {
  const tariff = Object.values(assets).flatMap(({ spec }) =>
    spec.kind === "grid" ? (spec.tariff ?? []) : [],
  )[0];
  const usual = (price: number): number[] => new Array<number>(STEPS).fill(price);
  if (tariff === undefined) return { bought: usual(USUAL.bought), sold: usual(USUAL.sold) };
  const bought = hourly(tariff.import, zone, begin);
  const mean = bought.reduce((sum, price) => sum + price, 0) / STEPS;
  const scale = mean > 0 ? USUAL.bought / mean : 1;
  const scaled = (prices: readonly number[]): number[] => prices.map((price) => price * scale);
  return {
    bought: scaled(bought),
    sold: tariff.export === undefined ? usual(USUAL.sold) : scaled(hourly(tariff.export, zone, begin)),
  };
}
