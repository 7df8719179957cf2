// A bus of the real client on a link to somebody else's device, from lines of a site file.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import type { Log } from "@gridwright/contract/log.ts";
import type { Device, Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { loadProfiles, parseSite, type TextFile } from "@gridwright/protocols/documents/site-file.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createModbusBus, type ModbusBus } from "@gridwright/runtime/modbus/modbus-bus.ts";
import type { ModbusLink } from "@gridwright/runtime/modbus/wire.ts";

const PATIENCE_MS = 8_000;
const folder = new URL("../../controller/protocols/profiles/", import.meta.url);
const own = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));

export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface BusSpec {
  /** As in a site file, for example `{ kind: modbus-tcp, host: 127.0.0.1, port: 1502 }`. */
  readonly link: string;
  /** Lines of `devices:`, on link `wire`. */
  readonly devices: readonly string[];
  readonly profiles?: readonly TextFile[];
}

export function siteOf({ link, devices, profiles = [] }: BusSpec): SiteModel {
  const text = [
    "gridwright: 1",
    "site: { id: hill, name: Hill }",
    `links: { wire: ${link} }`,
    "devices:",
    ...devices.map((line) => `  ${line}`),
    "assets: { feeder: { kind: feeder, name: Feeder } }",
  ].join("\n");
  const loaded = loadProfiles([...own, ...profiles]);
  const parsed = parseSite({ name: "hill.yaml", text }, loaded.profiles);
  assert.ok(parsed.ok, JSON.stringify([parsed, loaded.mistakes]));
  return parsed.model;
}

export const busOn = (spec: BusSpec): ModbusBus => busOf(siteOf(spec));

export function busOf(model: SiteModel): ModbusBus {
  const io = hostClock();
  return createModbusBus({
    link: model.site.links.wire as ModbusLink,
    devices: Object.values(model.devices),
    clock: io,
    io,
    random: () => 0.5,
    log: quietLog,
  });
}

export function busFor(t: TestContext, spec: BusSpec): ModbusBus {
  const bus = busOn(spec);
  t.after(() => bus.close());
  return bus;
}

export function deviceOf(bus: ModbusBus, id: string): Device {
  const found = bus.devices.find((each) => each.id === id);
  assert.ok(found, id);
  return found;
}

/** The next sampling that has `point`; fails after a while. */
export function next(from: Device, point: string): Promise<Sampling> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${point} of ${from.id}`)), PATIENCE_MS);
    const stop = from.onSampling((sampling) => {
      if (!sampling.samples.some((sample) => sample.point === point)) return;
      clearTimeout(timer);
      stop();
      resolve(sampling);
    });
  });
}

export function valueIn({ samples }: Sampling, point: string): unknown {
  const sample = samples.find((each: Sample) => each.point === point);
  if (sample === undefined) return "not there";
  return "value" in sample ? sample.value : "absent" in sample ? sample.absent : sample.bad;
}
