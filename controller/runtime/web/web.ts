// The web side of the services process: the community's page and the HTTP API, fed by the live bus alone. It never
// touches a device, the journal or the loop; a flood here costs only itself.
import { randomBytes } from "node:crypto";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { listenTo } from "../live/listen.ts";
import { createView } from "../live/view.ts";
import type { Api } from "./api.ts";
import { buildApp } from "./app.ts";
import { flowChannels } from "./describe-site.ts";
import type { WebOptions } from "./options.ts";
import { startStream } from "./stream.ts";

/** Names this start in the ids of events. */
const RUN_BYTES = 4;

export interface RunningWeb {
  readonly port: number;
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
        `port ${port} for the page is taken by another program; stop it, or take any free port with --port 0`,
        { cause },
      );
    throw cause;
  }
}

/** Serves page and API until closed. Throws GridwrightError port-in-use. Needs a loopback `host`: reading is open. */
export async function startWeb(options: WebOptions): Promise<RunningWeb> {
  const view = createView(options.model, options.io);
  const stream = startStream(view, flowChannels(options.model), randomBytes(RUN_BYTES).toString("hex"));
  try {
    const { api, routes } = await buildApp({ ...options, view, stream });
    const port = await listening(api, options.host, options.port);
    listenTo(view, { bus: options.bus, siteId: options.model.site.site.id, log: options.log });
    return {
      port,
      routes,
      close: async () => {
        await stream.close();
        await api.close();
      },
    };
  } catch (error) {
    await stream.close();
    throw error;
  }
}
