// What admins do: accounts and invitations; and what every member may read: who did what.
import { Problem } from "@gridwright/contract/api-answers.ts";
import {
  AccountChange,
  AccountsAnswer,
  AuditAnswer,
  AuditAsked,
  ById,
  InvitesAnswer,
  NewInvite,
  SecretAnswer,
} from "@gridwright/contract/people.ts";
import { changeAccount, removeAccount, withdrawInvite } from "../people/changes.ts";
import { type Desk, invite, isRefusal } from "../people/people.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendRefusal } from "./problem.ts";

const ADMIN: Access = { least: "admin" };
const TAGS = ["people"];
const REFUSED = { 400: Problem, 403: Problem, 404: Problem, 409: Problem };

function addInvites(app: Api, { desk }: Web): void {
  app.get(
    "/api/v1/invites",
    {
      config: { access: ADMIN },
      schema: { summary: "Invitations that are open", tags: TAGS, response: { 200: InvitesAnswer } },
    },
    () =>
      desk.kept
        .now()
        .invites.filter(({ expiresAt }) => desk.io.wall() < expiresAt)
        .map(({ hash: _secret, setUp: _setUp, ...one }) => one),
  );
  app.post(
    "/api/v1/invites",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Invite a person, or a screen",
        description: "The secret is told this once; it works once, for 7 days.",
        tags: TAGS,
        body: NewInvite,
        response: { 200: SecretAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const made = await invite(desk, personOf(request).id, request.body);
      return isRefusal(made) ? sendRefusal(reply, made) : reply.send(made);
    },
  );
  app.delete(
    "/api/v1/invites/:id",
    {
      config: { access: ADMIN },
      schema: { summary: "Withdraw an invitation", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) =>
      sendDone(reply, await withdrawInvite(desk, { by: personOf(request).id, id: request.params.id })),
  );
}

function addAudit(app: Api, { desk }: Web): void {
  app.get(
    "/api/v1/audit",
    {
      config: { access: { least: "member", scope: "read" } },
      schema: {
        summary: "Who did what, newest first",
        tags: TAGS,
        querystring: AuditAsked,
        response: { 200: AuditAnswer },
      },
    },
    ({ query: { limit } }) => ({
      whole: desk.audit.whole,
      entries: desk.audit.newest(limit),
      names: Object.fromEntries(desk.kept.now().accounts.map(({ id, name }) => [id, name])),
    }),
  );
}

function toldAccounts({ kept }: Desk): AccountsAnswer {
  const { accounts, tokens } = kept.now();
  return accounts.map(({ password: _hash, second, endNoted: _noted, ...one }) => ({
    ...one,
    second: second !== undefined,
    tokens: tokens
      .filter(({ account }) => account === one.id)
      .map(({ hash: _secret, account: _own, ...token }) => token),
  }));
}

export function addAccounts(app: Api, web: Web): void {
  const { desk } = web;
  addInvites(app, web);
  addAudit(app, web);
  app.get(
    "/api/v1/accounts",
    {
      config: { access: ADMIN },
      schema: { summary: "Who has an account", tags: TAGS, response: { 200: AccountsAnswer } },
    },
    () => toldAccounts(desk),
  );
  app.put(
    "/api/v1/accounts/:id",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Change role and house of an account",
        tags: TAGS,
        params: ById,
        body: AccountChange,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return sendDone(reply, await changeAccount(desk, { by: personOf(request).id, id }, request.body));
    },
  );
  app.delete(
    "/api/v1/accounts/:id",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Erase an account",
        description: "Name, login, password, sessions and tokens. In the audit an id without a name remains.",
        tags: TAGS,
        params: ById,
        response: REFUSED,
      },
    },
    async (request, reply) =>
      sendDone(reply, await removeAccount(desk, { by: personOf(request).id, id: request.params.id })),
  );
}
