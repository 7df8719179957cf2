// The community's year on one sheet (A4, landscape), to hang up: a row a month, and of what was used the own part as a bar. The
// figures are those of the page.
import type { YearAnswer, YearEnergy } from "@gridwright/contract/api-year.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import {
  monthText,
  ownShare,
  YEAR_COLUMNS,
  yearCells,
  yearSentences,
  yearWord,
} from "@gridwright/contract/year-words.ts";
import PdfDocument from "pdfkit";
import { bytesOf, INK, LINE, OWN, SOFT, whenText } from "./paper.ts";

export interface PrintedYear {
  readonly answer: YearAnswer;
  readonly language: Language;
  readonly siteName: string;
  /** IANA name. */
  readonly timezone: string;
  /** End of the newest settled quarter of an hour, ms since 1970 UTC. */
  readonly settledTo: number;
}

const MARGIN = 42;
const SIZE = { title: 20, text: 10.5, small: 9 };
const ROW = 22;
const MONTH_WIDTH = 92;
const BAR_WIDTH = 110;

interface Row {
  readonly label: string;
  readonly cells: readonly string[];
  /** undefined: the head, which has no bar. */
  readonly energy?: YearEnergy;
  readonly bold?: boolean;
}

function rowsOf({ answer: { months, total }, language }: PrintedYear): readonly Row[] {
  const head = YEAR_COLUMNS.map((column) => yearWord(language, column));
  return [
    { label: yearWord(language, "month"), cells: head, bold: true },
    ...months.map((energy) => ({
      ...{ label: monthText(energy.month, language), energy },
      cells: yearCells(energy, total, language),
    })),
    { label: yearWord(language, "all"), cells: yearCells(total, total, language), energy: total, bold: true },
  ];
}

function drawBar(paper: PDFKit.PDFDocument, energy: YearEnergy, at: number): void {
  const left = paper.page.width - MARGIN - BAR_WIDTH + 12;
  const width = BAR_WIDTH - 12;
  paper.rect(left, at, width, 8).fillColor("#e6e6e6").fill();
  paper
    .rect(left, at, width * ownShare(energy), 8)
    .fillColor(OWN)
    .fill();
}

function drawRow(paper: PDFKit.PDFDocument, { label, cells, energy, bold }: Row): void {
  const at = paper.y;
  const room = paper.page.width - 2 * MARGIN - MONTH_WIDTH - BAR_WIDTH;
  const width = room / cells.length;
  paper
    .font(bold ? "Helvetica-Bold" : "Helvetica")
    .fontSize(energy ? SIZE.text : SIZE.small)
    .fillColor(INK);
  paper.text(label, MARGIN, at, { width: MONTH_WIDTH });
  for (const [place, cell] of cells.entries())
    paper.text(cell, MARGIN + MONTH_WIDTH + place * width, at, { width, align: "right" });
  if (energy !== undefined) drawBar(paper, energy, at);
  const below = at + ROW - 6;
  paper
    .moveTo(MARGIN, below)
    .lineTo(paper.page.width - MARGIN, below)
    .lineWidth(0.5)
    .strokeColor(LINE)
    .stroke();
  paper.y = at + ROW;
}

function draw(paper: PDFKit.PDFDocument, printed: PrintedYear): void {
  const { answer, language, siteName, timezone, settledTo } = printed;
  const width = paper.page.width - 2 * MARGIN;
  paper.font("Helvetica-Bold").fontSize(SIZE.title).fillColor(INK);
  paper.text(yearWord(language, "year", { year: answer.year ?? "" }), MARGIN, MARGIN, { width });
  paper.font("Helvetica").fontSize(SIZE.text).fillColor(SOFT);
  const until = yearWord(language, "until", { when: whenText(settledTo, language, timezone) });
  paper.text(`${siteName} · ${until} · kWh`, { width });
  paper.y += 14;
  for (const row of rowsOf(printed)) drawRow(paper, row);
  paper.y += 8;
  paper.font("Helvetica").fontSize(SIZE.text).fillColor(INK);
  for (const sentence of yearSentences(answer, language))
    paper.text(sentence, MARGIN, paper.y + 3, { width });
}

/** The file's bytes. */
export function yearPdf(printed: PrintedYear): Promise<Buffer> {
  const { answer, language, settledTo } = printed;
  const paper = new PdfDocument({
    ...{ size: "A4", layout: "landscape", margin: MARGIN, lang: language },
    info: {
      Title: yearWord(language, "year", { year: answer.year ?? "" }),
      CreationDate: new Date(settledTo),
    },
  });
  return bytesOf(paper, () => draw(paper, printed));
}
