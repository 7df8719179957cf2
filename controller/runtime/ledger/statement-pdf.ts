// A member's month on half a sheet of paper (A5, landscape), for who has no phone: the same figures as on the page. Fonts are the
// standard ones that every reader has, so that a file is small.
import type { Statement } from "@gridwright/contract/api-ledger.ts";
import { monthOfYear } from "@gridwright/contract/date-locale.ts";
import {
  countedWord,
  offTexts,
  type StatementWord,
  statementWord,
} from "@gridwright/contract/ledger-words.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import PdfDocument from "pdfkit";
import { bytesOf, INK, LINE, OWN, SOFT, whenText } from "./paper.ts";

export interface Printed {
  readonly statement: Statement;
  readonly language: Language;
  readonly siteName: string;
  /** IANA name. */
  readonly timezone: string;
  readonly currency: string | null;
  /** Asset → name. */
  readonly names: Readonly<Record<string, string>>;
  /** End of the newest settled quarter of an hour, ms since 1970 UTC. */
  readonly settledTo: number;
}

const MARGIN = 28;
const SIZE = { title: 17, text: 10.5, small: 8.5, figure: 12.5 };

const kwh = (wh: number, language: Language): string =>
  `${new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(wh / 1_000)} kWh`;

const money = (amount: number, { currency, language }: Printed): string =>
  `${new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount)} ${currency ?? ""}`;

type Line = readonly [label: StatementWord, value: string, isPart?: true];

function linesOf(printed: Printed): readonly Line[] {
  const {
    statement: { localWh, boughtWh, givenWh, jobsWh, due, allowance },
    language,
  } = printed;
  const wh = (value: number): string => kwh(value, language);
  return [
    ["used", wh(localWh + boughtWh)],
    ["local", wh(localWh), true],
    ["bought", wh(boughtWh), true],
    ...(givenWh > 0 ? [["given", wh(givenWh)] satisfies Line] : []),
    ...(jobsWh > 0 ? [["jobs", wh(jobsWh)] satisfies Line] : []),
    ...(allowance === null
      ? []
      : ([
          ["granted", wh(allowance.grantedWh)],
          ["counted", wh(allowance.countedWh), true],
        ] satisfies Line[])),
    ...(due === null ? [] : [[due < 0 ? "due-back" : "due", money(Math.abs(due), printed)] satisfies Line]),
  ];
}

function notesOf({
  statement: { gaps, corrected, jobsWh, allowance },
  language,
}: Printed): readonly string[] {
  const say = (word: StatementWord, params?: Readonly<Record<string, string>>): string =>
    statementWord(language, word, params);
  return [
    gaps > 0 ? say(countedWord("gaps", gaps), { count: String(gaps) }) : say("whole"),
    ...(corrected > 0 ? [say(countedWord("corrected", corrected), { count: String(corrected) })] : []),
    ...(jobsWh > 0 ? [`${say("jobs")}: ${say("jobs-note")}.`] : []),
    ...(allowance !== null && allowance.exceeded > 0
      ? [say(countedWord("exceeded", allowance.exceeded), { count: String(allowance.exceeded) })]
      : []),
    say("check"),
  ];
}

function drawLines(paper: PDFKit.PDFDocument, printed: Printed): void {
  const width = paper.page.width - 2 * MARGIN;
  for (const [label, value, isPart] of linesOf(printed)) {
    const at = paper.y;
    const size = isPart ? SIZE.text : SIZE.figure;
    paper
      .font(isPart ? "Helvetica" : "Helvetica-Bold")
      .fontSize(size)
      .fillColor(isPart ? SOFT : INK);
    const params = { days: String(printed.statement.allowance?.days) };
    paper.text(statementWord(printed.language, label, params), MARGIN + (isPart ? 12 : 0), at, {
      width: width * 0.68,
    });
    paper.text(value, MARGIN, at, { width, align: "right" });
    paper.y = at + size + 5;
  }
}

