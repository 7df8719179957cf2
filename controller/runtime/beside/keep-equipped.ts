// Services keep the programs beside them equipped: at their start, which follows each change of the site file, and every ten minutes,
// so that their certificates are renewed as the page's is. A failure is told once and costs nothing else.
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { minutes } from "@gridwright/contract/units.ts";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import { type EquipOptions, equip } from "./equip.ts";

const LOOK_EVERY = minutes(10);

export interface KeepEquippedOptions extends EquipOptions {
  readonly log: Log;
}

export function keepEquipped({ log, ...options }: KeepEquippedOptions): Looking {
  let told: string | undefined;
  const look = async (): Promise<void> => {
    const found = await equip(options);
    for (const [program, state] of Object.entries(found))
      if (state === "new") log.info("a program beside got new files", { program });
    told = undefined;
  };
  const onError = (error: unknown): void => {
    const why = messageOf(error);
    if (why !== told) log.error("the programs beside could not be given their files", { why });
    told = why;
  };
  return lookAgain(options.io, LOOK_EVERY, { look, onError });
}
