// Where one is signed in, and ending it; for admins the screens, and the one-time link for who forgot the password.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById, SecretAnswer, SessionsAnswer } from "@gridwright/contract/people.ts";
import type { FastifyRequest } from "fastify";
import { type Session, sessionId } from "../people/book.ts";
import { digestOf } from "../people/digest.ts";
import { isRefusal } from "../people/people.ts";
import { endScreen, endSession, endSessions, makeReset, sessionsOf } from "../people/sessions.ts";
import { type Access, personOf, SESSION_COOKIE } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendRefusal } from "./problem.ts";

const OWN: Access = { least: "viewer" };
const ADMIN: Access = { least: "admin" };
const TAGS = ["people"];
const REFUSED = { 401: Problem, 403: Problem, 404: Problem };

const told = (sessions: readonly Session[], { cookies }: FastifyRequest): SessionsAnswer => {
  const own = digestOf(cookies[SESSION_COOKIE] ?? "");
  return sessions.map((one) => ({
    id: sessionId(one),
    createdAt: one.createdAt,
    seenAt: one.seenAt,
    ...(one.device !== undefined && { device: one.device }),
    current: one.hash === own,
  }));
};

function addOwnSessions(app: Api, { desk }: Web): void {
  app.get(
    "/api/v1/sessions",
    {
      config: { access: OWN },
      schema: { summary: "Where one is signed in", tags: TAGS, response: { 200: SessionsAnswer } },
    },
    (request) => {
      const { id, via } = personOf(request);
      return via === "session" ? told(sessionsOf(desk, id), request) : [];
    },
  );
  app.delete(
    "/api/v1/sessions",
    {
      config: { access: OWN },
      schema: { summary: "Sign out everywhere, here too", tags: TAGS },
    },
    async (request, reply) => {
      await endSessions(desk, personOf(request).id);
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send();
    },
  );
  app.delete(
    "/api/v1/sessions/:id",
    {
      config: { access: OWN },
      schema: { summary: "Sign out somewhere else", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) =>
      sendDone(reply, await endSession(desk, { by: personOf(request).id, id: request.params.id })),
  );
}

export function addSessions(app: Api, web: Web): void {
  const { desk } = web;
  addOwnSessions(app, web);
  app.get(
    "/api/v1/screens",
    {
      config: { access: ADMIN },
      schema: { summary: "Screens that only show", tags: TAGS, response: { 200: SessionsAnswer } },
    },
    (request) => told(sessionsOf(desk, undefined), request),
  );
  app.delete(
    "/api/v1/screens/:id",
    {
      config: { access: ADMIN },
      schema: { summary: "Let a screen show no more", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) =>
      sendDone(reply, await endScreen(desk, { by: personOf(request).id, id: request.params.id })),
  );
  app.post(
    "/api/v1/accounts/:id/reset",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Make a link by which an account's owner chooses a new password",
        description: "Told this once; it works once, for a day.",
        tags: TAGS,
        params: ById,
        response: { 200: SecretAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const made = await makeReset(desk, { by: personOf(request).id, id: request.params.id });
      return isRefusal(made) ? sendRefusal(reply, made) : reply.send(made);
    },
  );
}
