// A day that only its seed knows: season, weather, charge, and everything that befalls it. Each seed also draws which
// kinds of fault there are at all, so that some days have but one. Pure: the same seed gives the same day.
import type { Request, RequestBody } from "@gridwright/contract/request.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mix, type Random, randomFrom } from "../plant/random.ts";
import { Scenario } from "../plant/scenario.ts";
import { metersOf } from "./miswired.ts";
import {
  type Befalling,
  CARD_MODES,
  DEVICE_MODES,
  LINK_MODES,
  type Trouble,
  WIRING_MODES,
} from "./trouble.ts";

export interface Day {
  readonly seed: number;
  /** Wall time of its begin, ms since 1970. */
  readonly start: number;
  readonly hours: number;
  readonly cloudiness: number;
  /** Mean of the air, and half its swing, °C. */
  readonly celsius: number;
  readonly swing: number;
  /** Charge at the begin, 0..1. */
  readonly soc: number;
  readonly habits: Scenario["habits"];
  /** What its line and its set give, in the words of a scenario; without it a thin line and a full tank. */
  readonly feed?: Feed;
  /** The same as a scenario has it; stands before `feed`. */
  readonly supply?: Pick<Scenario, "grid" | "generator">;
  readonly troubles: readonly Trouble[];
}

export interface Feed {
  readonly grid: { readonly inputLimit: string; readonly charge: string };
  readonly generator: { readonly fuel: string };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What the plant itself is given; devices and links are not its matter. */
export function scenarioOf(day: Day): Scenario {
  const { cloudiness, celsius, swing, soc, habits, troubles, seed, feed, supply } = day;
  const events = troubles.flatMap((trouble): object[] => {
    const when = { at: `${trouble.at / 1_000} s`, for: `${trouble.forMs / 1_000} s` };
    if (trouble.kind === "plant") return [{ ...when, fault: trouble.fault }];
    if (trouble.kind === "cloud") return [{ ...when, cloud: trouble.share }];
    if (trouble.kind === "demand")
      return [{ ...when, demand: { loads: trouble.loads, share: trouble.share } }];
    return trouble.kind === "drain" ? [{ ...when, drain: { loads: trouble.loads, to: trouble.to } }] : [];
  });
  const scenario = Scenario.parse({
    scenario: "seeded",
    seed,
    weather: { cloudiness, temperature: `${celsius} °C`, swing: `${swing} °C` },
    battery: {
      soc: `${Math.round(soc * 1_000) / 10} %`,
      temperature: `${Math.max(4, Math.round(celsius * 0.7 + 5))} °C`,
    },
    grid: { inputLimit: "6 A", charge: "1.5 kW" },
    ...feed,
    events,
  });
  return { ...scenario, ...supply, habits };
}

/** What chance is asked for. */
interface Dice {
  readonly next: Random;
  readonly seconds: number;
  /** Whole number from `low` to `high`. */
  between(low: number, high: number): number;
  one<T>(items: readonly T[], otherwise: T): T;
}

function diceOf(seed: number, hours: number): Dice {
  const next = randomFrom(mix(seed, 77));
  const between = (low: number, high: number): number => Math.floor(low + next() * (high - low + 1));
  return {
    next,
    seconds: hours * 3_600,
    between,
    one: (items, otherwise) => items[Math.floor(next() * items.length)] ?? otherwise,
  };
}

/** Something that lasts `low` to `high` minutes, somewhen in the day, on whole seconds. */
const during = (dice: Dice, [low, high]: readonly [number, number], what: Befalling): Trouble => ({
  ...what,
  at: dice.between(30, Math.max(31, dice.seconds - 60)) * 1_000,
  forMs: Math.round((low + dice.next() * (high - low)) * 60) * 1_000,
});

const many = (dice: Dice, most: number, make: () => Trouble): Trouble[] =>
  Array.from({ length: dice.between(0, most) }, make);

const consumersOf = (model: SiteModel): readonly string[] =>
  Object.values(model.assets).flatMap(({ id, spec }) => (isConsumer(spec) ? [id] : []));
const switchedOf = (model: SiteModel): readonly string[] =>
  Object.values(model.assets).flatMap(({ id, spec, actuator }) =>
    actuator?.kind === "switch" && isConsumer(spec) && spec.tier > 0 ? [id] : [],
  );

/** Weather and people: clouds, many stoves at once, cold tanks. */
function liveliness(dice: Dice, model: SiteModel): Trouble[] {
  const consumers = consumersOf(model);
  const crowd = (): string[] => consumers.filter(() => dice.next() < 0.35);
  const ask = (): readonly string[] => {
    const chosen = crowd();
    return chosen.length > 0 ? chosen : consumers.slice(0, 1);
  };
  return [
    ...many(dice, 4, () => during(dice, [1, 40], { kind: "cloud", share: 0.4 + dice.next() * 0.58 })),
    ...many(dice, 5, () =>
      during(dice, [1, 25], { kind: "demand", loads: ask(), share: 0.2 + dice.next() * 0.8 }),
    ),
    ...many(dice, 2, () => during(dice, [1, 5], { kind: "drain", loads: ask(), to: dice.next() * 0.5 })),
  ];
}

function plantFaults(dice: Dice, model: SiteModel): Trouble[] {
  const switched = switchedOf(model);
  return [
    ...many(dice, 3, () => during(dice, [0.5, 300], { kind: "plant", fault: { kind: "grid-lost" } })),
    ...many(dice, 1, () => during(dice, [1, 90], { kind: "plant", fault: { kind: "bms-lost" } })),
    ...many(dice, 1, () =>
      during(dice, [5, 240], {
        kind: "plant",
        fault: { kind: "relay-welded", asset: dice.one(switched, "none") },
      }),
    ),
  ];
}

function deviceFaults(dice: Dice, model: SiteModel): Trouble[] {
  const modes = DEVICE_MODES.filter(() => dice.next() < 0.6);
  const linkModes = LINK_MODES.filter(() => dice.next() < 0.5);
  const devices = Object.keys(model.devices);
  const links = Object.keys(model.site.links);
  return [
    ...(modes.length === 0
      ? []
      : many(dice, 6, () =>
          during(dice, [0.2, 90], {
            kind: "device",
            device: dice.one(devices, "none"),
            mode: dice.one(modes, "off"),
          }),
        )),
    ...(linkModes.length === 0
      ? []
      : many(dice, 3, () =>
          during(dice, [0.2, 30], {
            kind: "link",
            link: dice.one(links, "none"),
            mode: dice.one(linkModes, "loss"),
          }),
        )),
  ];
}

/** Somebody worked at a meter, and put it right some hours later. */
function wirings(dice: Dice, model: SiteModel): Trouble[] {
  const meters = metersOf(model);
  return many(dice, 2, () =>
    during(dice, [5, 240], {
      kind: "device",
      device: dice.one(meters, "none"),
      mode: dice.one(WIRING_MODES, "backwards"),
    }),
  );
}

/** Deaths do not overlap: each waits for the end of the one before. */
function deaths(dice: Dice): Trouble[] {
  let free = 0;
  return many(dice, 2, () => during(dice, [0.05, 6], { kind: "kill", card: dice.one(CARD_MODES, "whole") }))
    .sort((left, right) => left.at - right.at)
    .filter(({ at, forMs }) => {
      const fits = at > free;
      if (fits) free = at + forMs + MINUTE_MS;
      return fits;
    });
}

function clocks(dice: Dice): Trouble[] {
  const byMs = dice.one([-86_400_000 * 365, -HOUR_MS, 30 * MINUTE_MS, 86_400_000], HOUR_MS);
  return many(dice, 1, () => during(dice, [1, 200], { kind: "clock", byMs }));
}

const ROLES = ["member", "technician", "viewer"] as const;

function wishes(dice: Dice, model: SiteModel): Trouble[] {
  const switched = switchedOf(model);
  let seq = 0;
  return many(dice, 6, () => {
    seq += 1;
    const asset = dice.one(switched, "none");
    const bodies: readonly RequestBody[] = [
      { kind: "switch", asset, on: dice.next() < 0.5, why: "for the feast" },
      { kind: "hold", asset, why: "it leaks" },
      { kind: "clear-hold", asset, why: "mended" },
    ];
    const request: Request = {
      id: `request-${seq}-of-this-day`,
      issuer: dice.one(Object.keys(model.site.members), "operator"),
      role: dice.one(ROLES, "member"),
      seq,
      ttlMs: dice.between(60, 3_600) * 1_000,
      body: dice.one(bodies, { kind: "hold", asset, why: "it leaks" }),
    };
    return { ...during(dice, [0, 0], { kind: "request", request }), forMs: 0 };
  });
}

export interface Draw {
  readonly model: SiteModel;
  readonly seed: number;
  readonly hours: number;
  readonly habits: Scenario["habits"];
  /** Without faults there are still weather, people and their wishes. */
  readonly faults: boolean;
}

/** The day of a seed. */
export function drawDay({ model, seed, hours, habits, faults }: Draw): Day {
  const dice = diceOf(seed, hours);
  const month = dice.between(0, 11);
  const warmth = -Math.cos(((month + 0.5) / 12) * 2 * Math.PI);
  const start = Date.UTC(2026, month, dice.between(1, 28), hours < 24 ? dice.between(0, 23) : 0);
  const cloudiness = 0.05 + dice.next() * 0.9;
  const soc = 0.12 + dice.next() * 0.87;
  const lively = [...liveliness(dice, model), ...wishes(dice, model)];
  const bad = faults
    ? [
        ...[...plantFaults(dice, model), ...deviceFaults(dice, model), ...deaths(dice), ...clocks(dice)],
        ...wirings(dice, model),
      ]
    : [];
  const troubles = [...lively, ...bad].sort((left, right) => left.at - right.at);
  const celsius = Math.round(14 + 10 * warmth);
  return { seed, start, hours, cloudiness, celsius, swing: 6, soc, habits, troubles };
}
