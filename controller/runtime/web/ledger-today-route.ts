// What of a home's day came from the community's own energy, for its page.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { LedgerToday, OfMember } from "@gridwright/contract/api-ledger.ts";
import { NOTHING_SETTLED, todayOf } from "../ledger/today.ts";
import { personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { maySee } from "./ledger-answer.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

/** Adds the route to `app`; a site without a ledger has settled nothing. */
export function addLedgerToday(app: Api, web: Web): void {
  app.get(
    "/api/v1/ledger/members/:member/today",
    {
      config: { access: READ },
      schema: {
        summary: "A home's day so far: how much of it came from the community's own energy",
        tags: ["ledger"],
        params: OfMember,
        response: { 200: LedgerToday, 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      const { member } = request.params;
      if (!maySee(personOf(request), member))
        return sendProblem(reply, 403, "that account is another home's");
      const { ledger, model } = web;
      return reply.send(ledger === undefined ? NOTHING_SETTLED : todayOf(ledger.kept, model.zone, member));
    },
  );
}
