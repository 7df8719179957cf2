// The alerter of a running site: fed by the live bus, with the secrets' files named from where the site file lies.
import { resolve } from "node:path";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, epoch } from "@gridwright/contract/units.ts";
import { controlLost } from "@gridwright/core/alerts/control-lost.ts";
import { quietView } from "../live/listen.ts";
import { controlOf } from "../live/view.ts";
import { type Alerter, startAlerter } from "./alerter.ts";

export interface OpenAlerts {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly dataDir: string;
  readonly siteFolder: string;
  readonly io: Clock;
  readonly log: Log;
  /** What stands beside what control tells. */
  readonly more: () => readonly Alarm[];
}

function placed(channel: AlertChannel, folder: string): AlertChannel {
  if (channel.kind === "email")
    return channel.passwordFile === undefined
      ? channel
      : { ...channel, passwordFile: resolve(folder, channel.passwordFile) };
  return channel.tokenFile === undefined
    ? channel
    : { ...channel, tokenFile: resolve(folder, channel.tokenFile) };
}

/** Begins to watch the site's alarms, whether control is heard at all, and what stands beside. */
export function openAlerts({ siteFolder, bus, more, ...parts }: OpenAlerts): Alerter {
  const { model, io, log } = parts;
  const view = quietView({ model, io, bus, log });
  const channels = Object.fromEntries(
    Object.entries(model.site.alerts.channels).map(([id, channel]) => [id, placed(channel, siteFolder)]),
  );
  const began = io.now();
  const open = (): readonly Alarm[] => {
    const silentMs = controlOf(view).silentMs ?? elapsed(began, io.now());
    const lost = controlLost({ silentMs, wall: epoch(io.wall()) });
    return [...view.alarms.values(), ...(lost === undefined ? [] : [lost]), ...more()];
  };
  return startAlerter({ ...parts, channels, open });
}
