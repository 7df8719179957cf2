// The energy ledger over HTTP: the community's month, a member's statement as data and on paper, tables for bookkeeping and
// the grid operator, and meters that somebody read. A member sees the own home's account; of all, who technicians are.
import { Problem } from "@gridwright/contract/api-answers.ts";
import {
  LedgerAnswer,
  LedgerAsked,
  OfMember,
  OfPhoto,
  ReadingAsked,
  ReadingRefused,
  ReadingTaken,
  StatementAsked,
} from "@gridwright/contract/api-ledger.ts";
import { mayAs } from "@gridwright/contract/roles.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import type { FastifyReply } from "fastify";
import type { RefusedReading } from "../ledger/book-reading.ts";
import { photoOf } from "../ledger/photos.ts";
import { plainJpeg } from "../ledger/plain-jpeg.ts";
import { statementPdf } from "../ledger/statement-pdf.ts";
import { ledgerAnswer } from "../ledger/statements.ts";
import { monthTable, offsTable, quarterTable } from "../ledger/tables.ts";
import { type Access, personOf, READ } from "./access.ts";
import type { Api } from "./api.ts";
import { asFile, fromLedger, maySee, maySeeSums } from "./ledger-answer.ts";
import { addLedgerToday } from "./ledger-today-route.ts";
import { addLedgerYear } from "./ledger-year-routes.ts";
import type { Web } from "./options.ts";
import { problemOf, sendProblem } from "./problem.ts";

const TAGS = ["ledger"];
const REFUSED = { 400: Problem, 401: Problem, 403: Problem, 404: Problem };
const TECHNICIAN: Access = { least: "technician", scope: "read" };
const READS_METERS: Access = { least: "technician", scope: "request" };
const AT = "/api/v1/ledger";

function addMonth(app: Api, web: Web): void {
  app.get(
    AT,
    {
      config: { access: READ },
      schema: {
        summary: "The community's month, and one's own home's account",
        tags: TAGS,
        querystring: LedgerAsked,
        response: { 200: LedgerAnswer, ...REFUSED },
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const answer = await ledgerAnswer(ledger, web.model, request.query.month);
        const person = personOf(request);
        const members = answer.members.filter(({ member }) => maySee(person, member));
        const meters = mayAs(person.role, "technician") ? answer.meters : [];
        const totals = maySeeSums(web.model, person) ? answer.totals : null;
        return reply.send({ ...answer, totals, members, meters });
      }),
  );
}

function addStatements(app: Api, web: Web): void {
  app.get(
    `${AT}/members/:member/statement.pdf`,
    {
      config: { access: READ },
      schema: {
        summary: "A member's month on half a sheet of paper",
        tags: TAGS,
        params: OfMember,
        querystring: StatementAsked,
        response: REFUSED,
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const {
          params: { member },
          query: { month, language },
        } = request;
        if (!maySee(personOf(request), member))
          return sendProblem(reply, 403, "that account is another home's");
        const { members, currency, settledTo } = await ledgerAnswer(ledger, web.model, month);
        const statement = members.find((one) => one.member === member);
        if (statement === undefined || settledTo === null)
          return sendProblem(reply, 404, "nothing is settled of that home");
        const { name: siteName, timezone } = web.model.site.site;
        const bytes = await statementPdf({
          ...{ statement, language, siteName, timezone, currency, settledTo },
          names: assetNames(web.model),
        });
        return asFile(reply, `${member}-${statement.month}.pdf`, "application/pdf").send(bytes);
      }),
  );
}

function addTables(app: Api, web: Web): void {
  app.get(
    `${AT}/month.csv`,
    {
      config: { access: TECHNICIAN },
      schema: {
        summary: "A month by member, for bookkeeping",
        tags: TAGS,
        querystring: LedgerAsked,
        response: REFUSED,
      },
    },
    ({ query }, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const { members, currency, month } = await ledgerAnswer(ledger, web.model, query.month);
        return asFile(reply, `ledger-${month}.csv`, "text/csv; charset=utf-8").send(
          monthTable(members, currency),
        );
      }),
  );
  app.get(
    `${AT}/quarters.csv`,
    {
      config: { access: TECHNICIAN },
      schema: {
        summary: "A month's quarters of an hour by member, for the grid operator",
        tags: TAGS,
        querystring: LedgerAsked,
        response: REFUSED,
      },
    },
    ({ query }, reply) =>
      fromLedger({ web, reply }, async ({ kept }) => {
        const { newest } = kept.book;
        const month = query.month ?? (newest === undefined ? "none" : kept.monthOf(newest));
        const table = quarterTable(await kept.slots(month));
        return asFile(reply, `quarters-${month}.csv`, "text/csv; charset=utf-8").send([...table].join(""));
      }),
  );
}

