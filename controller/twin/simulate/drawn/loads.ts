// The loads of a drawn site: houses with their meters, machines and what belongs to all; how each is measured and switched,
// by the rules that the site file asks for. What must not be too much together (firm loads, opt-outs) is counted here.
import { type Appliance, drawAppliance } from "./appliances.ts";
import type { Dice } from "./dice.ts";
import { contact, type Draft, device, type Entry, kilo, line, relay, speaker } from "./draft.ts";
import { meterFor } from "./supply.ts";

const NOMINAL_V = 230;
/** Cold power above this share of the rating does not count for coming back. */
const COLD_MAX = 1.5;
/** What `check` asks for a load that comes back, with some room. */
const BACK = 1.3;

/** How a plug counts the time for which it was told something. */
const PLUGS = {
  "tasmota-plug": "device",
  "shelly-plug-gen2": "device",
  "esphome-plug-leased": "device",
  "json-relay": "device",
  "zigbee2mqtt-plug-timed": "on-only",
  "zigbee2mqtt-plug": "none",
  "shelly-gen1-plug": "none",
} as const;
type Plug = keyof typeof PLUGS;
const LEASED: readonly [Plug, ...Plug[]] = [
  "tasmota-plug",
  "shelly-plug-gen2",
  "esphome-plug-leased",
  "json-relay",
];
const OTHERS: readonly [Plug, ...Plug[]] = ["zigbee2mqtt-plug-timed", "zigbee2mqtt-plug", "shelly-gen1-plug"];

interface House {
  readonly member: string | undefined;
  /** The asset below which its loads hang. */
  readonly parent: string;
  readonly phase: Entry["phases"];
}

function house(draft: Draft, place: number, feeder: string): House {
  const { dice, frame, assets, members } = draft;
  const member = `house-${place}`;
  members[member] = {
    name: `House ${place}`,
    ...(dice.chance(0.15) && { need: 2 }),
    ...(dice.chance(0.15) && { share: 1.5 }),
    ...(dice.chance(0.15) && { allowance: "9 kWh" }),
    ...(dice.chance(0.1) && { powerLimit: "3 kVA" }),
  };
  const phase = [dice.one(frame.phases as readonly [string, ...string[]])];
  if (dice.chance(0.5)) return { member, parent: feeder, phase };
  const measured = dice.chance(0.7);
  if (measured)
    device(draft, `${member}-meter`, {
      link: line(draft, "house-line", 9_600),
      profile: meterFor(draft, 1),
    });
  const amps = Math.max(16, Math.ceil(draft.phaseVa / NOMINAL_V));
  assets[member] = {
    ...{ kind: "meter", name: `House ${place}`, parent: feeder, phases: phase, member },
    ...(dice.chance(0.5) && { breaker: `${Math.min(63, amps)} A` }),
    ...(measured && { measure: `${member}-meter` }),
  };
  return { member, parent: member, phase };
}

/** VA and phases of one appliance, so that an empty plant can bring it back. */
function sized({ dice, phaseVa }: Draft, { least, most, start }: Appliance, phases: number): number {
  const bears = (phases * phaseVa) / (Math.min(start, COLD_MAX) * BACK);
  return Math.min(dice.between(least, most), bears);
}

/** Whether something may be impossible to switch off, and counts it. */
function firm(draft: Draft, va: number): boolean {
  if (va > draft.firmVa) return false;
  draft.firmVa -= va;
  return true;
}

/** By a plug, which measures too. */
function byPlug(draft: Draft, id: string, silence: "on" | "off"): Entry {
  const { dice } = draft;
  const profile = dice.chance(0.75) ? dice.one(LEASED) : dice.one(OTHERS);
  const plug = `${id}-plug`;
  speaker(draft, plug, profile);
  const counts = PLUGS[profile];
  const kept = counts === "device" || (counts === "on-only" && silence === "off");
  return { measure: plug, switch: `${plug}/relay`, onSilence: kept ? silence : "hold" };
}

function byRelay(draft: Draft, silence: "on" | "off"): Entry {
  const finish = silence === "on" && draft.dice.chance(0.1);
  return { switch: contact(relay(draft), silence === "on"), onSilence: finish ? "finish" : silence };
}

function measured(draft: Draft, id: string, phases: number): Entry {
  const { dice } = draft;
  if (!dice.chance(0.45)) return {};
  const profile = phases === 1 || !dice.chance(0.3) ? meterFor(draft, phases) : "machine-meter-3p";
  const baud = dice.one([9_600, 19_200]);
  device(draft, `${id}-meter`, { link: line(draft, "load-line", baud), profile, fast: "1 s" });
  return { measure: `${id}-meter` };
}

