// Services keep the programs beside them equipped: at their start, which follows each change of the site file, and every ten minutes,
// so that their certificates are renewed as the page's is. A failure is told once and costs nothing else.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type EquipOptions, equip } from "./equip.ts";

const LOOK_EVERY_MS = 600_000;

export interface KeepEquippedOptions extends EquipOptions {
  readonly log: Log;
}

export function keepEquipped({ log, ...options }: KeepEquippedOptions): { close(): Promise<void> } {
  const stop = new AbortController();
  let told: string | undefined;
  async function once(): Promise<void> {
    try {
      const found = await equip(options);
      for (const [program, state] of Object.entries(found))
        if (state === "new") log.info("a program beside got new files", { program });
      told = undefined;
    } catch (error) {
      const why = messageOf(error);
      if (why !== told) log.error("the programs beside could not be given their files", { why });
      told = why;
    }
  }
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await once();
      await options.io.sleep(millis(LOOK_EVERY_MS), stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
    }
  }
  const running = run();
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}