/** Of what was used, the part from the community's own energy: a bar, and what it means. */
function drawBar(paper: PDFKit.PDFDocument, { statement: { localWh, boughtWh }, language }: Printed): void {
  const width = paper.page.width - 2 * MARGIN;
  const used = localWh + boughtWh;
  if (used === 0) return;
  const at = paper.y + 2;
  paper.rect(MARGIN, at, width, 9).fillColor("#e6e6e6").fill();
  paper
    .rect(MARGIN, at, (width * localWh) / used, 9)
    .fillColor(OWN)
    .fill();
  const share = `${Math.round((100 * localWh) / used)} %`;
  paper.font("Helvetica").fontSize(SIZE.small).fillColor(INK);
  paper.text(statementWord(language, "share", { share }), MARGIN, at + 12, { width });
}

/** Lines of small print that fit above what stands below, at least one. */
function roomFor(paper: PDFKit.PDFDocument, below: readonly string[]): number {
  const width = paper.page.width - 2 * MARGIN;
  paper.font("Helvetica").fontSize(SIZE.small);
  const taken = below.reduce((sum, text) => sum + paper.heightOfString(text, { width }) + 3, 0);
  const left = paper.page.height - MARGIN - paper.y - taken;
  return Math.max(1, Math.floor(left / (paper.currentLineHeight() + 1)));
}

/** What was switched off at this home and how long: as many lines as the half sheet has room for. */
function drawOffs(paper: PDFKit.PDFDocument, printed: Printed): void {
  const { statement, language, names, timezone } = printed;
  const { offsSince } = statement;
  if (offsSince === null) return;
  const width = paper.page.width - 2 * MARGIN;
  const [year = 0, month = 1] = statement.month.split("-").map(Number);
  const isPart = offsSince > Date.UTC(year, month - 1, 2);
  const when = whenText(offsSince, language, timezone);
  const room = roomFor(paper, notesOf(printed)) - (isPart ? 4 : 3);
  paper.font("Helvetica-Bold").fontSize(SIZE.small).fillColor(INK);
  paper.text(statementWord(language, "offs"), MARGIN, paper.y + 4, { width });
  paper.font("Helvetica");
  const lines = offTexts(statement, { language, names, most: Math.max(1, room) });
  for (const line of lines) paper.text(line, MARGIN, paper.y + 1, { width });
  if (isPart)
    paper
      .fillColor(SOFT)
      .text(statementWord(language, "offs-since", { when }), MARGIN, paper.y + 1, { width });
}

function draw(paper: PDFKit.PDFDocument, printed: Printed): void {
  const { statement, siteName, language } = printed;
  const width = paper.page.width - 2 * MARGIN;
  paper.font("Helvetica-Bold").fontSize(SIZE.title).fillColor(INK);
  paper.text(statementWord(language, "statement", { name: statement.name }), MARGIN, MARGIN, { width });
  paper.font("Helvetica").fontSize(SIZE.text).fillColor(SOFT);
  paper.text(
    `${siteName} · ${monthOfYear(statement.month, language)} · ${statementWord(language, "until", { when: whenText(printed.settledTo, language, printed.timezone) })}`,
    { width },
  );
  const rule = paper.y + 6;
  paper
    .moveTo(MARGIN, rule)
    .lineTo(MARGIN + width, rule)
    .strokeColor(LINE)
    .stroke();
  paper.y = rule + 12;
  drawLines(paper, printed);
  drawBar(paper, printed);
  drawOffs(paper, printed);
  paper.font("Helvetica").fontSize(SIZE.small).fillColor(INK);
  for (const note of notesOf(printed)) paper.text(note, MARGIN, paper.y + 3, { width });
}

/** The file's bytes. */
export function statementPdf(printed: Printed): Promise<Buffer> {
  const { statement, language, settledTo } = printed;
  const title = statementWord(language, "statement", { name: statement.name });
  const paper = new PdfDocument({
    ...{ size: "A5", layout: "landscape", margin: MARGIN, lang: language },
    info: { Title: `${title} ${statement.month}`, CreationDate: new Date(settledTo) },
  });
  return bytesOf(paper, () => draw(paper, printed));
}
