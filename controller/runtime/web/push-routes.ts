// Web push over HTTP: what a browser needs to be told, which of one's own are, and to switch that on and off. Only who signed in
// with an account of their own; the address must be one of a browser maker's servers, or of the site's own.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { ById } from "@gridwright/contract/people.ts";
import { NewPush, PushAnswer } from "@gridwright/contract/push.ts";
import { mayHear, pushOff, pushOn } from "../people/pushes.ts";
import { type Access, personOf } from "./access.ts";
import type { Api } from "./api.ts";
import { deviceOf } from "./device-of.ts";
import type { Web } from "./options.ts";
import { sendDone, sendProblem } from "./problem.ts";

const OWN: Access = { least: "viewer" };
const TAGS = ["people"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
const AT = "/api/v1/me/push";

function addSwitches(app: Api, { desk, alerts }: Web): void {
  app.put(
    AT,
    {
      config: { access: OWN },
      schema: {
        summary: "Let this browser be told",
        description: "What is told passes, sealed, through the servers of the browser's maker.",
        tags: TAGS,
        body: NewPush,
        response: REFUSED,
      },
    },
    async (request, reply) => {
      const { id: account, via } = personOf(request);
      const { body: browser } = request;
      if (alerts?.push === undefined) return sendProblem(reply, 404, "this site sends nothing to browsers");
      if (via !== "session") return sendProblem(reply, 403, "only a browser in which a person signed in");
      if (!alerts.push.accepts(browser.endpoint))
        return sendProblem(reply, 400, "endpoint: no push server that this site writes to");
      await pushOn(desk, { account, browser, device: deviceOf(request) });
      return sendDone(reply, undefined);
    },
  );
  app.delete(
    `${AT}/:id`,
    {
      config: { access: OWN },
      schema: { summary: "Tell one of one's browsers no more", tags: TAGS, params: ById, response: REFUSED },
    },
    async (request, reply) =>
      sendDone(reply, await pushOff(desk, { by: personOf(request).id, id: request.params.id })),
  );
}

/** Adds the routes to `app`. */
export function addPush(app: Api, web: Web): void {
  app.get(
    AT,
    {
      config: { access: OWN },
      schema: { summary: "One's own browsers that are told", tags: TAGS, response: { 200: PushAnswer } },
    },
    (request, reply) => {
      const { id, role, member } = personOf(request);
      const own = web.desk.kept.now().pushes.filter(({ account }) => account === id);
      return reply.send({
        key: web.alerts?.push?.publicKey ?? null,
        may: mayHear({ role, member }),
        browsers: own.map(({ account: _own, keys: _keys, ...one }) => one),
      });
    },
  );
  addSwitches(app, web);
}
