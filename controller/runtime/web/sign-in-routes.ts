// Coming in and going out: sign-in, invitations, the demo's choice of role. A session is a cookie that scripts cannot
// read and other sites cannot send.
import type { CookieSerializeOptions } from "@fastify/cookie";
import { Problem } from "@gridwright/contract/api-answers.ts";
import { DemoRole, Join, MeAnswer, SignIn, TakeReset } from "@gridwright/contract/people.ts";
import type { FastifyReply } from "fastify";
import { hasAdmin, SESSION_IDLE_MS } from "../people/book.ts";
import {
  isRefusal,
  joinAsPerson,
  joinAsScreen,
  type Opened,
  type Refusal,
  signIn,
  signOut,
} from "../people/people.ts";
import { takeReset } from "../people/sessions.ts";
import { DEMO_COOKIE, demoAsker, identify, OPEN, personOf, SESSION_COOKIE } from "./access.ts";
import type { Api } from "./api.ts";
import { deviceOf } from "./device-of.ts";
import type { Web } from "./options.ts";
import { sendProblem, sendRefusal } from "./problem.ts";

/** Attempts of one address, right or wrong; wrong ones wait longer (backoff.ts). */
const TRIES_MAX = 30;
const TRIES_WINDOW_MS = 60_000;
const TRIES = { rateLimit: { max: TRIES_MAX, timeWindow: TRIES_WINDOW_MS } };
const LAST_S = SESSION_IDLE_MS / 1_000;
const TAGS = ["people"];

const cookie = ({ request }: FastifyReply): CookieSerializeOptions => ({
  path: "/",
  httpOnly: true,
  sameSite: "strict",
  secure: request.protocol === "https",
  maxAge: LAST_S,
});

function sendOpened(reply: FastifyReply, opened: Opened | Refusal): FastifyReply {
  if (isRefusal(opened)) return sendRefusal(reply, opened);
  return reply.setCookie(SESSION_COOKIE, opened.secret, cookie(reply)).code(204).send();
}

function addDoors(app: Api, web: Web): void {
  app.post(
    "/api/v1/session",
    {
      config: { access: OPEN, ...TRIES },
      schema: {
        summary: "Sign in with login and password",
        description: "428: the password is right, and the code of the second step is needed too.",
        tags: TAGS,
        body: SignIn,
        response: { 401: Problem, 428: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      const { body, ip } = request;
      return sendOpened(reply, await signIn(web.desk, { ...body, address: ip, device: deviceOf(request) }));
    },
  );
  app.post(
    "/api/v1/join",
    {
      config: { access: OPEN, ...TRIES },
      schema: {
        summary: "Take an invitation",
        description: "The set-up link of a first start is one, too. It works once.",
        tags: TAGS,
        body: Join,
        response: { 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const device = deviceOf(request);
      return sendOpened(
        reply,
        body.as === "person"
          ? await joinAsPerson(web.desk, body, device)
          : await joinAsScreen(web.desk, body.invite, device),
      );
    },
  );
}

function addReset(app: Api, web: Web): void {
  app.post(
    "/api/v1/reset",
    {
      config: { access: OPEN, ...TRIES },
      schema: {
        summary: "Choose a new password by an admin's one-time link",
        description: "Ends all sessions of the account and opens this one.",
        tags: TAGS,
        body: TakeReset,
        response: { 401: Problem, 404: Problem, 428: Problem, 429: Problem },
      },
    },
    async (request, reply) =>
      sendOpened(
        reply,
        await takeReset(web.desk, { ...request.body, address: request.ip, device: deviceOf(request) }),
      ),
  );
}

/** Adds what is open before anybody has signed in, and signing out. */
export function addSignIn(app: Api, web: Web): void {
  addDoors(app, web);
  addReset(app, web);
  app.get(
    "/api/v1/me",
    {
      config: { access: OPEN },
      schema: { summary: "Who asks, as far as it is known", tags: TAGS, response: { 200: MeAnswer } },
    },
    (request) => ({
      person: identify(web, request)?.person ?? null,
      demo: web.demo,
      fresh: !web.demo && !hasAdmin(web.desk.kept.now()),
    }),
  );
  app.delete(
    "/api/v1/session",
    {
      config: { access: { least: "viewer", whileDue: true } },
      schema: { summary: "Sign out of this session", tags: TAGS },
    },
    async (request, reply) => {
      const secret = request.cookies[SESSION_COOKIE];
      if (secret !== undefined) await signOut(web.desk, secret, personOf(request).id);
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).code(204).send();
    },
  );
  app.post(
    "/api/v1/demo-role",
    {
      config: { access: OPEN },
      schema: {
        summary: "Look at the demo in another role",
        description: "On a simulated plant on this machine only.",
        tags: TAGS,
        body: DemoRole,
        response: { 403: Problem },
      },
    },
    ({ body: { role } }, reply) => {
      if (!web.demo) return sendProblem(reply, 403, "only the demo lets everybody choose");
      return reply
        .setCookie(DEMO_COOKIE, role, cookie(reply))
        .send({ person: demoAsker(web, role).person, demo: true, fresh: false });
    },
  );
}
