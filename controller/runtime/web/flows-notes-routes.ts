// A line that a flow writes beside the energy accounts: chained and signed as they are, moving no energy.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { FlowNote } from "@gridwright/contract/api-flows.ts";
import { REQUEST_BYTES_MAX } from "@gridwright/contract/request.ts";
import { personOf } from "./access.ts";
import type { Api } from "./api.ts";
import type { Web } from "./options.ts";
import { sendDone, sendProblem } from "./problem.ts";

/** Kept for good: a flow that writes more is one gone wild. */
const NOTES = { max: 12, timeWindow: 3_600_000 };

export function addFlowNotes(app: Api, web: Web): void {
  app.post(
    "/api/v1/flows/notes",
    {
      bodyLimit: REQUEST_BYTES_MAX,
      config: { access: { least: "technician", scope: "flow" }, rateLimit: NOTES },
      schema: {
        summary: "A line that a technician's flow writes beside the energy accounts",
        tags: ["flows", "ledger"],
        body: FlowNote,
        response: { 400: Problem, 401: Problem, 403: Problem, 409: Problem, 429: Problem },
      },
    },
    async (request, reply) => {
      if (web.ledger === undefined) return sendProblem(reply, 409, "this site keeps no energy ledger");
      if (web.ledger.kept.book.newest === undefined)
        return sendProblem(reply, 409, "nothing is settled yet: the first quarter of an hour is not over");
      await web.ledger.note(personOf(request).id, request.body.text);
      return sendDone(reply, undefined);
    },
  );
}
