// The community's year over HTTP: as data, on paper and as a table. It names nobody, so whoever may look at the page reads it.
import { Problem } from "@gridwright/contract/api-answers.ts";
import { YearAnswer, YearAsked, YearPaperAsked } from "@gridwright/contract/api-year.ts";
import { yearTable } from "../ledger/tables.ts";
import { yearAnswer } from "../ledger/year.ts";
import { yearPdf } from "../ledger/year-pdf.ts";
import { personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { asFile, fromLedger, maySeeSums } from "./ledger-answer.ts";
import type { Web } from "./options.ts";
import { sendProblem } from "./problem.ts";

const TAGS = ["ledger"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
const AT = "/api/v1/ledger/year";
const FEW =
  "with fewer than three homes the community's sums would show another home's use; all may agree to show them (ledger: sums: agreed)";
const NOTHING_YET = "nothing is settled yet";

function addPapers(app: Api, web: Web): void {
  app.get(
    `${AT}.pdf`,
    {
      config: { access: READ },
      schema: {
        summary: "The community's year on one sheet of paper",
        tags: TAGS,
        querystring: YearPaperAsked,
        response: REFUSED,
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async ({ kept }) => {
        const { year, language } = request.query;
        if (!maySeeSums(web.model, personOf(request))) return sendProblem(reply, 403, FEW);
        const answer = await yearAnswer(kept, year);
        const { settledTo } = answer;
        if (settledTo === null) return sendProblem(reply, 404, NOTHING_YET);
        const { name: siteName, timezone } = web.model.site.site;
        const bytes = await yearPdf({ answer, language, siteName, timezone, settledTo });
        return asFile(reply, `year-${answer.year}.pdf`, "application/pdf").send(bytes);
      }),
  );
  app.get(
    `${AT}.csv`,
    {
      config: { access: READ },
      schema: {
        summary: "The community's year by month",
        tags: TAGS,
        querystring: YearAsked,
        response: REFUSED,
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async ({ kept }) => {
        const { year } = request.query;
        if (!maySeeSums(web.model, personOf(request))) return sendProblem(reply, 403, FEW);
        const answer = await yearAnswer(kept, year);
        return asFile(reply, `year-${answer.year}.csv`, "text/csv; charset=utf-8").send(yearTable(answer));
      }),
  );
}

/** Adds the year's routes to `app`. */
export function addLedgerYear(app: Api, web: Web): void {
  app.get(
    AT,
    {
      config: { access: READ },
      schema: {
        summary: "The community's year: produced, used, bought, sold and lost by month",
        tags: TAGS,
        querystring: YearAsked,
        response: { 200: YearAnswer, ...REFUSED },
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async ({ kept }) =>
        maySeeSums(web.model, personOf(request))
          ? reply.send(await yearAnswer(kept, request.query.year))
          : sendProblem(reply, 403, FEW),
      ),
  );
  addPapers(app, web);
}
