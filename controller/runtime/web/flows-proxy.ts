// Node-RED's editor behind our own address and sign-in: technicians and admins alone, its socket too. The process behind
// it is not trusted: it sees no cookie and no token of a person, and sets no header of its own on our origin; what it
// serves is fenced by the policy below, so that a script of it reaches nothing but itself.
import { fastifyHttpProxy } from "@fastify/http-proxy";
import { type FlowsPlace, UNTRIED_HEADER, untriedReason } from "@gridwright/contract/flows-place.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { FLOWS_PREFIX, passOf } from "../flows/flows-door.ts";
import type { Audit } from "../people/audit.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import { isOwnOrigin } from "./guard.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const EDITS: Access = { least: "technician" };
/** What of the process's answers reaches the browser. */
const PASSED: ReadonlySet<string> = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "cache-control",
  "etag",
  "last-modified",
  "vary",
]);
/** What of the browser's request reaches the process. */
const FORWARDED: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "content-type",
  "content-length",
  "if-none-match",
  "if-modified-since",
  "node-red-api-version",
  "node-red-deployment-type",
  UNTRIED_HEADER,
]);
const WHY_CHARS_MAX = 300;

const only = <T>(headers: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name.toLowerCase())));

/** Scripts and styles of the editor run, but ask and load only below its own path; no frame, no window, no other origin. */
export function editorPolicy(protocol: string, host: string): string {
  const own = `${protocol}://${host}${FLOWS_PREFIX}/`;
  const socket = `${protocol === "https" ? "wss" : "ws"}://${host}${FLOWS_PREFIX}/`;
  return [
    "default-src 'none'",
    `script-src ${own} 'unsafe-inline' 'unsafe-eval'`,
    `style-src ${own} 'unsafe-inline'`,
    `img-src ${own} data:`,
    `font-src ${own} data:`,
    `connect-src ${own} ${socket}`,
    `worker-src ${own} blob:`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads",
  ].join("; ");
}

const passFor = (place: FlowsPlace, request: FastifyRequest) => ({
  authorization: passOf(place, personOf(request).id),
});

/** Who deploys without trying answers for it: noted here, for the process behind is not believed. */
async function noteUntried(audit: Audit, request: FastifyRequest): Promise<void> {
  const why = untriedReason(request.headers[UNTRIED_HEADER]);
  if (why === "" || request.method === "GET") return;
  await audit.note({
    who: personOf(request).id,
    did: "flows-untried",
    about: { why: why.slice(0, WHY_CHARS_MAX) },
  });
}

async function fence(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (request.headers.upgrade !== undefined && !isOwnOrigin(request.headers))
    return sendProblem(reply, 403, "the editor's line must come from this page");
  reply.header("content-security-policy", editorPolicy(request.protocol, request.host));
  return undefined;
}

/** Serves the editor below /flows/. */
export async function addFlowsProxy(app: Api, { flows, desk }: Web): Promise<void> {
  if (flows === undefined) return;
  const { place } = flows;
  app.get(FLOWS_PREFIX, { config: { access: EDITS }, schema: { hide: true } }, (_request, reply) =>
    reply.redirect(`${FLOWS_PREFIX}/`),
  );
  await app.register(fastifyHttpProxy, {
    upstream: `http://127.0.0.1:${place.port}`,
    prefix: FLOWS_PREFIX,
    rewritePrefix: FLOWS_PREFIX,
    routes: ["/*"],
    config: { access: EDITS },
    preHandler: (async (request: FastifyRequest, reply: FastifyReply) => {
      await noteUntried(desk.audit, request);
      return fence(request, reply);
    }) as never,
    websocket: true,
    wsClientOptions: {
      rewriteRequestHeaders: (_headers: object, request: FastifyRequest) => passFor(place, request),
    } as object,
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => ({
        ...only(headers, FORWARDED),
        ...passFor(place, request as unknown as FastifyRequest),
      }),
      rewriteHeaders: (headers) => only(headers, PASSED),
      onError: (reply) => {
        void sendProblem(reply as unknown as FastifyReply, 503, "the flows do not run now; try again soon");
      },
    },
  });
}
