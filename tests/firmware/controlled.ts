// The real brain and its loop over bridged boxes, in their virtual time: what it decides, writes down and is told. A second
// controller goes on from the first one's journal, as after a restart.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { createActors } from "@gridwright/runtime/loop/act.ts";
import { createAlarms } from "@gridwright/runtime/loop/alarms.ts";
import { createInbox } from "@gridwright/runtime/loop/inbox.ts";
import { createLoop } from "@gridwright/runtime/loop/loop.ts";
import { takeOver } from "@gridwright/runtime/loop/restore.ts";
import type { BridgedBoxes } from "./bridged.ts";

const TICK_MS = 500;
const BOOT = "hill-boot";
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function createControlled(
  model: SiteModel,
  bridged: BridgedBoxes,
  before: readonly JournalRecord[] = [],
) {
  const { clock } = bridged;
  const from = before.findLastIndex(({ k }) => k === "snapshot");
  const restored = takeOver(before.slice(Math.max(0, from)), { model, bootId: BOOT, now: clock.now() });
  const records: JournalRecord[] = [];
  const actors = createActors({ devices: bridged.devices(), log: quiet });
  const inbox = createInbox(model, bridged.devices().values(), () => undefined);
  const asked: Request[] = [];
  const loop = createLoop(
    {
      model,
      devices: bridged.devices(),
      plant: clock,
      inbox,
      actors,
      alarms: createAlarms(restored.alarms),
      metronome: { next: async () => undefined, wake: () => undefined },
      journal: () => ({ append: (more) => records.push(...more) > 0 }),
      requests: { take: () => asked.splice(0), answer: () => undefined },
      tell: () => undefined,
      troubles: () => [],
      bootId: BOOT,
      ticked: () => undefined,
    },
    restored.state,
  );
  let tickAt = clock.now() + TICK_MS;
  return {
    records,
    restored,
    clock,
    /** Ticks come at their own pace, however short the time. */
    async run(forMs: number): Promise<void> {
      const end = clock.now() + forMs;
      while (clock.now() < end) {
        await bridged.run(Math.min(end, tickAt) - clock.now());
        if (clock.now() < tickAt) continue;
        tickAt = clock.now() + TICK_MS;
        loop.tick();
      }
    },
    /** It ends; what it would need to go on stands behind its records. */
    stop(): readonly JournalRecord[] {
      inbox.close();
      return [...records, loop.snapshot("minute")];
    },
    decisions: (): readonly Decision[] =>
      records.flatMap((record) => (record.k === "decision" ? record.decision : [])),
  };
}

export type Controlled = ReturnType<typeof createControlled>;
