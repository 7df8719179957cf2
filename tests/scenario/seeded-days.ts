// Stretches of village days by seed: hour and season, weather, charge, demand, faults of plant and devices, people who
// hold and wish, a restart. The village's tier 0 has switches here, so that a brain that used them would be seen.
import { readFileSync } from "node:fs";
import type { Request, RequestBody } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mix, randomAt } from "@gridwright/twin/plant/random.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { siteOf, villageDay } from "@gridwright/twin/testing/village.ts";
import { parseDocument } from "yaml";
import type { LiveOptions } from "./live-village.ts";

const VILLAGE = new URL("../../controller/twin/sites/village.yaml", import.meta.url);
const LIT = ["way-lights", "health-post"];

/** The village with relays at the lights of the way and the health post. */
export function villageWithSwitchedTierZero(): SiteModel {
  const document = parseDocument(readFileSync(VILLAGE, "utf8"));
  for (const [place, id] of LIT.entries()) {
    const point = `relays-village/relay_${11 + place}`;
    document.setIn(["assets", id, "switch"], { point, contact: "normally-closed" });
    document.setIn(["assets", id, "onSilence"], "on");
  }
  return siteOf(String(document));
}

/** Numbers 0..1 of one seed, in order. */
function dice(seed: number): () => number {
  let throws = 0;
  return () => {
    throws += 1;
    return randomAt(mix(seed, 77), throws);
  };
}

type Throw = () => number;
const between = (dice: Throw, low: number, high: number): number => Math.round(low + dice() * (high - low));
const oneOf = <T>(dice: Throw, items: readonly T[], otherwise: T): T =>
  items[Math.floor(dice() * items.length)] ?? otherwise;

const switched = (model: SiteModel): readonly string[] =>
  Object.values(model.assets).flatMap(({ id, spec, actuator }) =>
    actuator?.kind === "switch" && "tier" in spec && spec.tier > 0 ? [id] : [],
  );

function faultOf(dice: Throw, model: SiteModel): object {
  const kind = dice();
  if (kind < 0.25) return { kind: "grid-lost" };
  if (kind < 0.4) return { kind: "bms-lost" };
  if (kind < 0.6) return { kind: "relay-welded", asset: oneOf(dice, switched(model), "pump") };
  return { kind: "device-dead", device: oneOf(dice, Object.keys(model.devices), "main-meter") };
}

function eventsOf(dice: Throw, model: SiteModel, minutes: number): object[] {
  const at = () => `${between(dice, 1, minutes - 2)} min`;
  const long = (most: number) => `${between(dice, 1, most)} min`;
  return [
    ...(dice() < 0.6 ? [{ at: "0 s", for: `${minutes} min`, fault: { kind: "grid-lost" } }] : []),
    ...[1, 2].map(() => ({ at: at(), for: long(minutes / 3), fault: faultOf(dice, model) })),
    { at: at(), for: long(6), cloud: 0.5 + dice() * 0.48 },
    ...[1, 2].map(() => ({
      at: at(),
      for: long(9),
      demand: { loads: ["*-sockets"], share: 0.25 + dice() * 0.75 },
    })),
    {
      at: at(),
      for: long(7),
      demand: { loads: ["laser", "saw", "cnc", "compressor"], share: 0.3 + dice() * 0.7 },
    },
    { at: at(), for: long(9), drain: { loads: ["*-heater"], to: 0.3 } },
  ];
}

const ROLES = ["member", "technician", "viewer"] as const;

function asked(dice: Throw, model: SiteModel, seconds: number): (second: number) => readonly Request[] {
  const requests = new Map<number, Request>();
  for (let seq = 1; seq <= 4; seq += 1) {
    const asset = oneOf(dice, switched(model), "pump");
    const bodies: readonly RequestBody[] = [
      { kind: "switch", asset, on: dice() < 0.5, why: "for the feast" },
      { kind: "hold", asset, why: "it leaks" },
      { kind: "clear-hold", asset, why: "mended" },
    ];
    const role = oneOf(dice, ROLES, "member");
    requests.set(between(dice, 40, seconds), {
      id: `request-${seq}-of-this-run`,
      issuer: "house-3",
      role,
      seq,
      ttlMs: between(dice, 60_000, 600_000),
      body: oneOf(dice, bodies, { kind: "hold", asset, why: "it leaks" }),
    });
  }
  return (second) => {
    const request = requests.get(second);
    return request === undefined ? [] : [request];
  };
}

/** A stretch of `minutes` of a day that only the seed knows. */
export function stretch(model: SiteModel, seed: number, minutes: number): Omit<LiveOptions, "watch"> {
  const throwDice = dice(seed);
  const winter = throwDice() < 0.5;
  const start = Date.UTC(2026, winter ? 0 : 5, 3 + seed, Math.floor(throwDice() * 24));
  const scenario = {
    ...Scenario.parse({
      scenario: "seeded",
      seed,
      weather: {
        cloudiness: 0.1 + throwDice() * 0.85,
        temperature: winter ? "5 °C" : "23 °C",
        swing: "6 °C",
      },
      battery: { soc: `${between(throwDice, 13, 97)} %`, temperature: "15 °C" },
      grid: { inputLimit: "6 A", charge: "1.5 kW" },
      events: eventsOf(throwDice, model, minutes),
    }),
    habits: villageDay().habits,
  };
  const restarts = throwDice() < 0.5 ? [between(throwDice, 60, minutes * 60) * 1_000] : [];
  return {
    model,
    scenario,
    seed,
    start,
    hours: minutes / 60,
    restarts,
    ask: asked(throwDice, model, minutes * 60),
  };
}
