// A small site, a bus and a clock in memory for the tests of the web side. Only tests may import this.
import assert from "node:assert/strict";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { AssetStatus, SnapshotMessage, TickMessage } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { Profile } from "@gridwright/contract/profile.ts";
import { compileSite } from "@gridwright/contract/site/compile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { Site } from "@gridwright/contract/site/site.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";

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
      voltage: { address: 7, unit: "V" },
      power_l1: { address: 9, unit: "W" },
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
const site = {
  gridwright: 1,
  site: { id: "garden", name: "Garden", timezone: "Europe/Madrid" },
  links: { line: { kind: "modbus-tcp", host: "192.0.2.7", port: 1502 }, broker: { kind: "mqtt" } },
  devices: {
    bank: { link: "line", profile: "bank", unit: 3 },
    plug: { link: "broker", profile: "plug", topic: "kettle-plug" },
  },
  members: { anna: { name: "House of figs" } },
  assets: {
    battery: { kind: "battery", name: "Battery", capacity: "9 kWh", measure: "bank" },
    kettle: {
      kind: "load",
      name: "Kettle",
      member: "anna",
      tier: 3,
      rating: "2 kVA",
      measure: "plug",
      switch: "plug/relay",
      onSilence: "on",
    },
  },
  ladder: [{ name: "spare the kettle", shed: 3, below: "40 %", restore: "55 %" }],
  metrics: { influx: [{ url: "http://192.0.2.9:8086", passwordFile: "influx.password" }] },
};

export function gardenModel(): SiteModel {
  const compiled = compileSite(
    Site.parse(site),
    new Map(profiles.map((profile) => [profile.profile, Profile.parse(profile)])),
  );
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.model;
}

/** Time that moves only when told; `move` wakes who is due. */
export interface TestClock extends Clock {
  move(ms: number): Promise<void>;
}

export function testClock(): TestClock {
  let now = 7_000;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => mono(now),
    wall: () => epoch(1_760_000_000_000 + now),
    sleep: (duration, signal) =>
      new Promise((resolve, reject) => {
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper = { until: now + duration, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", stop);
      }),
    move: async (ms) => {
      // Who is about to sleep sleeps before time passes.
      await new Promise((resolve) => setImmediate(resolve));
      const end = now + ms;
      for (;;) {
        const next = Math.min(...[...sleepers].map(({ until }) => until), Number.POSITIVE_INFINITY);
        if (next > end) break;
        now = Math.max(now, next);
        for (const sleeper of sleepers)
          if (sleeper.until <= now) {
            sleepers.delete(sleeper);
            sleeper.wake();
          }
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}

/** Delivers to listeners of the exact topic; `say` speaks as control would. */
export interface TestBus extends Bus {
  say(topic: string, message: unknown, retained?: boolean): void;
}

export function testBus(): TestBus {
  const listeners: [string, (topic: string, payload: string, retained: boolean) => void][] = [];
  const say: TestBus["say"] = (topic, message, retained = false) => {
    const payload = typeof message === "string" ? message : JSON.stringify(message);
    for (const [filter, listener] of listeners) if (filter === topic) listener(topic, payload, retained);
  };
  return {
    say,
    publish: (topic, payload) => say(topic, payload),
    subscribe: (filter, listener) => void listeners.push([filter, listener]),
    connected: true,
    close: async () => void listeners.splice(0),
  };
}

export const PLANT_TIME = 1_750_000_123_000;

export const tickOf = (fields: Partial<TickMessage> = {}): TickMessage => ({
  seq: 17,
  t: epoch(PLANT_TIME),
  m: mono(345_000),
  speed: 1,
  mode: "island-inverter",
  points: {},
  assets: {},
  devices: {},
  ...fields,
});

export const snapshotOf = (fields: Partial<SnapshotMessage> = {}): SnapshotMessage => ({
  ...tickOf(),
  points: { "bank/soc": 0.62, "bank/battery_power": -840, "plug/power": 1_930, "plug/relay": true },
  decisions: [],
  alarms: [],
  ...fields,
});

export const statusOf = (fields: Partial<AssetStatus> = {}): AssetStatus => ({
  on: true,
  wanted: true,
  shed: false,
  override: false,
  rule: "default",
  reason: { code: "normal", params: {} },
  until: { code: "until-scarce", params: {} },
  since: epoch(PLANT_TIME - 61_000),
  ...fields,
});

export const decisionOf = (fields: Partial<Decision> = {}): Decision => ({
  asset: "kettle",
  set: { kind: "switch", on: false },
  rule: "ladder",
  reason: { code: "ladder-soc", params: { socRatio: 0.39, belowRatio: 0.4, step: "spare the kettle" } },
  until: { code: "until-soc", params: { aboveRatio: 0.55 } },
  inputs: [{ point: "battery/soc", value: 0.39, unit: "1", ageMs: millis(430), quality: "fresh" }],
  considered: [],
  at: epoch(PLANT_TIME - 4_000),
  ...fields,
});