function addOffs(app: Api, web: Web): void {
  app.get(
    `${AT}/offs.csv`,
    {
      config: { access: TECHNICIAN },
      schema: {
        summary: "What was switched off in a month, by home, load and rule",
        tags: TAGS,
        querystring: LedgerAsked,
        response: REFUSED,
      },
    },
    ({ query }, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const { members, month } = await ledgerAnswer(ledger, web.model, query.month);
        return asFile(reply, `offs-${month}.csv`, "text/csv; charset=utf-8").send(offsTable(members));
      }),
  );
}

const REFUSED_READING: Readonly<Record<RefusedReading["why"], string>> = {
  backwards: "it is below the last reading",
  "too-much": "more than the breaker lets through would have flowed since the last reading",
  "less-than-counted": "it is below what was counted since the last reading",
  "no-gap": "it says more than was counted, and no quarter of an hour is missing: look at the meter",
  "unknown-meter": "the ledger knows no such meter, or nothing of it is settled",
  "not-settled": "its time is not settled yet: give it again in a quarter of an hour",
  ahead: "its time has not come yet",
};

function sendRefused(reply: FastifyReply, refused: RefusedReading): FastifyReply {
  const { why, perhapsWh } = refused;
  const words = REFUSED_READING[why];
  const detail = perhapsWh === undefined ? words : `${words}; was it ${perhapsWh / 1_000} kWh?`;
  return reply
    .code(409)
    .type("application/problem+json")
    .send({ ...problemOf(409, detail), ...refused });
}

function addReadings(app: Api, web: Web): void {
  app.post(
    `${AT}/readings`,
    {
      config: { access: READS_METERS },
      schema: {
        summary: "Tell what a meter's display said; gives what it fills, or why it cannot be",
        tags: TAGS,
        body: ReadingAsked,
        response: { ...REFUSED, 200: ReadingTaken, 409: ReadingRefused },
      },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const { id: by } = personOf(request);
        const { meter, at, wh, photo, picture } = request.body;
        const kept = picture === undefined ? undefined : plainJpeg(Buffer.from(picture, "base64"));
        if (picture !== undefined && kept === undefined)
          return sendProblem(reply, 400, "picture: it is no whole JPEG");
        await web.desk.audit.note({ who: by, did: "meter-read", about: { meter, wh } });
        const said = await ledger.read({ k: "reading", meter, at, wh, by, ...(photo && { photo }) }, kept);
        return "why" in said ? sendRefused(reply, said) : reply.send(said);
      }),
  );
}

/** Photos of readings: of all for who looks after the site, of the own home's newest for its people. */
function addPhotos(app: Api, web: Web): void {
  app.get(
    `${AT}/photos/:hash`,
    {
      config: { access: READ },
      schema: { summary: "The photo of a reading by hand", tags: TAGS, params: OfPhoto, response: REFUSED },
    },
    (request, reply) =>
      fromLedger({ web, reply }, async (ledger) => {
        const person = personOf(request);
        const { hash } = request.params;
        const { members } = await ledgerAnswer(ledger, web.model);
        const own = members.some(
          ({ member, handRead }) => member === person.member && handRead?.photo === hash,
        );
        if (!own && !mayAs(person.role, "technician"))
          return sendProblem(reply, 403, "that photo is of another home's meter");
        const bytes = await photoOf(ledger.kept.folder, hash);
        if (bytes === undefined) return sendProblem(reply, 404, "that photo is not kept here");
        return reply.header("content-type", "image/jpeg").send(bytes);
      }),
  );
}

/** Adds the ledger's routes to `app`. */
export function addLedger(app: Api, web: Web): void {
  addMonth(app, web);
  addStatements(app, web);
  addTables(app, web);
  addOffs(app, web);
  addReadings(app, web);
  addPhotos(app, web);
  addLedgerToday(app, web);
  addLedgerYear(app, web);
}
