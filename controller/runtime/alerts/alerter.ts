// Alarms on their way to people who do not look at the page: each second what is open is looked at, what lasts is told on every
// way, once, and once that it is over; homes that want it hear what concerns them. A way that is down delays no other. What was
// told is kept on disk, so that a restart tells nothing twice.

import { join } from "node:path";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AlertFailure } from "@gridwright/contract/api-alerts.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { counts } from "@gridwright/core/alerts/alert-step.ts";
import type { HomeAlarm } from "@gridwright/core/alerts/home-alarms.ts";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import { failureOf } from "./failure.ts";
import { Lane } from "./lane.ts";
import { noticeOf } from "./notice.ts";
import type { Push } from "./push.ts";
import { Watch } from "./watch.ts";
import { type Way, type WayParts, wayOf } from "./ways.ts";

const LOOK = seconds(1);

export interface AlerterOptions extends WayParts {
  /** By their id in the site file. */
  readonly channels: Readonly<Record<string, AlertChannel>>;
  /** Open alarms as control tells of them. */
  readonly open: () => readonly Alarm[];
  /** What homes should hear. */
  readonly homes: () => readonly HomeAlarm[];
  readonly dataDir: string;
}

export interface Alerter {
  /** Ids of the channels, with their kind. */
  readonly channels: Readonly<Record<string, AlertChannel["kind"]>>;
  /** The site's way to browsers; undefined: it has none. */
  readonly push?: Push | undefined;
  /** Sends a try at once on a channel of the site, for an account; gives why it was not taken. Undefined: it was. */
  test(channel: string, by: string): Promise<AlertFailure | undefined>;
  close(): Promise<void>;
}

interface Going {
  readonly way: Way;
  readonly lane: Lane;
}

class Alerting implements Alerter {
  readonly channels: Alerter["channels"];
  readonly push: Push | undefined;
  readonly #options: AlerterOptions;
  readonly #ways: ReadonlyMap<string, Going>;
  readonly #homeLane: Lane;
  readonly #site: Watch<Alarm>;
  readonly #homes: Watch<HomeAlarm>;
  readonly #stop = new AbortController();
  readonly #looking: Looking | undefined;

  constructor(options: AlerterOptions) {
    const { channels, dataDir, io, log } = options;
    const { signal: stop } = this.#stop;
    const laneOf = (channel: string): Lane => new Lane({ channel, io, log, stop });
    this.#options = options;
    this.push = options.push;
    this.channels = Object.fromEntries(Object.entries(channels).map(([id, { kind }]) => [id, kind]));
    this.#ways = new Map(
      Object.entries(channels).map(([id, channel]) => [
        id,
        { way: wayOf(channel, options), lane: laneOf(id) },
      ]),
    );
    this.#homeLane = laneOf("homes");
    this.#site = new Watch(join(dataDir, "alerts.json"), options);
    this.#homes = new Watch(join(dataDir, "alerts-homes.json"), options);
    const onError = (error: unknown): void =>
      log.error("alarms are not looked at for alerts", { why: messageOf(error) });
    if (this.#ways.size > 0) this.#looking = lookAgain(io, LOOK, { look: () => this.#look(), onError });
  }

  async test(id: string, by: string): Promise<AlertFailure | undefined> {
    const going = this.#ways.get(id);
    if (going === undefined) throw new RangeError(`the site has no channel ${id}`);
    try {
      await going.way.test(by);
      return undefined;
    } catch (error) {
      this.#options.log.warn("a try of a channel did not leave", { channel: id, why: messageOf(error) });
      return failureOf(error);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking?.close();
    const ways = [...this.#ways.values()];
    await Promise.all([this.#homeLane.idle, ...ways.flatMap(({ way, lane }) => [lane.idle, way.idle?.()])]);
  }

  async #look(): Promise<void> {
    const { open } = this.#options;
    const ways = [...this.#ways.values()];
    const counting = open().filter((alarm) => ways.some(({ way }) => counts(alarm, way.least)));
    for (const alert of await this.#site.look(counting))
      for (const { way, lane } of ways)
        if (way.deliver !== undefined && counts(alert.alarm, way.least)) lane.take(way.deliver(alert));
    for (const { way } of ways) way.look?.(this.#site.standing);
    await this.#lookAtHomes();
  }

  async #lookAtHomes(): Promise<void> {
    const { push, homes, model } = this.#options;
    if (push === undefined) return;
    for (const alert of await this.#homes.look(homes())) {
      const { member: home, id: alarm } = alert.alarm;
      const act = push.to({ home }, (language) => noticeOf(model, alert, language));
      this.#homeLane.take({ alarm, act });
    }
  }
}

export const startAlerter = (options: AlerterOptions): Alerter => new Alerting(options);
