// Looks at what is open, says what is to be told now, and keeps on disk what was told, so that a restart tells nothing twice.

import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Mono } from "@gridwright/contract/units.ts";
import { type Alert, type AlertMemory, alertStep, type Watched } from "@gridwright/core/alerts/alert-step.ts";
import { z } from "zod";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

/** A clock's step that is longer says that the machine slept. */
const STEP_MOST_MS = 5_000;
const DAMAGED =
  "the list of alerts that were told is damaged; it was put aside, and open ones are told again";
const Told = z.array(z.looseObject({ id: z.string(), severity: z.enum(["info", "warning", "critical"]) }));

export class Watch<A extends Alarm> {
  readonly #path: string;
  readonly #io: Clock;
  readonly #log: Log;
  #memory: AlertMemory<A>;
  #looked: Mono;

  constructor(path: string, { io, log }: { readonly io: Clock; readonly log: Log }) {
    this.#path = path;
    this.#io = io;
    this.#log = log;
    this.#looked = io.now();
    const told = readKept(path, Told, { log, damaged: DAMAGED }) ?? [];
    this.#memory = new Map(
      told.map((alarm): [string, Watched<A>] => [
        alarm.id,
        { alarm: alarm as unknown as A, openMs: 0, times: 1, told: true, awaySince: undefined },
      ]),
    );
  }

  /** What was told and is not over. */
  get standing(): readonly A[] {
    return [...this.#memory.values()].flatMap(({ told, alarm }) => (told ? [alarm] : []));
  }

  /** What is to be told now; resolves when that is on disk. */
  async look(open: readonly A[]): Promise<readonly Alert<A>[]> {
    const now = this.#io.now();
    const passedMs = Math.min(STEP_MOST_MS, now - this.#looked);
    this.#looked = now;
    const { memory, alerts } = alertStep(this.#memory, { open, now, passedMs });
    this.#memory = memory;
    if (alerts.length > 0)
      await replaceFile(this.#path, JSON.stringify(this.standing)).catch((error: unknown) =>
        this.#log.error("the list of alerts that were told could not be kept", { why: messageOf(error) }),
      );
    return alerts;
  }
}
