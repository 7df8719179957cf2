// What a person does with their own account: password, tokens, a copy of all that is kept of them, and leaving.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById, NewOwnPassword, NewToken, SecretAnswer, TokensAnswer } from "@gridwright/contract/people.ts";
import { changePassword, exportOf, makeToken, removeAccount, withdrawToken } from "../people/changes.ts";
import { isRefusal } from "../people/people.ts";
import { type Access, personOf, SESSION_COOKIE } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendProblem, sendRefusal } from "./problem.ts";

const OWN: Access = { least: "viewer" };
const TAGS = ["people"];
const REFUSED = { 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };

function addTokens(app: Api, { desk }: Web): void {
  app.get(
    "/api/v1/tokens",
    {
      config: { access: OWN },
      schema: { summary: "One's own tokens", tags: TAGS, response: { 200: TokensAnswer } },
    },
    (request) =>
      desk.kept
        .now()
        .tokens.filter(({ account }) => account === personOf(request).id)
        .map(({ hash: _secret, account: _own, ...one }) => one),
  );
  app.post(
    "/api/v1/tokens",
    {
      config: { access: OWN },
      schema: {
        summary: "Make a token for a program",
        description: "The secret is told this once. A token may never do more than its owner.",
        tags: TAGS,
        body: NewToken,
        response: { 200: SecretAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      if (person.via === "demo") return sendProblem(reply, 403, "the demo needs no token");
      const made = await makeToken(desk, person.id, request.body);
      return isRefusal(made) ? sendRefusal(reply, made) : reply.send(made);
    },
  );
  app.delete(
    "/api/v1/tokens/:id",
    {
      config: { access: OWN },
      schema: { summary: "Withdraw a token; admins anybody's", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) => {
      const { id: by, role } = personOf(request);
      const { id } = request.params;
      return sendDone(reply, await withdrawToken(desk, { by, id, anybodys: role === "admin" }));
    },
  );
}

export function addOwn(app: Api, web: Web): void {
  const { desk } = web;
  addTokens(app, web);
  app.put(
    "/api/v1/me/password",
    {
      config: { access: OWN },
      schema: {
        summary: "Change one's password",
        description: "Ends all sessions, this one too.",
        tags: TAGS,
        body: NewOwnPassword,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const { id } = personOf(request);
      const refused = await changePassword(desk, { id, ...request.body, address: request.ip });
      if (refused === undefined) reply.clearCookie(SESSION_COOKIE, { path: "/" });
      return sendDone(reply, refused);
    },
  );
  app.get(
    "/api/v1/me/export",
    {
      config: { access: OWN },
      schema: { summary: "All that is kept of one", tags: TAGS, response: { 404: Problem } },
    },
    async (request, reply) => {
      const all = await exportOf(desk, personOf(request).id);
      return all === undefined ? sendRefusal(reply, { no: "gone" }) : reply.send(all);
    },
  );
  app.delete(
    "/api/v1/me",
    {
      config: { access: OWN },
      schema: { summary: "Erase one's account", tags: TAGS, response: REFUSED },
    },
    async (request, reply) => {
      const { id } = personOf(request);
      const refused = await removeAccount(desk, { by: id, id });
      if (refused === undefined) reply.clearCookie(SESSION_COOKIE, { path: "/" });
      return sendDone(reply, refused);
    },
  );
}
