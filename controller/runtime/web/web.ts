// The web side of the services process: the community's page and the HTTP API, fed by the live bus alone. It never
// touches a device, the journal or the loop; a flood here costs only itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fastifyStatic } from "@fastify/static";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { type FastifyInstance, fastify } from "fastify";
import { listenTo } from "../live/listen.ts";
import { createView } from "../live/view.ts";
import { flowChannels } from "./describe-site.ts";
import { isOwnHost, SECURITY_HEADERS } from "./guard.ts";
import type { Web, WebOptions } from "./options.ts";
import { addPosts } from "./posts.ts";
import { sendProblem } from "./problem.ts";
import { addReads } from "./reads.ts";
import { type Stream, startStream } from "./stream.ts";

export const BODY_BYTES_MAX = 1_048_576;
const REQUEST_DEADLINE_MS = 15_000;
const CONNECTIONS_MAX = 500;

export interface RunningWeb {
  readonly port: number;
  /** Ends streams and open connections. */
  close(): Promise<void>;
}

function addGuards(app: FastifyInstance, log: Log): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (!isOwnHost(request.headers.host))
      return sendProblem(reply, 403, "open the page by address, localhost or a .local name");
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    return undefined;
  });
  app.setErrorHandler((error: { statusCode?: number; message?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, status, error.message ?? "");
    log.error("an HTTP request failed", { url: request.url, error });
    return sendProblem(reply, 500, "the log of services tells more");
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, "see /api/v1/site or /"));
}

function addPage(app: FastifyInstance, pageDir: string): void {
  if (!existsSync(join(pageDir, "index.html"))) {
    app.get("/", (_request, reply) => sendProblem(reply, 503, "the page is not built; run npm start"));
    return;
  }
  app.register(fastifyStatic, {
    root: pageDir,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}

function addEvents(app: FastifyInstance, stream: Stream): void {
  app.get("/api/v1/events", (request, reply) => {
    if (request.method === "HEAD") return reply.type("text/event-stream").send();
    reply.hijack();
    if (stream.add(reply.raw, SECURITY_HEADERS)) return reply;
    reply.raw.writeHead(503, { ...SECURITY_HEADERS, "retry-after": "30" }).end();
    return reply;
  });
}

async function listening(app: FastifyInstance, host: string, port: number): Promise<number> {
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
  const stream = startStream(view, flowChannels(options.model));
  const web: Web = { ...options, view, stream };
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_DEADLINE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  app.removeContentTypeParser("text/plain");
  app.server.maxConnections = CONNECTIONS_MAX;
  addGuards(app, options.log);
  addReads(app, web);
  addPosts(app, web);
  addEvents(app, stream);
  addPage(app, options.pageDir);
  try {
    const port = await listening(app, options.host, options.port);
    listenTo(view, { bus: options.bus, siteId: options.model.site.site.id, log: options.log });
    return {
      port,
      close: async () => {
        await stream.close();
        await app.close();
      },
    };
  } catch (error) {
    await stream.close();
    throw error;
  }
}
