// The ways on which alerts of the site leave, by the kind of their channel: to an address, to browsers, to an output.
import type { Alarm, Severity } from "@gridwright/contract/alarms.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Alert } from "@gridwright/core/alerts/alert-step.ts";
import { type PlainChannel, sendBy } from "./channels.ts";
import { Horn, type HornParts } from "./horn.ts";
import type { Delivery } from "./lane.ts";
import { noticeOf, tryNotice } from "./notice.ts";
import type { Push } from "./push.ts";

export interface WayParts extends Omit<HornParts, "channel"> {
  readonly model: SiteModel;
  /** Of the site's channel for browsers, where it has one. */
  readonly push: Push | undefined;
}

export interface Way {
  readonly kind: AlertChannel["kind"];
  readonly least: Severity;
  /** What an alert gives to deliver. */
  readonly deliver?: (alert: Alert) => Delivery;
  /** Called each second with the alarms that were told and are not over. */
  readonly look?: (standing: readonly Alarm[]) => void;
  /** Tries it at once for an account. Rejects with why not. */
  readonly test: (by: string) => Promise<void>;
  readonly idle?: () => Promise<void>;
}

type Own = Pick<Way, "deliver" | "look" | "test" | "idle">;

const toAddress = (channel: PlainChannel, { model, io }: WayParts): Own => ({
  deliver: (alert) => ({ alarm: alert.alarm.id, act: () => sendBy(channel, noticeOf(model, alert)) }),
  test: () => sendBy(channel, tryNotice(model, io.wall())),
});

const toBrowsers = (push: Push, { model, io }: WayParts): Own => ({
  deliver: (alert) => ({
    alarm: alert.alarm.id,
    act: push.to("site", (language) => noticeOf(model, alert, language)),
  }),
  test: (by) => push.test(by, (language) => tryNotice(model, io.wall(), language)),
});

function toOutput(parts: HornParts): Own {
  const horn = new Horn(parts);
  return { look: (standing) => horn.look(standing), test: () => horn.test(), idle: () => horn.idle };
}

function ownOf(channel: AlertChannel, parts: WayParts): Own {
  switch (channel.kind) {
    case "push":
      if (parts.push === undefined) throw new Error("a channel for browsers needs its key");
      return toBrowsers(parts.push, parts);
    case "output":
      return toOutput({ ...parts, channel });
    default:
      return toAddress(channel, parts);
  }
}

/** The way of a channel. */
export function wayOf(channel: AlertChannel, parts: WayParts): Way {
  const { kind, least = parts.model.site.alerts.least } = channel;
  return { kind, least, ...ownOf(channel, parts) };
}
