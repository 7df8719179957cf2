// The controller's machine as a story has it: every process of it stands still, and when it starts again each is killed and comes
// up anew, from what its disk has.
import { setTimeout as wait } from "node:timers/promises";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { Machine } from "./play-live.ts";
import { until, type Village } from "./village.ts";

const UP = { withinMs: 120_000, everyMs: 50 };
const SETTLES_MS = 100;

export function stoppedMachine(village: Village): Machine {
  const pids = (): readonly number[] => {
    const { control, broker, services } = village.processes();
    return [control.pid, broker.pid, services.pid];
  };
  const state = (): Promise<ApiState | undefined> =>
    village.api<ApiState>("/api/v1/state").catch(() => undefined);
  let stopped: readonly number[] = [];
  return {
    stop() {
      stopped = pids();
      for (const pid of stopped) process.kill(pid, "SIGSTOP");
    },
    async start() {
      for (const pid of stopped) process.kill(pid, "SIGKILL");
      const isNew = (): boolean => pids().every((pid) => !stopped.includes(pid));
      await until("each process is started anew", isNew, { ...UP, terminal: village.terminal });
      await wait(SETTLES_MS);
      const decides = async (): Promise<boolean> => (await state())?.control.state === "live";
      await until("control decides again", decides, { ...UP, terminal: village.terminal });
    },
  };
}
