// A yard with a kiln by permit, a planer with its extractor and a press, and a plan of two days: for the tests of the
// queue. Only tests import this.
import type { SitePlan, SitePlanStep } from "@gridwright/contract/plan/site-plan.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { PROFILES } from "../fixtures/hamlet.ts";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
/** A Wednesday, 07:00 in the yard (UTC). */
export const NOW = epoch(Date.UTC(2026, 4, 13, 7));
export const at = (hours: number, minutes = 0) => epoch(NOW + hours * HOUR + minutes * MINUTE);

const machine = (fields: object) => ({ kind: "machine", tier: 3, parent: "board", ...fields });

const kilnOf = (changed: object) =>
  machine({
    ...{ name: "Kiln", rating: "2 kVA", measure: "kiln-meter", switch: "relays/relay_3" },
    ...{ onSilence: "finish", runs: "permit", maintenance: [{ name: "coils", hours: "3 h", starts: 7 }] },
    ...changed,
  });
const meterOf = (member: string) => ({ kind: "meter", name: member, member });

const ASSETS = {
  grid: { kind: "grid", name: "Line" },
  inverter: { kind: "inverter", name: "Inverter", rating: "6 kVA" },
  battery: { kind: "battery", name: "Battery", capacity: "10 kWh" },
  board: { kind: "feeder", name: "Board", parent: "inverter" },
  ...{ ash: meterOf("ash"), elm: meterOf("elm") },
};
const planer = machine({ name: "Planer", rating: "1.5 kVA", with: ["extractor"], runOn: "3 min" });
const extractor = machine({
  ...{ name: "Extractor", rating: "700 VA", switch: "relays/relay_4", onSilence: "off", runs: "permit" },
});
const press = machine({
  ...{ name: "Press", rating: "900 VA", opens: [{ days: ["thu"], from: "09:00", to: "17:00" }] },
});

/** The yard; `changed` gives the kiln other keys. */
export function yard(changed: object = {}): SiteModel {
  const site = Site.parse({
    gridwright: 1,
    site: { id: "yard", name: "Yard" },
    links: { bus: { kind: "modbus-tcp", host: "127.0.0.1" } },
    devices: {
      relays: { link: "bus", unit: 3, profile: "relays" },
      "kiln-meter": { link: "bus", unit: 4, profile: "plug" },
    },
    members: { ash: { name: "Ash" }, elm: { name: "Elm" } },
    assets: { ...ASSETS, kiln: kilnOf(changed), planer, extractor, press },
  });
  const compiled = compileSite(site, new Map(PROFILES.map((profile) => [profile.profile, profile])));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.model;
}

interface Hour {
  readonly spareW?: number;
  readonly soc?: number;
  readonly loadW?: number;
  readonly gridChance?: number;
}

/** 48 hours from 07:00 on, alike but where told: no sun to spare, a battery at 45 %, no grid. */
export function planOf(hours: Readonly<Record<number, Hour>> = {}, rest: Hour = {}): SitePlan {
  const steps = Array.from({ length: 48 }, (_, hour): SitePlanStep => {
    const { spareW = 0, soc = 0.45, loadW = 620, gridChance = 0.1 } = { ...rest, ...hours[hour] };
    return {
      at: at(hour),
      sun: { low: 30, mid: 40, high: 50 },
      load: { low: loadW * 0.7, mid: loadW, high: loadW * 1.3 },
      ...{ gridChance, soc, generatorW: 0, importW: 0, jobW: 0, spareW, unservedW: {} },
    };
  });
  return {
    ...{ madeAt: NOW, stepMs: HOUR, historyDays: 9, status: "optimal", gap: 0.002, relaxed: [] },
    ...{ steps, wishes: [], jobs: [], windows: [] },
  };
}
