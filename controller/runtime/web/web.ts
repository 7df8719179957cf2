// The web side of the services process: the community's page and the HTTP API, fed by the live bus alone. It never
// touches a device, the journal or the loop; a flood here costs only itself.
import { randomBytes } from "node:crypto";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { topics } from "@gridwright/contract/messages.ts";
import { listenTo } from "../live/listen.ts";
import { createView } from "../live/view.ts";
import { bytesWritten } from "../loop/process-report.ts";
import type { Api } from "./api.ts";
import { buildApp } from "./app.ts";
import { flowChannels } from "./describe-site.ts";
import type { Web, WebOptions } from "./options.ts";
import { openSecureDoor, type SecureDoor } from "./secure.ts";
import { startStream } from "./stream.ts";
import { Wears } from "./wear.ts";

/** Names this start in the ids of events. */
const RUN_BYTES = 4;

export interface RunningWeb {
  readonly port: number;
  /** Of the door to the network. */
  readonly securePort?: number;
  /** Every route, as `get /path`. */
  readonly routes: readonly string[];
  /** Ends streams and open connections. */
  close(): Promise<void>;
}

async function listening(app: Api, host: string, port: number): Promise<number> {
  try {
    const address = new URL(await app.listen({ host, port }));
    return Number(address.port);
  } catch (cause) {
    await app.close();
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")
      throw new GridwrightError(
        "port-in-use",
        `port ${port} for the page is taken by another program; stop it (sudo ss -lntp names it), or, where you start this by hand, take any free port with --port 0`,
        { cause },
      );
    throw cause;
  }
}

/** Where the door to the network does not open, loopback's is closed again. */
async function doorOf(api: Api, web: Web): Promise<SecureDoor | undefined> {
  try {
    return web.lan && (await openSecureDoor(api, web, web.lan));
  } catch (error) {
    await api.close();
    throw error;
  }
}

/** Control tells each few seconds what it wrote: a good time to look at both counters. */
function watchWear({ view, wears, io }: Web): void {
  if (view.process === undefined) return;
  wears.look(io.now(), { control: view.process.diskWrittenBytes, services: bytesWritten() });
}

/** Serves page and API until closed. Throws GridwrightError port-in-use. `host` is loopback: what leaves this machine goes by `lan`. */
export async function startWeb(options: WebOptions): Promise<RunningWeb> {
  const view = createView(options.model, options.io);
  const stream = startStream(view, flowChannels(options.model), randomBytes(RUN_BYTES).toString("hex"));
  try {
    const wears = new Wears();
    const web = { ...options, view, stream, wears };
    const { api, routes } = await buildApp(web);
    const port = await listening(api, options.host, options.port);
    const door = await doorOf(api, web);
    listenTo(view, {
      bus: options.bus,
      siteId: options.model.site.site.id,
      log: options.log,
      heard: stream.heard,
    });
    options.bus.subscribe(topics(options.model.site.site.id).process, () => watchWear(web));
    return {
      port,
      ...(door !== undefined && { securePort: door.port }),
      routes,
      close: async () => {
        await stream.close();
        await door?.close();
        await api.close();
      },
    };
  } catch (error) {
    await stream.close();
    throw error;
  }
}
