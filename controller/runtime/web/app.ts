// The HTTP server with everything on it but a port: guards, limits, schemas, routes, page. Requests are checked by
// contract's schemas, and the same schemas describe the routes (openapi.ts).
import { fastifyCookie } from "@fastify/cookie";
import { fastifyRateLimit } from "@fastify/rate-limit";
import type { Log } from "@gridwright/contract/log.ts";
import { type FastifyError, fastify } from "fastify";
import { hasZodFastifySchemaValidationErrors, validatorCompiler } from "fastify-type-provider-zod";
import { addAccess } from "./access.ts";
import { addAccounts } from "./accounts-routes.ts";
import { addAgreements } from "./agreements-routes.ts";
import { addAlerts } from "./alerts-routes.ts";
import type { Api } from "./api.ts";
import { addContests } from "./contests-routes.ts";
import { addDoctor } from "./doctor-route.ts";
import { addEvents } from "./events.ts";
import { addFlowsProxy } from "./flows-proxy.ts";
import { addFlows } from "./flows-routes.ts";
import { isOwnHost, SECURITY_HEADERS } from "./guard.ts";
import { addJobs } from "./jobs-routes.ts";
import { addLedger } from "./ledger-routes.ts";
import { addOops } from "./oops-routes.ts";
import { addOpenApi } from "./openapi.ts";
import type { Web } from "./options.ts";
import { addOwn } from "./own-routes.ts";
import { addPage } from "./page.ts";
import { addPast } from "./past-routes.ts";
import { addPosts } from "./posts.ts";
import { sendProblem } from "./problem.ts";
import { addPrometheus } from "./prometheus.ts";
import { addPush } from "./push-routes.ts";
import { addReads } from "./reads.ts";
import { addSecond } from "./second-routes.ts";
import { addAuthority } from "./secure.ts";
import { addSessions } from "./sessions-routes.ts";
import { addSignIn } from "./sign-in-routes.ts";
import { addTrainings } from "./trainings-routes.ts";
import { addTrials } from "./trials-routes.ts";
import { addYields } from "./yields-route.ts";

const BODY_BYTES_MAX = 1_048_576;
const REQUEST_DEADLINE_MS = 15_000;
const CONNECTIONS_MAX = 500;
const PARAM_CHARS_MAX = 200;
/** Of one address, pages and API together: a village behind one address may open all its pages at once. */
const REQUESTS_MAX = 2_000;
const REQUESTS_WINDOW_MS = 10_000;
const ADDRESSES_MAX = 1_000;

/** What a schema did not like, each with its place. */
function mistakesOf(error: FastifyError): string {
  if (!hasZodFastifySchemaValidationErrors(error)) return error.message;
  return error.validation
    .map(({ instancePath, message }) => {
      const place = instancePath.replace(/^\//, "").replaceAll("/", ".");
      return place === "" ? message : `${place}: ${message}`;
    })
    .join("; ");
}

function addGuards(app: Api, log: Log): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (!isOwnHost(request.headers.host))
      return sendProblem(reply, 403, "open the page by address, localhost or a .local name");
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    return undefined;
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, status, mistakesOf(error));
    log.error("an HTTP request failed", { url: request.url, error });
    return sendProblem(reply, 500, "the log of services tells more");
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, "see /api/v1/site, /api/docs or /"));
}

export interface App {
  readonly api: Api;
  /** Every route, as `get /path`. */
  readonly routes: readonly string[];
}

/** Collects the routes that are added from now on. */
function listRoutes(app: Api): readonly string[] {
  const routes: string[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one.toLowerCase()} ${url}`);
  });
  return routes;
}

/** Parts of the API, in the order in which its description shows them. */
const ROUTES: readonly ((app: Api, web: Web) => void)[] = [
  ...[addReads, addPast, addPrometheus, addPosts],
  ...[addSignIn, addAccounts, addOwn, addSessions, addSecond, addPush],
  ...[addJobs, addOops, addTrainings, addAgreements, addContests],
  ...[addFlows, addTrials, addLedger, addAlerts, addYields],
  addDoctor,
];

/** Everything on it, listening nowhere yet. */
export async function buildApp(web: Web): Promise<App> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_DEADLINE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
  }) as unknown as Api;
  app.removeContentTypeParser("text/plain");
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  const routes = listRoutes(app);
  addGuards(app, web.log);
  await app.register(fastifyRateLimit, {
    max: REQUESTS_MAX,
    timeWindow: REQUESTS_WINDOW_MS / (web.pace ?? 1),
    cache: ADDRESSES_MAX,
    errorResponseBuilder: (_request, { after, statusCode }) =>
      Object.assign(new Error(`too many at once; wait ${after}`), { statusCode }),
  });
  await app.register(fastifyCookie);
  addAccess(app, web);
  await addOpenApi(app);
  for (const add of ROUTES) add(app, web);
  await addFlowsProxy(app, web);
  addEvents(app, web.stream);
  addAuthority(app, web);
  addPage(app, web.pageDir);
  return { api: app, routes };
}
