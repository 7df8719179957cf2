// The alerter of a running site: fed by the live bus, with the secrets' files named from where the site file lies.
import { resolve } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { quietView } from "../live/listen.ts";
import { type Alerter, startAlerter } from "./alerter.ts";

export interface OpenAlerts {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly dataDir: string;
  readonly siteFolder: string;
  readonly io: Clock;
  readonly log: Log;
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

/** Begins to watch the site's alarms. */
export function openAlerts({ siteFolder, bus, ...parts }: OpenAlerts): Alerter {
  const { model, io, log } = parts;
  const view = quietView({ model, io, bus, log });
  const channels = Object.fromEntries(
    Object.entries(model.site.alerts.channels).map(([id, channel]) => [id, placed(channel, siteFolder)]),
  );
  return startAlerter({ ...parts, channels, open: () => [...view.alarms.values()] });
}
