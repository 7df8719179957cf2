// What all papers of the ledger have in common: colours, a time in words, and the bytes of a sheet that was drawn.
import { dateLocale } from "@gridwright/contract/date-locale.ts";
import type { Language } from "@gridwright/contract/reasons.ts";

export const INK = "#1a1a1a";
export const SOFT = "#5a5a5a";
export const OWN = "#c98a00";
export const LINE = "#bdbdbd";

/** `28 November at 14:00`, of the site's clocks; from ms since 1970 UTC. */
export function whenText(at: number, language: Language, timezone: string): string {
  const format = {
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: timezone,
  } as const;
  return new Intl.DateTimeFormat(dateLocale(language), format).format(at);
}

/** Draws and gives the file's bytes. */
export function bytesOf(paper: PDFKit.PDFDocument, draw: () => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    paper.on("data", (part: Buffer) => parts.push(part));
    paper.on("end", () => resolve(Buffer.concat(parts)));
    paper.on("error", reject);
    draw();
    paper.end();
  });
}