/** How it is switched and measured: plug, relay, by a share, or not at all. */
function wiring(draft: Draft, id: string, of: { appliance: Appliance; tier: number; phases: number }): Entry {
  const { dice } = draft;
  const { appliance, tier, phases } = of;
  if (tier === 0) return { ...byRelay(draft, "on"), lastResort: Object.keys(draft.assets).length };
  const gradual = appliance.silence === "off" && appliance.kind !== "machine" && dice.chance(0.3);
  if (gradual) {
    speaker(draft, `${id}-control`, "json-limit");
    const limitMin = dice.one(["0 %", "0 %", "30 %"]);
    return { measure: `${id}-control`, limit: `${id}-control/power_limit`, limitMin, onSilence: "off" };
  }
  const plug = phases === 1 && dice.chance(tier < 3 ? 0.45 : 0.2);
  return plug
    ? byPlug(draft, id, appliance.silence)
    : { ...measured(draft, id, phases), ...byRelay(draft, appliance.silence) };
}

function idFor({ assets }: Draft, name: string): string {
  let id = name;
  for (let number = 2; assets[id] !== undefined; number += 1) id = `${name}-${number}`;
  return id;
}

function phasesOf({ dice, frame }: Draft, { threePhase }: Appliance, where: House): readonly string[] {
  const all = frame.phases;
  if (threePhase && all.length === 3 && dice.chance(0.5)) return all;
  return where.parent === where.member
    ? (where.phase as readonly string[])
    : [dice.one(all as readonly [string, ...string[]])];
}

/** Whether its member may have opted out: `check` bounds what such loads may be together. */
function mayOptOut(draft: Draft, va: number): boolean {
  if (va > draft.optOutVa || !firm(draft, va)) return false;
  draft.optOutVa -= va;
  return true;
}

function appliance(draft: Draft, where: House): void {
  const { dice, assets } = draft;
  const drawn = drawAppliance(dice);
  const phases = phasesOf(draft, drawn, where);
  const va = sized(draft, drawn, phases.length);
  const own = drawn.own && where.member !== undefined;
  const id = idFor(draft, own ? `${where.member}-${drawn.id}` : drawn.id);
  const tier = dice.one(drawn.tiers);
  const { optOut, ...more } = drawn.more?.(dice) ?? {};
  const bare = tier === 0 ? dice.chance(0.7) : dice.chance(0.12);
  if (tier === 0 && !firm(draft, va)) return;
  const unswitched = bare && drawn.silence === "on" && (tier === 0 || firm(draft, va));
  assets[id] = {
    ...{ kind: drawn.kind, name: own ? `${drawn.name} of ${nameOf(where)}` : drawn.name },
    ...{
      parent: own ? where.parent : "feeder",
      phases,
      tier,
      rating: kilo(va, "VA"),
      startFactor: drawn.start,
    },
    ...(own && { member: where.member }),
    ...more,
    ...(optOut === true && !unswitched && mayOptOut(draft, va) && { optOut }),
    ...(unswitched
      ? measured(draft, id, phases.length)
      : wiring(draft, id, { appliance: drawn, tier, phases: phases.length })),
  };
}

const nameOf = ({ member = "" }: House): string => member.replace("-", " ");

/** What the controller itself lives on; with a relay that is never written, or without one. */
function router(draft: Draft): void {
  const { dice, assets, frame } = draft;
  assets.router = {
    ...{ kind: "load", name: "Controller and router", parent: "feeder", phases: frame.phases.slice(0, 1) },
    ...{ tier: 0, rating: "60 VA", duty: "70 %", feedsController: true },
    ...(dice.chance(0.2) && byRelay(draft, "on")),
  };
}

const SHOWS = ["warning", "cut", "plenty"] as const;
function lamps(draft: Draft, dice: Dice): void {
  const [member] = Object.keys(draft.members);
  for (let place = 1; place <= dice.one([0, 0, 1, 1, 2]); place += 1)
    draft.assets[`lamp-${place}`] = {
      ...{ kind: "signal", name: `Lamp ${place}`, switch: relay(draft), shows: dice.one(SHOWS) },
      ...(dice.chance(0.3) && { before: "5 min" }),
      ...(member !== undefined && dice.chance(0.2) && { member }),
    };
}

/** Writes houses and `count` loads into the draft. */
export function drawLoads(draft: Draft, feeder: string, count: number): void {
  const { dice, assets, members, frame } = draft;
  const houses = Array.from({ length: dice.whole(1, Math.min(6, Math.max(1, count - 2))) }, (_, place) =>
    house(draft, place + 1, feeder),
  );
  draft.firmVa -= 60;
  if (dice.chance(0.6)) router(draft);
  const commons: House = { member: undefined, parent: feeder, phase: [...frame.phases] };
  for (let place = 0; place < count; place += 1)
    appliance(draft, dice.chance(0.7) ? dice.one([houses[place % houses.length] ?? commons]) : commons);
  lamps(draft, dice);
  for (const id of Object.keys(members))
    if (!Object.values(assets).some(({ member }) => member === id)) delete members[id];
}
