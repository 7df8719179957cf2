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
import { homeAlarms } from "@gridwright/core/alerts/home-alarms.ts";
import { quietView } from "../live/listen.ts";
import { controlOf } from "../live/view.ts";
import type { Desk } from "../people/people.ts";
import { type Alerter, type AlerterOptions, startAlerter } from "./alerter.ts";
import type { Of } from "./channels.ts";
import { openPush, type Push } from "./push.ts";

export interface OpenAlerts extends Pick<AlerterOptions, "request"> {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly dataDir: string;
  readonly siteFolder: string;
  readonly desk: Desk;
  readonly io: Clock;
  readonly log: Log;
  /** What stands beside what control tells. */
  readonly more: () => readonly Alarm[];
}

function placed(channel: AlertChannel, folder: string): AlertChannel {
  switch (channel.kind) {
    case "email":
      return channel.passwordFile === undefined
        ? channel
        : { ...channel, passwordFile: resolve(folder, channel.passwordFile) };
    case "webhook":
    case "ntfy":
      return channel.tokenFile === undefined
        ? channel
        : { ...channel, tokenFile: resolve(folder, channel.tokenFile) };
    default:
      return channel;
  }
}

/** What the doctor finds may last for weeks and has no button that says «I have seen it»: no siren sounds for it. */
const isDoctors = (alarm: string): boolean => alarm.startsWith("doctor/");

async function pushOf(
  channels: readonly AlertChannel[],
  parts: Omit<OpenAlerts, "siteFolder" | "more">,
): Promise<Push | undefined> {
  const channel = channels.find((one): one is Of<"push"> => one.kind === "push");
  return channel && openPush({ ...parts, channel });
}

/** Begins to watch the site's alarms, whether control is heard at all, and what stands beside. Throws `data-folder-unusable`. */
export async function openAlerts({ siteFolder, more, ...parts }: OpenAlerts): Promise<Alerter> {
  const { model, io, log, bus } = parts;
  const view = quietView({ model, io, bus, log });
  const channels = Object.fromEntries(
    Object.entries(model.site.alerts.channels).map(([id, channel]) => [id, placed(channel, siteFolder)]),
  );
  const push = await pushOf(Object.values(channels), parts);
  const began = io.now();
  const open = (): readonly Alarm[] => {
    const silentMs = controlOf(view).silentMs ?? elapsed(began, io.now());
    const lost = controlLost({ silentMs, wall: epoch(io.wall()) });
    return [...view.alarms.values(), ...(lost === undefined ? [] : [lost]), ...more()];
  };
  const homes = () => homeAlarms({ model, open: [...view.alarms.values()], assets: view.assets });
  const isSeen = (alarm: string): boolean =>
    isDoctors(alarm) || (view.alarms.get(alarm)?.acknowledged ?? false);
  return startAlerter({ ...parts, channels, push, open, homes, isSeen });
}
