// The twin as a process part: the plant of any site in real time × speed, its devices on real sockets, and the
// mastery of plant time. It knows nothing of control but the lines it sends; without control physics goes on.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, millis, mono } from "@gridwright/contract/units.ts";
import type { RegisterImage } from "@gridwright/protocols/modbus/server.ts";
import type { Fault } from "../plant/faults.ts";
import { beginFault, createPlant, endFault, step } from "../plant/plant.ts";
import type { Scenario } from "../plant/scenario.ts";
import { type PlantWorld, plantEpoch, plantMs } from "../plant/world.ts";
import { obey } from "./commands.ts";
import { type ModbusLink, startModbusLink, type Unit } from "./modbus-link.ts";
import { type Complaint, type MqttPlug, type PlugLogin, startMqttPlug } from "./mqtt-plug.ts";
import { type PaceLine, startPaceLine } from "./pace-line.ts";
import { registerImage } from "./register-image.ts";
import { FAST_STEP_MS, gaitOf, type Speed } from "./speed.ts";
import { sunspecDevice } from "./sunspec-device.ts";

export interface TwinOptions {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly start: Epoch;
  readonly speed: Speed;
  /** Where plant time is given out; port 0: any free one. */
  readonly pace: { readonly host: string; readonly port: number };
  /** The broker that MQTT devices use; none: they stay silent. */
  readonly mqttUrl?: string;
  readonly credentials: (device: string) => PlugLogin;
  /** `any`: links listen on free ports instead of the site's own (tests). */
  readonly ports?: "site" | "any";
  readonly log: Log;
  readonly io: Clock;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Twin {
  /** Modbus link → where it listens. */
  readonly addresses: Readonly<Record<string, Address>>;
  readonly pacePort: number;
  /** Begins a fault for `forMs` of plant time, or until cleared. */
  fault(fault: Fault, forMs?: number): void;
  clear(fault: Fault): void;
  world(): PlantWorld;
  close(): Promise<void>;
}

/** Lateness above this many steps is forgiven: time does not race after what was missed, or nobody could follow. */
const LATE_STEPS_MAX = 3;

function imageOf(world: PlantWorld, device: DeviceModel): RegisterImage | undefined {
  if (device.profile.protocol === "modbus") return registerImage(world, device, device.profile);
  return device.profile.protocol === "sunspec" ? sunspecDevice(world, device) : undefined;
}

function unitsOf(world: PlantWorld, link: string): ReadonlyMap<number, Unit> {
  const devices = Object.values(world.model.devices).filter(({ spec }) => spec.link === link);
  return new Map(
    devices.flatMap((device) => {
      const image = imageOf(world, device);
      return image === undefined ? [] : [[device.spec.unit, { device: device.id, image }] as const];
    }),
  );
}

async function startLinks(world: PlantWorld, { ports, log }: TwinOptions): Promise<Map<string, ModbusLink>> {
  const links = new Map<string, ModbusLink>();
  try {
    for (const [id, link] of Object.entries(world.model.site.links)) {
      // A serial port has no twin; the demo makes a gateway of it, and runs boxes as they are.
      if (link.kind === "mqtt" || link.kind === "modbus-rtu" || link.kind === "box") continue;
      const port = ports === "any" ? 0 : link.port;
      const units = unitsOf(world, id);
      links.set(id, await startModbusLink({ id, link, port, units, log, faults: () => world.faults }));
    }
  } catch (error) {
    await Promise.all([...links.values()].map((link) => link.close()));
    throw error;
  }
  return links;
}

function startPlugs(world: PlantWorld, { mqttUrl, credentials, log }: TwinOptions): MqttPlug[] {
  if (mqttUrl === undefined) return [];
  const complaint: Complaint = { made: false };
  return Object.values(world.model.devices)
    .filter(({ link }) => link.kind === "mqtt")
    .map((device) =>
      startMqttPlug({ world, device, url: mqttUrl, log, complaint, credentials: credentials(device.id) }),
    );
}

interface Parts {
  readonly world: PlantWorld;
  readonly line: PaceLine;
  /** What follows the world after each step: links and plugs. */
  readonly followers: readonly { follow(): void }[];
  readonly signal: AbortSignal;
}

/** Steps the world at its speed until aborted; the master of plant time. */
async function run(
  { world, line, followers, signal }: Parts,
  { speed, io, seed }: TwinOptions,
): Promise<void> {
  const name = `twin-${seed}-${io.wall()}`;
  let due: number = io.now();
  let caughtUp = false;
  let settled = 0;
  while (!signal.aborted) {
    const gait = gaitOf(speed, io.wall() - plantEpoch(world), caughtUp);
    caughtUp = gait.caughtUp;
    // Smaller steps than control's own tick need no waiting, and would wait for a tick that only they bring about.
    if (gait.stepMs >= FAST_STEP_MS) await line.settled(settled);
    step(world, gait.stepMs);
    for (const follower of followers) follower.follow();
    const m = mono(plantMs(world));
    line.send({ m, t: plantEpoch(world), speed: gait.speed, stepMs: gait.stepMs, run: name });
    settled = m - gait.stepMs;
    const realStepMs = gait.stepMs / gait.speed;
    due = Math.max(due + realStepMs, io.now() - LATE_STEPS_MAX * realStepMs);
    await io.sleep(millis(Math.max(0, due - io.now())), signal);
  }
}

/** Starts the twin of a site. Rejects with `port-in-use` when a link's or the pace line's port is taken. */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const { log, pace, io } = options;
  const world = createPlant(options);
  const links = await startLinks(world, options);
  const line = await startPaceLine({ ...pace, io, log, command: (text) => obey(world, text) }).catch(
    async (error: unknown) => {
      await Promise.all([...links.values()].map((link) => link.close()));
      throw error;
    },
  );
  const plugs = startPlugs(world, options);
  const stop = new AbortController();
  const followers = [...links.values(), ...plugs];
  const running = run({ world, line, followers, signal: stop.signal }, options).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    addresses: Object.fromEntries([...links].map(([id, { host, port }]) => [id, { host, port }])),
    pacePort: line.port,
    fault: (fault, forMs) => beginFault(world, fault, forMs),
    clear: (fault) => endFault(world, fault),
    world: () => world,
    async close() {
      stop.abort();
      await running;
      await Promise.all([...followers.map((follower) => follower.close()), line.close()]);
    },
  };
}
