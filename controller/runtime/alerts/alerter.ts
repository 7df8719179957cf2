// Alarms on their way to people who do not look at the page: each second what is open is looked at, what lasts is told to every
// channel, once, and once that it is over. A channel that is down is tried again for a while and delays no other. What was
// told is kept on disk, so that a restart tells nothing twice.
import { join } from "node:path";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AlertFailure } from "@gridwright/contract/api-alerts.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Millis, seconds } from "@gridwright/contract/units.ts";
import { type AlertMemory, alertStep, counts, type Watched } from "@gridwright/core/alerts/alert-step.ts";
import { z } from "zod";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";
import { sendBy } from "./channels.ts";
import { failureOf } from "./failure.ts";
import { type Notice, noticeOf, tryNotice } from "./notice.ts";

const LOOK = seconds(1);
/** Waits before a notice is tried again; after the last it is given up and logged. */
const RETRIES: readonly Millis[] = [seconds(10), seconds(60), seconds(300), seconds(1_800)];
/** Notices that wait for one channel; the oldest is given up. */
const WAITING_MAX = 50;
/** A clock's step that is longer says that the machine slept. */
const STEP_MOST_MS = 5_000;

export interface AlerterOptions {
  readonly model: SiteModel;
  /** By their id in the site file. */
  readonly channels: Readonly<Record<string, AlertChannel>>;
  /** Open alarms as control tells of them. */
  readonly open: () => readonly Alarm[];
  readonly dataDir: string;
  readonly io: Clock;
  readonly log: Log;
  /** Sends once; given by tests. */
  readonly send?: (channel: AlertChannel, notice: Notice) => Promise<void>;
}

export interface Alerter {
  /** Ids of the channels, with their kind. */
  readonly channels: Readonly<Record<string, AlertChannel["kind"]>>;
  /** Sends a try at once on a channel of the site; gives why it was not taken. Undefined: it was. */
  test(channel: string): Promise<AlertFailure | undefined>;
  close(): Promise<void>;
}

const Told = z.array(z.looseObject({ id: z.string(), severity: z.enum(["info", "warning", "critical"]) }));
const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One channel's notices, one after the other. */
class Lane {
  readonly #waiting: Notice[] = [];
  readonly #options: AlerterOptions;
  readonly #id: string;
  readonly #channel: AlertChannel;
  readonly #stop: AbortSignal;
  #running: Promise<void> | undefined;

  constructor(options: AlerterOptions, [id, channel]: readonly [string, AlertChannel], stop: AbortSignal) {
    this.#options = options;
    this.#id = id;
    this.#channel = channel;
    this.#stop = stop;
  }

  take(notice: Notice): void {
    this.#waiting.push(notice);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#deliver(next);
  }

  async #deliver(notice: Notice): Promise<void> {
    const { io, log, send = sendBy } = this.#options;
    for (const wait of [...RETRIES, undefined]) {
      if (this.#stop.aborted) return;
      try {
        await send(this.#channel, notice);
        return;
      } catch (error) {
        log.warn("an alert did not leave", { channel: this.#id, alarm: notice.id, why: whyOf(error) });
      }
      if (wait !== undefined) await io.sleep(wait, this.#stop).catch(() => undefined);
    }
  }
}

class Alerting implements Alerter {
  readonly channels: Alerter["channels"];
  readonly #options: AlerterOptions;
  readonly #lanes: readonly Lane[];
  readonly #stop = new AbortController();
  readonly #path: string;
  readonly #looking: Looking | undefined;
  #memory: AlertMemory;
  #looked: number;

  constructor(options: AlerterOptions) {
    const { channels, dataDir, io } = options;
    const named = Object.entries(channels);
    this.#options = options;
    this.channels = Object.fromEntries(named.map(([id, { kind }]) => [id, kind]));
    this.#lanes = named.map((channel) => new Lane(options, channel, this.#stop.signal));
    this.#path = join(dataDir, "alerts.json");
    this.#memory = this.#kept();
    this.#looked = io.now();
    const onError = (error: unknown): void =>
      options.log.error("alarms are not looked at for alerts", { why: whyOf(error) });
    if (named.length > 0) this.#looking = lookAgain(io, LOOK, { look: () => this.#look(), onError });
  }

  async test(id: string): Promise<AlertFailure | undefined> {
    const { channels, model, io, log, send = sendBy } = this.#options;
    const channel = channels[id];
    if (channel === undefined) throw new RangeError(`the site has no channel ${id}`);
    try {
      await send(channel, tryNotice(model, io.wall()));
      return undefined;
    } catch (error) {
      log.warn("a try of a channel did not leave", { channel: id, why: whyOf(error) });
      return failureOf(error);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking?.close();
    await Promise.all(this.#lanes.map(({ idle }) => idle));
  }

  /** What was told before a restart and was not over. */
  #kept(): AlertMemory {
    const { log } = this.#options;
    const damaged =
      "the list of alerts that were told is damaged; it was put aside, and open ones are told again";
    const told = readKept(this.#path, Told, { log, damaged }) ?? [];
    return new Map(
      told.map((alarm): [string, Watched] => [
        alarm.id,
        { alarm: alarm as unknown as Alarm, openMs: 0, times: 1, told: true, awaySince: undefined },
      ]),
    );
  }

  async #look(): Promise<void> {
    const { model, open, io, log } = this.#options;
    const now = io.now();
    const passedMs = Math.min(STEP_MOST_MS, now - this.#looked);
    this.#looked = now;
    const { least } = model.site.alerts;
    const { memory, alerts } = alertStep(this.#memory, {
      open: open().filter((alarm) => counts(alarm, least)),
      now,
      passedMs,
    });
    this.#memory = memory;
    if (alerts.length === 0) return;
    for (const alert of alerts) for (const lane of this.#lanes) lane.take(noticeOf(model, alert));
    const told = [...memory.values()].filter((watched) => watched.told).map(({ alarm }) => alarm);
    await replaceFile(this.#path, JSON.stringify(told)).catch((error: unknown) =>
      log.error("the list of alerts that were told could not be kept", { why: whyOf(error) }),
    );
  }
}

export const startAlerter = (options: AlerterOptions): Alerter => new Alerting(options);
