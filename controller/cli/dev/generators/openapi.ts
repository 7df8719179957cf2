// docs/openapi.json: the description that the API gives of itself at /api/v1/openapi.json, for those who have none
// running. It says nothing of a site, so the demo village stands for all.
import { randomBytes } from "node:crypto";
import type { Clock } from "@gridwright/contract/clock.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createView } from "@gridwright/runtime/live/view.ts";
import { EMPTY_BOOK } from "@gridwright/runtime/people/book.ts";
import { openDesk } from "@gridwright/runtime/people/people.ts";
import { buildApp } from "@gridwright/runtime/web/app.ts";
import { Wears } from "@gridwright/runtime/web/wear.ts";
import { VILLAGE } from "../../commands/demo.ts";
import { loadSite } from "../../load-site.ts";

/** Accounts of nobody, kept nowhere. */
const noDesk = (io: Clock) =>
  openDesk({
    kept: { now: () => EMPTY_BOOK, change: async () => undefined },
    audit: { note: async () => undefined, newest: () => [], whole: true },
    io,
    random: randomBytes,
    members: new Set(),
  });

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nobody = { publish: () => undefined, subscribe: () => undefined, connected: false };
const nothing = { query: async () => [], periods: async () => [], counts: async () => ({}) };
const close = async (): Promise<void> => undefined;

export async function openApiText(): Promise<string> {
  const { model } = loadSite(VILLAGE);
  const io = hostClock();
  const { api } = await buildApp({
    host: "127.0.0.1",
    port: 0,
    model,
    bus: { ...nobody, close },
    history: { ...nothing, close },
    desk: noDesk(io),
    demo: false,
    pageDir: "",
    log: quiet,
    io,
    view: createView(model, io),
    stream: { add: () => false, count: () => 0, heard: () => undefined, close },
    wears: new Wears(),
  });
  await api.ready();
  const text = `${JSON.stringify(api.swagger(), undefined, 2)}\n`;
  await api.close();
  return text;
}
