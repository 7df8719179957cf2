// The bridge of the controller over emulated boxes on one line, all in one virtual time: the clock that bridge and loop live
// by is the boxes' own. Nothing waits for real time, so that every run is the same.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { setImmediate as turnOfLoop } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Deed } from "@gridwright/contract/deeds.ts";
import type { Device, Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, epoch, type Millis, mono } from "@gridwright/contract/units.ts";
import {
  createBox as createEmulated,
  type EmulatedBox,
} from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import type { Jumpers } from "@gridwright/firmware-bridge/emulator/host-end.ts";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { createBox } from "@gridwright/firmware-bridge/src/box/box.ts";
import { createBoxLine, type Wire } from "@gridwright/firmware-bridge/src/line/box-line.ts";
import { loadProfiles, parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { randomFrom } from "@gridwright/twin/plant/random.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const FOLDER = new URL("../../controller/protocols/profiles/", import.meta.url);
const PROFILE = "gridwright-box.yaml";
/** Promises that stand behind each other when a frame comes. */
const TURNS = 3;
/** What arrives within this time arrives at its end. */
const STEP_MS = 4;
/** Between two looks at the wires while nobody listens. */
const ALONE_STEP_MS = 10;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function siteOf(lines: readonly string[]): SiteModel {
  const file = { name: PROFILE, text: readFileSync(new URL(PROFILE, FOLDER), "utf8") };
  const text = ["gridwright: 1", "site: { id: hill, name: Hill, simulated: true }", ...lines].join("\n");
  const parsed = parseSite({ name: "hill.yaml", text }, loadProfiles([file]).profiles);
  assert.ok(parsed.ok, JSON.stringify(parsed.ok ? "" : parsed.mistakes, undefined, 1));
  return parsed.model;
}

/** What may befall a frame on its way; gives what arrives. */
export type Line = (bytes: Uint8Array, to: "box" | "host") => Uint8Array;

/** The emulated boxes behind one port, which can be pulled out. */
export function createPort(boxes: readonly EmulatedBox[], line: Line = (bytes) => bytes) {
  let plugged = true;
  let wire: (EventEmitter & Wire) | undefined;
  const end = (): void => {
    const gone = wire;
    wire = undefined;
    gone?.emit("close");
  };
  return {
    async open(): Promise<Wire> {
      if (!plugged) throw new Error("no such port");
      const fresh = Object.assign(new EventEmitter(), {
        write: (bytes: Uint8Array): void => {
          if (wire === fresh) for (const box of boxes) box.write(line(bytes, "box"));
        },
        destroy: end,
      });
      for (const box of boxes) box.sent();
      wire = fresh;
      return fresh;
    },
    pull(): void {
      plugged = false;
      end();
    },
    plug(): void {
      plugged = true;
    },
    deliver(): void {
      for (const box of boxes) {
        const bytes = line(box.sent(), "host");
        if (bytes.length > 0) wire?.emit("data", bytes);
      }
    },
  };
}

export interface Bridged {
  readonly model: SiteModel;
  /** By device. */
  readonly supplies?: Readonly<Record<string, Supply>>;
  readonly jumpers?: Readonly<Record<string, Jumpers>>;
  readonly line?: Line;
  readonly toldUntil?: Epoch;
  /** Wires between the boxes: called after each step. */
  readonly wires?: (box: (id: string) => EmulatedBox) => void;
  readonly mode?: "island-inverter" | "island-generator" | "on-grid";
}

const SUPPLY: Supply = { volts: 231, amps: 0, hz: 50 };

/** What was heard of devices. */
function createEar() {
  const samples = new Map<string, Sample>();
  const samplings: Sampling[] = [];
  return {
    hear(sampling: Sampling): void {
      samplings.push(sampling);
      for (const sample of sampling.samples) samples.set(`${sampling.device}/${sample.point}`, sample);
    },
    /** What a device last said of a point: its value, or the quality that stands instead. */
    said(source: string): number | boolean | string | undefined {
      const sample = samples.get(source);
      if (sample === undefined) return undefined;
      return "value" in sample ? sample.value : "absent" in sample ? sample.absent : sample.bad;
    },
    /** But for the end of what nobody knew to have begun. */
    deeds(): readonly Deed[] {
      const open = new Set<string>();
      return samplings
        .flatMap(({ deeds = [] }) => deeds)
        .filter((deed) => {
          if (deed.kind !== "met" || deed.event === "raised") {
            if (deed.kind === "met") open.add(deed.id);
            return true;
          }
          return open.delete(deed.id);
        });
    },
  };
}

interface Around {
  readonly clock: Clock;
  readonly open: () => Promise<Wire>;
  readonly hear: (sampling: Sampling) => void;
}

/** The bridge of one life of the controller. */
function createHost(
  { model, mode = "island-inverter" }: Bridged,
  { clock, open, hear }: Around,
  toldUntil: Epoch,
) {
  const random = randomFrom(0x51ab_33d1);
  const around = { plant: clock, io: clock, random, log: quiet, mode: () => mode, toldUntil };
  const boxes = Object.values(model.devices).map((device) => createBox({ device, model, ...around }));
  for (const { device } of boxes) device.onSampling(hear);
  const line = createBoxLine({ boxes, open, place: "line", io: clock, random, log: quiet });
  return { line, devices: new Map(boxes.map(({ device }) => [device.id, device])) };
}

/** Emulated boxes of a site's only line, and the bridge to them. */
export function createBridged(options: Bridged) {
  const { model, supplies = {}, jumpers = {}, toldUntil = epoch(0) } = options;
  const ids = Object.keys(model.devices);
  const emulated = new Map(ids.map((id) => [id, createEmulated(supplies[id] ?? { ...SUPPLY }, jumpers[id])]));
  const port = createPort([...emulated.values()], options.line);
  const clock = createVirtualClock();
  const ear = createEar();
  const around = { clock, open: port.open, hear: ear.hear };
  let running: ReturnType<typeof createHost> | undefined = createHost(options, around, toldUntil);
  const at = (id: string): EmulatedBox => emulated.get(id) ?? assert.fail(id);
  const go = (step: number): void => {
    for (const box of emulated.values()) box.run(step);
    options.wires?.(at);
  };
  async function run(forMs: number): Promise<void> {
    const end = clock.now() + forMs;
    while (clock.now() < end) {
      const step = Math.min(STEP_MS, end - clock.now());
      go(step);
      port.deliver();
      clock.to(mono(clock.now() + step));
      for (let turn = 0; turn < TURNS; turn++) await turnOfLoop();
    }
  }
  return {
    ...{ clock, port, run, said: ear.said, deeds: ear.deeds },
    emulated: at,
    devices: () => running?.devices ?? new Map<string, Device>(),
    device: (id: string): Device => running?.devices.get(id) ?? assert.fail(id),
    counts: () => running?.line.counts,
    /** The host ends, as a controller that dies. */
    async stop(): Promise<void> {
      const gone = running;
      running = undefined;
      const closed = gone?.line.close();
      await run(STEP_MS);
      await closed;
    },
    /** Another host begins, which knows what was told up to then. */
    begin(until: Epoch): void {
      running = createHost(options, around, until);
    },
    /** Only the boxes go on. */
    alone(forMs: number): void {
      for (let gone = 0; gone < forMs; gone += ALONE_STEP_MS) go(ALONE_STEP_MS);
      for (const box of emulated.values()) box.sent();
      clock.to(mono(clock.now() + forMs));
    },
  };
}

export type BridgedBoxes = ReturnType<typeof createBridged>;

export async function until(
  bridged: Pick<BridgedBoxes, "run" | "clock">,
  holds: () => boolean,
  withinMs: number,
): Promise<number> {
  const from = bridged.clock.now();
  while (!holds()) {
    if (bridged.clock.now() - from > withinMs) return Number.POSITIVE_INFINITY;
    await bridged.run(STEP_MS);
  }
  return bridged.clock.now() - from;
}

/** Switches a channel, and gives how that ended: runs until it has. */
export async function tell(
  bridged: BridgedBoxes,
  source: string,
  { on, leaseMs }: { readonly on: boolean; readonly leaseMs: number | null },
): Promise<string> {
  const [id = "", point = ""] = source.split("/");
  const patience = new AbortController();
  let ended: string | undefined;
  const command = { point, set: { kind: "switch", on }, leaseMs: leaseMs as Millis | null } as const;
  void bridged
    .device(id)
    .command(command, patience.signal)
    .then(
      () => {
        ended = "done";
      },
      ({ code, message }: { readonly code: string; readonly message: string }) => {
        ended = `${code}: ${message}`;
      },
    );
  await until(bridged, () => ended !== undefined, 5_000);
  patience.abort();
  return ended ?? "still under way";
}
