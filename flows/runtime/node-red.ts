// Starts Node-RED in this process, which is its own: behind an HTTP server on loopback, with a place where the supervisor
// sees that it lives. Node-RED comes from a folder of its own, installed when flows are first wanted.
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UNTRIED_HEADER, untriedReason } from "@gridwright/contract/flows-place.ts";
import { languageOf } from "./gate/told.ts";
import { ADMIN_ROOT, type SettingsOptions, settingsOf } from "./settings.ts";
import type { Deploying } from "./storage.ts";

interface NodeRed {
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly httpAdmin: RequestListener;
}
type Express = () => RequestListener & { use(path: string, handler: RequestListener): void };

export const HEALTH_PATH = "/health";
const MESSAGE_CHARS_MAX = 300;

/** What is known of the request that is being answered, for the storage to read. */
export const deploys = new AsyncLocalStorage<Deploying>();

const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
};

/** Node-RED's own routes below, with what the storage must know around them. */
const within = (inner: RequestListener): RequestListener => {
  return (request, response) => {
    if (request.url === HEALTH_PATH) return void response.end("ok");
    const message = headerOf(request, "x-gridwright-message")?.slice(0, MESSAGE_CHARS_MAX);
    const language = languageOf(headerOf(request, "accept-language"));
    const untried = untriedReason(headerOf(request, UNTRIED_HEADER)).slice(0, MESSAGE_CHARS_MAX);
    const deploying = {
      language,
      ...(message !== undefined && { message }),
      ...(untried !== "" && { untried }),
    };
    return deploys.run(deploying, () => inner(request, response));
  };
};

export interface RunningNodeRed {
  readonly port: number;
  stop(): Promise<void>;
}

/** `installDir`: where Node-RED's packages are. Rejects when it cannot start. */
export async function startNodeRed(installDir: string, options: SettingsOptions): Promise<RunningNodeRed> {
  const load = createRequire(join(installDir, "package.json"));
  const red = load("node-red") as NodeRed;
  const app = (load("express") as Express)();
  const server = createServer(within(app));
  red.init(server, settingsOf(options));
  app.use(ADMIN_ROOT, red.httpAdmin);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  await red.start();
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await red.stop();
      server.close();
    },
  };
}
