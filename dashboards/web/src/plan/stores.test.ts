// What the card of the next two days says of vehicles and tanks.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlannedStore, SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { clockIn } from "../text/clock.ts";
import { sayIn } from "../words/words.ts";
import { storeTexts } from "./stores.ts";

const HOUR = 3_600_000;
/** 10:00 in Madrid; now is 10:20. */
const BEGIN = Date.UTC(2026, 4, 12, 8);
const NOW = BEGIN + HOUR / 3;
const step = (at: number): SitePlanStep => ({
  at: epoch(BEGIN + at * HOUR),
  ...{ sun: { low: 300, mid: 600, high: 900 }, load: { low: 200, mid: 400, high: 700 } },
  ...{ gridChance: 0.7, soc: 0.6, generatorW: 5, importW: 6, jobW: 8, spareW: 7, unservedW: { 3: 250 } },
});
const planWith = (stores: readonly PlannedStore[]): SitePlan => ({
  ...{ madeAt: epoch(BEGIN), stepMs: HOUR, historyDays: 5, status: "optimal", gap: 0.006, relaxed: [] },
  steps: Array.from({ length: 48 }, (_, at) => step(at)),
  ...{ wishes: [], jobs: [], windows: [], stores },
});
const watts = (hours: Readonly<Record<number, number>>): number[] =>
  Array.from({ length: 48 }, (_, at) => hours[at] ?? 0);

type Row = readonly [sentence: string, store: Omit<PlannedStore, "asset">, en: string, es: string];
const ROWS: readonly Row[] = [
  [
    "hours in a row are one stretch with their energy, from now on",
    { known: "measured", powerW: watts({ 0: 1_200, 1: 2_000, 27: 900 }), missingWh: 0 },
    "Red car: takes energy today 10:20–12:00 (3.2 kWh); tomorrow 13:00–14:00 (900 Wh).",
    "Red car: toma energía hoy 10:20–12:00 (3,2 kWh); mañana 13:00–14:00 (900 Wh).",
  ],
  [
    "what it will lack is said with its time",
    {
      known: "reckoned",
      powerW: watts({ 3: 2_000 }),
      missingWh: 2_300,
      missingAt: epoch(BEGIN + 21.5 * HOUR),
    },
    "Red car: takes energy today 13:00–14:00 (2.0 kWh). 2.3 kWh will be missing tomorrow at 07:30.",
    "Red car: toma energía hoy 13:00–14:00 (2,0 kWh). Le faltarán 2,3 kWh mañana a las 07:30.",
  ],
  [
    "a little that is missing is rounding; what is not known is said",
    { known: "unknown", powerW: watts({ 7: 12 }), missingWh: 31, missingAt: epoch(BEGIN + 9 * HOUR) },
    "Red car: takes nothing in these two days. What it holds is not known: it counts as empty and is not asked to wait.",
    "Red car: no toma nada en estos dos días. No se sabe cuánto guarda: cuenta como vacío y no se le pide que espere.",
  ],
];

describe("plan: vehicles and tanks", () => {
  for (const [sentence, store, en, es] of ROWS)
    it(sentence, () => {
      const told = (["en", "es"] as const).map((language) => {
        const say = sayIn(language);
        const words = { say, language, clock: clockIn("Europe/Madrid", language, say), now: NOW } as const;
        const wording = { language, names: { car: "Red car" } };
        return storeTexts(planWith([{ asset: "car", ...store }]), words, wording).map((text) =>
          text.replaceAll("\u00a0", " "),
        );
      });
      assert.deepEqual(told, [[en], [es]]);
    });
  it("a plan without any says nothing", () => {
    const { stores: _, ...older } = planWith([]);
    const say = sayIn("en");
    const words = { say, language: "en", clock: clockIn("Europe/Madrid", "en", say), now: NOW } as const;
    assert.deepEqual(storeTexts(older, words, { language: "en", names: {} }), []);
  });
});
