// A small site and a bus that keeps retained topics, for tests of what goes outward. Only tests may import this.
import assert from "node:assert/strict";
import type { Log, LogFields } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { covers } from "@gridwright/protocols/mqtt/topic-filter.ts";

const said = { licence: "CC0-1.0", source: "made up for a test", tried: "simulated" };
const profiles = [
  {
    ...said,
    profile: "bank",
    title: "Bank",
    protocol: "modbus",
    points: {
      soc: { address: 3, scale: 0.001, unit: "1" },
      battery_power: { address: 5, type: "int16", unit: "W" },
      reactive_power: { address: 7, unit: "var" },
      energy_import: { address: 9, unit: "kWh" },
      discharge_allowed: { address: 11, type: "bool" },
    },
  },
  {
    ...said,
    profile: "plug",
    title: "Plug",
    protocol: "tasmota",
    reportMs: 10_000,
    points: { relay: { field: "relay", write: true }, power: { field: "power", unit: "W" } },
  },
];

const load = (name: string, plug: string, more: object) => ({
  kind: "load",
  name,
  tier: 3,
  rating: "2 kVA",
  measure: plug,
  switch: `${plug}/relay`,
  onSilence: "on",
  ...more,
});

const site = {
  gridwright: 1,
  site: { id: "orchard", name: "Orchard" },
  links: { line: { kind: "modbus-tcp", host: "192.0.2.7", port: 1502 }, broker: { kind: "mqtt" } },
  devices: {
    bank: { link: "line", profile: "bank", unit: 3 },
    "pump-plug": { link: "broker", profile: "plug", topic: "pump-plug" },
    "kettle-plug": { link: "broker", profile: "plug", topic: "kettle-plug" },
    "lamp-plug": { link: "broker", profile: "plug", topic: "lamp-plug" },
    "hub-plug": { link: "broker", profile: "plug", topic: "hub-plug" },
  },
  members: { anna: { name: "House of figs" } },
  assets: {
    battery: { kind: "battery", name: "Battery", capacity: "9 kWh", measure: "bank" },
    pump: load("Well pump", "pump-plug", {}),
    kettle: load("Kettle", "kettle-plug", { member: "anna" }),
    lamp: load("Lamp", "lamp-plug", { tier: 0 }),
    hub: load("Hub", "hub-plug", { feedsController: true }),
  },
};

/** The orchard; `outward` and `broker` are those sections of the site file, `without` are assets that left. */
export function orchardModel(
  outward: object = {},
  without: readonly string[] = [],
  broker: object = {},
): SiteModel {
  const assets = Object.fromEntries(Object.entries(site.assets).filter(([id]) => !without.includes(id)));
  const compiled = compileSite(
    Site.parse({ ...site, assets, outward, broker }),
    new Map(profiles.map((profile) => [profile.profile, Profile.parse(profile)])),
  );
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.model;
}

export interface KeepingBus extends Bus {
  /** What is retained: topic → payload. */
  readonly kept: Map<string, string>;
  /** Every message, in order. */
  readonly heard: (readonly [topic: string, payload: string])[];
  connected: boolean;
  say(topic: string, message: unknown, retained?: boolean): void;
}

/** Takes filters with wildcards; drops what is published while it is not connected, unless it must arrive. */
export function keepingBus(): KeepingBus {
  const listeners: [string, (topic: string, payload: string, retained: boolean) => void][] = [];
  const kept = new Map<string, string>();
  const heard: [string, string][] = [];
  const say: KeepingBus["say"] = (topic, message, retained = false) => {
    const payload = typeof message === "string" ? message : JSON.stringify(message);
    for (const [filter, listener] of listeners) if (covers(filter, topic)) listener(topic, payload, retained);
  };
  return {
    kept,
    heard,
    connected: true,
    say,
    publish(topic, payload, { retain = false } = {}) {
      if (!this.connected) return;
      heard.push([topic, payload]);
      if (retain && payload === "") kept.delete(topic);
      else if (retain) kept.set(topic, payload);
      say(topic, payload);
    },
    subscribe: (filter, listener) => void listeners.push([filter, listener]),
    close: async () => void listeners.splice(0),
  };
}

export interface KeepingLog extends Log {
  readonly warnings: (readonly [string, LogFields | undefined])[];
}
export function keepingLog(): KeepingLog {
  const warnings: [string, LogFields | undefined][] = [];
  const keep = (message: string, fields?: LogFields) => void warnings.push([message, fields]);
  return { warnings, info: () => undefined, warn: keep, error: keep };
}
