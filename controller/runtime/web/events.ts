// GET /api/v1/events: the live stream. Who says what it heard last gets what it missed, else a snapshot.
import { EventsAsked } from "@gridwright/contract/api-queries.ts";
import { READ } from "./access.ts";
import type { Api } from "./api.ts";
import { SECURITY_HEADERS } from "./guard.ts";
import type { Stream } from "./stream.ts";

const ID_CHARS_MAX = 64;

export function addEvents(app: Api, stream: Stream): void {
  app.get(
    "/api/v1/events",
    {
      config: { access: READ },
      schema: {
        summary: "Live data as server-sent events",
        description:
          "text/event-stream: `snapshot` (as /state, with the channels that the page shows), `delta` (what of it changed), `ping` each 5 s. With Last-Event-ID of at most 30 s ago only what was missed is told.",
        tags: ["live"],
        querystring: EventsAsked,
      },
    },
    (request, reply) => {
      if (request.method === "HEAD") return reply.type("text/event-stream").send();
      reply.hijack();
      const said = request.headers["last-event-id"];
      const after =
        request.query.after ?? (typeof said === "string" ? said.slice(0, ID_CHARS_MAX) : undefined);
      if (stream.add({ raw: reply.raw, headers: SECURITY_HEADERS, after })) return reply;
      reply.raw.writeHead(503, { ...SECURITY_HEADERS, "retry-after": "30" }).end();
      return reply;
    },
  );
}
