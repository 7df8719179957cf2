// A controller that a test plays for a real Node-RED: the plant is as the test says, and what flows ask is written down.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiAsset, ApiState } from "@gridwright/contract/api.ts";
import type { FlowBody } from "@gridwright/contract/request.ts";

export interface PlayedController {
  readonly url: string;
  /** `off pump 15 min: the tank is full`, in the order in which it was asked since somebody began to follow the plant. */
  readonly asked: string[];
  /** How often somebody began to follow the plant. */
  readonly followed: () => number;
  /** The plant as it becomes; everybody who follows is told. */
  become(live: ApiState): void;
  /** What the planner tells. */
  plan: unknown;
  /** The workshop's queue. */
  jobs: readonly object[];
  close(): Promise<void>;
}

interface Ask {
  readonly ttlMs: number;
  readonly body: FlowBody;
}

const textOf = ({ ttlMs, body }: Ask): string =>
  `${body.kind === "switch" ? (body.on ? "on" : "off") : body.kind} ${body.asset} ${ttlMs / 60_000} min: ${body.why}`;

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
}

const TAKEN = {
  ...{ id: "request-3", issuer: "services", outcome: "accepted" },
  ...{ reason: { code: "answer-accepted", params: {} }, said: { en: "taken", es: "aceptada" } },
};

export async function playController(assets: readonly Partial<ApiAsset>[]): Promise<PlayedController> {
  const asked: string[] = [];
  const streams = new Set<ServerResponse>();
  let live: ApiState | undefined;
  let followed = 0;
  const tell = (stream: ServerResponse): void => {
    if (live !== undefined) stream.write(`event: snapshot\ndata: ${JSON.stringify(live)}\n\n`);
  };
  const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    "/api/v1/site": (_request, response) =>
      response.end(JSON.stringify({ timezone: "Europe/Madrid", assets })),
    "/api/v1/jobs": (_request, response) => response.end(JSON.stringify({ jobs: played.jobs })),
    "/api/v1/plan": (_request, response) => response.end(JSON.stringify(played.plan)),
    "/api/v1/events": (_request, response) => {
      response.setHeader("content-type", "text/event-stream");
      response.flushHeaders();
      streams.add(response);
      followed += 1;
      asked.length = 0;
      response.on("close", () => streams.delete(response));
      tell(response);
    },
    "/api/v1/flows/requests": async (request, response) => {
      asked.push(textOf((await jsonOf(request)) as Ask));
      response.end(JSON.stringify(TAKEN));
    },
  };
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    const route = routes[request.url ?? ""];
    if (route === undefined) response.writeHead(404).end("{}");
    else route(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const played: PlayedController = {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, plan: {}, jobs: [] },
    followed: () => followed,
    become(next) {
      live = next;
      for (const stream of streams) tell(stream);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return played;
}
