// A lamp or a buzzer as a way for alarms: asked of control like any other wish, renewed while an alarm stands that nobody has seen.
// When services or control are gone the wish ends and the output goes dark by its own lease, so it never says that all is well.

import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Answer } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, type Millis, type Mono, seconds } from "@gridwright/contract/units.ts";
import { counts } from "@gridwright/core/alerts/alert-step.ts";
import type { Ask } from "../bus/requester.ts";
import type { Of } from "./channels.ts";
import { NotSentError } from "./failure.ts";
import { noticeOf, tryNotice } from "./notice.ts";

const RENEW = seconds(30);
/** Two renewals may be lost. */
const LASTS = seconds(95);
const TRY_LASTS = seconds(10);
const WHY_CHARS_MAX = 200;

export interface HornParts {
  readonly channel: Of<"output">;
  readonly model: SiteModel;
  readonly request: (ask: Ask) => Promise<Answer>;
  /** Whether a person has seen it. */
  readonly isSeen: (alarm: string) => boolean;
  readonly io: Clock;
  readonly log: Log;
}

export class Horn {
  readonly #parts: HornParts;
  /** Of those that stand; what was seen once stays silent until it is over. */
  #seen: ReadonlySet<string> = new Set();
  #askedAt: Mono | undefined;
  #asking: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(parts: HornParts) {
    this.#parts = parts;
  }

  /** Resolves when no question is under way. */
  get idle(): Promise<void> {
    return this.#asking;
  }

  /** Called each second with the alarms that were told and are not over. */
  look(standing: readonly Alarm[]): void {
    const { channel, isSeen, io, model } = this.#parts;
    const heard = standing.filter((alarm) => counts(alarm, channel.least));
    this.#seen = new Set(heard.flatMap(({ id }) => (this.#seen.has(id) || isSeen(id) ? [id] : [])));
    const alarm = heard.find(({ id }) => !this.#seen.has(id));
    if (alarm === undefined) {
      if (this.#askedAt === undefined) return;
      this.#askedAt = undefined;
      this.#ask(false, "no alarm stands that nobody has seen");
    } else if (this.#askedAt === undefined || elapsed(this.#askedAt, io.now()) >= RENEW) {
      this.#askedAt = io.now();
      this.#ask(true, noticeOf(model, { event: "raised", alarm }).text);
    }
  }

  /** Sounds it for some seconds. Rejects with `NotSentError` where control does not. */
  async test(): Promise<void> {
    const { model, io } = this.#parts;
    await this.#send({ on: true, why: tryNotice(model, io.wall()).text, ttlMs: TRY_LASTS });
  }

  #ask(on: boolean, why: string): void {
    const { channel, log } = this.#parts;
    const ask = async (): Promise<void> => {
      try {
        await this.#send({ on, why, ttlMs: LASTS });
        this.#failed = false;
      } catch (error) {
        if (!this.#failed)
          log.warn("an alert did not reach its output", { asset: channel.asset, why: messageOf(error) });
        this.#failed = true;
      }
    };
    this.#asking = this.#asking.then(ask);
  }

  async #send({ on, why, ttlMs }: { on: boolean; why: string; ttlMs: Millis }): Promise<void> {
    const { channel, request } = this.#parts;
    const body = { kind: "switch", asset: channel.asset, on, why: why.slice(0, WHY_CHARS_MAX) } as const;
    const { outcome, reason } = await request({ role: "planner", body, ttlMs });
    if (outcome === "refused") throw new NotSentError("refused", `control refused it: ${reason.code}`);
  }
}
