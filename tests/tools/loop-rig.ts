// Control's loop and its gate as the process composes them, over whatever bus a test has: the village's model, devices that are
// silent, time that moves only when told. What passed the gate and what was answered is in its records.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { loadSite } from "@gridwright/cli/load-site.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { ROLES } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { initialMemory, type Memory } from "@gridwright/core/memory.ts";
import { initialObservation } from "@gridwright/core/observe.ts";
import { createRequestGate, type RequestGate } from "@gridwright/runtime/bus/requests.ts";
import { createActors } from "@gridwright/runtime/loop/act.ts";
import { createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import { createInbox } from "@gridwright/runtime/loop/inbox.ts";
import { createLoop } from "@gridwright/runtime/loop/loop.ts";
import { createMetronome } from "@gridwright/runtime/loop/metronome.ts";

export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const VILLAGE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));
const BEGIN = Date.UTC(2026, 5, 17, 9);

export const villageModel = (): SiteModel => loadSite(VILLAGE).model;

export interface LoopRig {
  readonly gate: RequestGate;
  /** Everything that went to the journal. */
  readonly records: readonly JournalRecord[];
  /** Lets plant time pass, then ticks once. */
  step(ms: number): void;
  /** Of all that control knows, wants and remembers, but for which requests it has answered. */
  hash(): string;
}

interface RigOptions {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly keys: (issuer: string) => Uint8Array | undefined;
}

export function loopRig({ model, bus, keys }: RigOptions): LoopRig {
  let now = 60_000;
  const plant = {
    now: () => mono(now),
    wall: () => epoch(BEGIN + now),
    sleep: () => new Promise<never>(() => undefined),
  };
  const records: JournalRecord[] = [];
  const gate = createRequestGate({
    ...{ siteId: model.site.site.id, keys, roles: () => ROLES, bus, now: plant.now, log: quiet },
    onRefused: (answer) => void records.push({ k: "answer", m: plant.now(), t: plant.wall(), answer }),
  });
  const loop = createLoop(
    {
      ...{ model, devices: new Map(), plant, inbox: createInbox(model, [], () => undefined) },
      actors: createActors({ devices: new Map(), log: quiet }),
      alarms: createAlarms(),
      metronome: createMetronome(plant, plant),
      journal: () => ({ append: (more) => records.push(...more) > 0 }),
      ...{ requests: gate, troubles: () => [], bootId: "rig", tell: () => undefined },
      ticked: () => undefined,
    },
    { observation: initialObservation(model), memory: initialMemory(plant.now()), leases: {} },
  );
  return {
    gate,
    records,
    step(ms) {
      now += ms;
      loop.tick();
    },
    hash() {
      const { memory, ...rest } = loop.snapshot("minute");
      const { requests: _answered, ...known } = memory as Memory;
      return createHash("sha256")
        .update(JSON.stringify([rest, known]))
        .digest("hex");
    },
  };
}
