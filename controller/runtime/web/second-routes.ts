// The second step of signing in: asked after, begun, proven, taken off; an admin's rule of who must have one, and the
// admin's help for who lost phone and recovery codes.
import { Problem } from "@gridwright/contract/api-answers.ts";
import {
  ById,
  GivenCode,
  RecoveryAnswer,
  SecondAnswer,
  SecondBegin,
  SecondOffer,
  SecondRule,
} from "@gridwright/contract/people.ts";
import { mustHaveSecond } from "../people/book.ts";
import { passwordRefusal } from "../people/changes.ts";
import { clearSecond, offerSecond, requireSecond, turnOff, turnOn } from "../people/second.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendRefusal } from "./problem.ts";

const OWN: Access = { least: "viewer", whileDue: true };
const ADMIN: Access = { least: "admin" };
const TAGS = ["people"];
const REFUSED = { 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem };
const AT = "/api/v1/me/second";

function addReads(app: Api, { desk }: Web): void {
  app.get(
    AT,
    {
      config: { access: OWN },
      schema: {
        summary: "Whether one has a second step of signing in",
        tags: TAGS,
        response: { 200: SecondAnswer },
      },
    },
    (request) => {
      const { id, role } = personOf(request);
      const book = desk.kept.now();
      const second = book.accounts.find((one) => one.id === id)?.second;
      return {
        on: second !== undefined,
        must: mustHaveSecond(book, role),
        recoveryLeft: second?.recovery.length ?? 0,
      };
    },
  );
  app.get(
    "/api/v1/second-rule",
    {
      config: { access: ADMIN },
      schema: { summary: "Who must have a second step", tags: TAGS, response: { 200: SecondRule } },
    },
    () => ({ from: desk.kept.now().secondFrom ?? null }),
  );
}

function addSettingUp(app: Api, { desk, model }: Web): void {
  app.post(
    AT,
    {
      config: { access: OWN },
      schema: {
        summary: "Begin a second step: a secret for the phone",
        description: "Nothing changes until a code of it is sent with PUT, within a quarter of an hour.",
        tags: TAGS,
        body: SecondBegin,
        response: { 200: SecondOffer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const { id } = personOf(request);
      const refused = await passwordRefusal(desk, { id, old: request.body.password, address: request.ip });
      if (refused !== undefined) return sendRefusal(reply, refused);
      const offer = offerSecond(desk, id, model.site.site.name);
      return offer === undefined ? sendRefusal(reply, { no: "gone" }) : reply.send(offer);
    },
  );
  app.put(
    AT,
    {
      config: { access: OWN },
      schema: {
        summary: "Turn the second step on with the first code; gives the recovery codes, this once",
        tags: TAGS,
        body: GivenCode,
        response: { 200: RecoveryAnswer, ...REFUSED },
      },
    },
    async (request, reply) => {
      const shown = { id: personOf(request).id, code: request.body.code, address: request.ip };
      const codes = await turnOn(desk, shown);
      return "no" in codes ? sendRefusal(reply, codes) : reply.send({ codes });
    },
  );
}

function addOff(app: Api, { desk }: Web): void {
  app.post(
    `${AT}/off`,
    {
      config: { access: OWN },
      schema: {
        summary: "Turn the second step off with a code of it",
        tags: TAGS,
        body: GivenCode,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const shown = { id: personOf(request).id, code: request.body.code, address: request.ip };
      return sendDone(reply, await turnOff(desk, shown));
    },
  );
}

export function addSecond(app: Api, web: Web): void {
  const { desk } = web;
  addReads(app, web);
  addSettingUp(app, web);
  addOff(app, web);
  app.put(
    "/api/v1/second-rule",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Say who must have a second step",
        description: "Who must and has none can only set it up until it has. Tokens are not asked for one.",
        tags: TAGS,
        body: SecondRule,
        response: REFUSED,
      },
    },
    async (request, reply) =>
      sendDone(reply, await requireSecond(desk, personOf(request).id, request.body.from ?? undefined)),
  );
  app.delete(
    "/api/v1/accounts/:id/second",
    {
      config: { access: ADMIN },
      schema: {
        summary: "Take the second step off an account whose owner lost phone and recovery codes",
        description: "Ends its sessions.",
        tags: TAGS,
        params: ById,
        response: REFUSED,
      },
    },
    async (request, reply) =>
      sendDone(reply, await clearSecond(desk, { by: personOf(request).id, id: request.params.id })),
  );
}
