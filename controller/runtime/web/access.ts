// Who may call which route. Every route of the API names the least role and, where a token may call it, the scope; one
// that names none is not served at all. A change must come from this very page.
import type { Person } from "@gridwright/contract/people.ts";
import { mayAs, PERSON_ROLES, type PersonRole, SCOPES, type Scope } from "@gridwright/contract/roles.ts";
import type { FastifyRequest } from "fastify";
import type { Asker } from "../people/book.ts";
import { askerOf } from "../people/people.ts";
import type { Api } from "./api.ts";
import { isOwnOrigin } from "./guard.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

export interface Access {
  /** `open`: before anybody has signed in. */
  readonly least: PersonRole | "open";
  /** What a token needs; none: tokens may not. */
  readonly scope?: Scope;
  /** Also for who must set the second step up first. */
  readonly whileDue?: true;
}

declare module "fastify" {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
  interface FastifyRequest {
    asker?: Asker | undefined;
  }
}

export const READ: Access = { least: "viewer", scope: "read" };
export const OPEN: Access = { least: "open" };
const GUARDED = "/api/v1/";
export const SESSION_COOKIE = "gridwright-session";
export const DEMO_COOKIE = "gridwright-demo-role";
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** In the demo everybody is who they like to be; whoever has not chosen is a member of its first house. */
export function demoAsker(web: Web, chosen: string | undefined): Asker {
  const role = PERSON_ROLES.find((one) => one === chosen) ?? "member";
  const [member] = Object.keys(web.model.site.members);
  const name = web.model.site.members[member ?? ""]?.name ?? "";
  const person: Person = {
    id: `demo-${role}`,
    name,
    role,
    ...(member !== undefined && { member }),
    via: "demo",
  };
  return { person, scopes: SCOPES };
}

const bearerOf = ({ authorization }: FastifyRequest["headers"]): string | undefined =>
  authorization === undefined ? undefined : (/^Bearer (\S{1,256})$/.exec(authorization)?.[1] ?? "");

/** Who asks, on any route. */
export function identify(web: Web, request: FastifyRequest): Asker | undefined {
  const { [SESSION_COOKIE]: session, [DEMO_COOKIE]: demo } = request.cookies;
  const token = bearerOf(request.headers);
  if (web.demo && token === undefined) return demoAsker(web, demo);
  const flows = token === undefined ? undefined : web.flows?.asker(token);
  if (flows !== undefined) return flows;
  return askerOf(web.desk, {
    ...(session !== undefined && { session }),
    ...(token !== undefined && { token }),
  });
}

function refusal({ access, method, asker }: { access: Access; method: string; asker: Asker | undefined }) {
  if (access.least === "open") return undefined;
  if (asker === undefined)
    return { status: 401, detail: "sign in, or send a token as Authorization: Bearer" };
  const { person, scopes } = asker;
  if (person.via === "token" && (access.scope === undefined || !scopes.includes(access.scope)))
    return { status: 403, detail: "this token may not do that" };
  if (person.secondDue && !access.whileDue)
    return { status: 403, detail: "set your second step up first: your role must have one" };
  if (person.via === "screen" && !SAFE.has(method)) return { status: 403, detail: "a screen only shows" };
  return mayAs(person.role, access.least)
    ? undefined
    : { status: 403, detail: `that needs the role ${access.least}; yours is ${person.role}` };
}

const FOREIGN = { status: 403, detail: "a change must come from this page" } as const;

async function admit(web: Web, request: FastifyRequest) {
  const { access } = request.routeOptions.config;
  if (access === undefined) return undefined;
  const asker = identify(web, request);
  request.asker = access.least === "open" ? undefined : asker;
  const foreign = !SAFE.has(request.method) && !isOwnOrigin(request.headers);
  const refused = foreign ? FOREIGN : refusal({ access, method: request.method, asker: request.asker });
  // Of nobody known nothing is noted: whoever likes could fill the card.
  if (refused?.status === 403 && !SAFE.has(request.method) && asker !== undefined)
    await web.desk.audit.note({
      who: asker.person.id,
      did: "refused",
      about: { route: request.routeOptions.url ?? "", method: request.method },
    });
  return refused;
}

/** Must stand before all routes. Throws where a route names no access. */
export function addAccess(app: Api, web: Web): void {
  app.decorateRequest("asker", undefined);
  app.addHook("onRoute", ({ url, method, config }) => {
    if (url.startsWith(GUARDED) && config?.access === undefined)
      throw new Error(`${method} ${url} names nobody who may call it`);
  });
  app.addHook("onRequest", async (request, reply) => {
    const refused = await admit(web, request);
    if (refused === undefined) return undefined;
    const asking = refused.status === 401 ? reply.header("www-authenticate", "Bearer") : reply;
    return sendProblem(asking, refused.status, refused.detail);
  });
}

/** Who asks, on a route that lets in nobody unknown. */
export function personOf({ asker }: FastifyRequest): Person {
  if (asker === undefined) throw new Error("this route is open and asks who calls it");
  return asker.person;
}
