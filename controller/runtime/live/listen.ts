// Joins the live bus to the view: topics in, messages parsed, malformed ones counted and logged once in a while.
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { parseAlarm, parseBuses, parseDecision, parseProcess, parseSnapshot, parseTick } from "./parse.ts";
import {
  applyAlarm,
  applyDecisions,
  applySnapshot,
  applyTick,
  createView,
  forgetNews,
  type View,
} from "./view.ts";

const LOG_EVERY = 1_000;

function complainer(log: Log): (topic: string) => void {
  let refused = 0;
  return (topic) => {
    if (refused % LOG_EVERY === 0)
      log.warn("a message on the live bus was not understood", { topic, refused: refused + 1 });
    refused += 1;
  };
}

interface Line {
  readonly bus: Bus;
  readonly siteId: string;
  readonly log: Log;
  /** Called after each message that was understood. */
  readonly heard?: () => void;
}

/** Subscribes to the site's topics; the bus keeps the subscriptions over reconnects. */
export function listenTo(view: View, { bus, siteId, log, heard }: Line): void {
  const complain = complainer(log);
  const at = topics(siteId);
  const on = <M>(
    topic: string,
    parse: (payload: string) => M | undefined,
    apply: (message: M, retained: boolean) => void,
  ): void =>
    bus.subscribe(topic, (from, payload, retained) => {
      const message = parse(payload);
      if (message === undefined) return complain(from);
      apply(message, retained);
      heard?.();
    });
  on(at.tick, parseTick, (message, retained) => applyTick(view, message, retained));
  on(at.snapshot, parseSnapshot, (message, retained) => applySnapshot(view, message, retained));
  on(at.decision, parseDecision, (decision) => applyDecisions(view, [decision]));
  on(at.alarm, parseAlarm, (message) => applyAlarm(view, message));
  on(at.buses, parseBuses, (message) => {
    view.buses = message;
  });
  on(at.process, parseProcess, (message) => {
    view.process = message;
  });
  bus.subscribe(at.control, (_topic, payload) => {
    view.online = payload === "online";
    view.dirty.head = true;
  });
}

/** A view of the live bus for who looks at what is and never asks what is new: that piles up nowhere. */
export function quietView({
  model,
  io,
  ...line
}: { readonly model: SiteModel; readonly io: Clock } & Pick<Line, "bus" | "log">): View {
  const view = createView(model, io);
  listenTo(view, { ...line, siteId: model.site.site.id, heard: () => forgetNews(view) });
  return view;
}
