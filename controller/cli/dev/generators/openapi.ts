// docs/openapi.json: the description that the API gives of itself at /api/v1/openapi.json, for those who have none
// running. It says nothing of a site, so the demo village stands for all.
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { createView } from "@gridwright/runtime/live/view.ts";
import { buildApp } from "@gridwright/runtime/web/app.ts";
import { VILLAGE } from "../../commands/demo.ts";
import { loadSite } from "../../load-site.ts";

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
    token: "",
    pageDir: "",
    log: quiet,
    io,
    view: createView(model, io),
    stream: { add: () => false, count: () => 0, close },
  });
  await api.ready();
  const text = `${JSON.stringify(api.swagger(), undefined, 2)}\n`;
  await api.close();
  return text;
}
