// A member's month on half a sheet of paper (A5, landscape), for who has no phone: the same figures as on the page. Fonts are the
// standard ones that every reader has, so that a file is small.
import type { Statement } from "@gridwright/contract/api-ledger.ts";
import { countedWord, type StatementWord, statementWord } from "@gridwright/contract/ledger-words.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import PdfDocument from "pdfkit";
import { bytesOf, INK, LINE, localeOf, OWN, SOFT, whenText } from "./paper.ts";

export interface Printed {
  readonly statement: Statement;
  readonly language: Language;
  readonly siteName: string;
  /** IANA name. */
  readonly timezone: string;
  readonly currency: string | null;
  /** End of the newest settled quarter of an hour, ms since 1970 UTC. */
  readonly settledTo: number;
}

const MARGIN = 34;
const SIZE = { title: 17, text: 10.5, small: 8.5, figure: 12.5 };

const kwh = (wh: number, language: Language): string =>
  `${new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(wh / 1_000)} kWh`;

const money = (amount: number, { currency, language }: Printed): string =>
  `${new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount)} ${currency ?? ""}`;

function monthName({ statement: { month }, language }: Printed): string {
  const format = new Intl.DateTimeFormat(localeOf(language), {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return format.format(Date.parse(`${month}-15T00:00:00Z`));
}

type Line = readonly [label: StatementWord, value: string, isPart?: true];

function linesOf(printed: Printed): readonly Line[] {
  const {
    statement: { localWh, boughtWh, givenWh, jobsWh, due },
    language,
  } = printed;
  const wh = (value: number): string => kwh(value, language);
  return [
    ["used", wh(localWh + boughtWh)],
    ["local", wh(localWh), true],
    ["bought", wh(boughtWh), true],
    ...(givenWh > 0 ? [["given", wh(givenWh)] satisfies Line] : []),
    ...(jobsWh > 0 ? [["jobs", wh(jobsWh)] satisfies Line] : []),
    ...(due === null ? [] : [[due < 0 ? "due-back" : "due", money(Math.abs(due), printed)] satisfies Line]),
  ];
}

function notesOf({
  statement: { gaps, corrected, jobsWh, localWh, boughtWh },
  language,
}: Printed): readonly string[] {
  const say = (word: StatementWord, params?: Readonly<Record<string, string>>): string =>
    statementWord(language, word, params);
  const used = localWh + boughtWh;
  const share = `${Math.round((100 * localWh) / Math.max(1, used))} %`;
  return [
    ...(used > 0 ? [say("share", { share })] : []),
    gaps > 0 ? say(countedWord("gaps", gaps), { count: String(gaps) }) : say("whole"),
    ...(corrected > 0 ? [say(countedWord("corrected", corrected), { count: String(corrected) })] : []),
    ...(jobsWh > 0 ? [`${say("jobs")}: ${say("jobs-note")}.`] : []),
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
    paper.text(statementWord(printed.language, label), MARGIN + (isPart ? 12 : 0), at, {
      width: width * 0.68,
    });
    paper.text(value, MARGIN, at, { width, align: "right" });
    paper.y = at + size + 7;
  }
}

/** Of what was used, the part from the community's own energy as a bar. */
function drawBar(paper: PDFKit.PDFDocument, { statement: { localWh, boughtWh } }: Printed): void {
  const width = paper.page.width - 2 * MARGIN;
  const used = localWh + boughtWh;
  if (used === 0) return;
  const at = paper.y + 2;
  paper.rect(MARGIN, at, width, 9).fillColor("#e6e6e6").fill();
  paper
    .rect(MARGIN, at, (width * localWh) / used, 9)
    .fillColor(OWN)
    .fill();
  paper.y = at + 18;
}

function draw(paper: PDFKit.PDFDocument, printed: Printed): void {
  const { statement, siteName, language } = printed;
  const width = paper.page.width - 2 * MARGIN;
  paper.font("Helvetica-Bold").fontSize(SIZE.title).fillColor(INK);
  paper.text(statementWord(language, "statement", { name: statement.name }), MARGIN, MARGIN, { width });
  paper.font("Helvetica").fontSize(SIZE.text).fillColor(SOFT);
  paper.text(
    `${siteName} · ${monthName(printed)} · ${statementWord(language, "until", { when: whenText(printed.settledTo, language, printed.timezone) })}`,
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
