// BENCHMARKS.md: a head that says on what was measured, and one section per measurement. A run replaces only the
// sections that it measured anew; each carries its own date and load, so that old and new are not mixed up.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

export interface Section {
  readonly id: string;
  readonly text: string;
}

const GIBI = 2 ** 30;
const begin = (id: string): string => `<!-- bench: ${id} -->`;
const END = "<!-- /bench -->";

/** Model of the processor without what names one machine only. */
const processor = (): string => (cpus()[0]?.model ?? "unknown").replace(/\s+/g, " ").trim();

const head = (): string => `# Benchmarks

Written by \`npm run bench\`; \`npm run bench latency decide\` measures only those anew. Never edited by hand.

Machine: a virtual machine with ${cpus().length} cores (${processor()}), ${Math.round(totalmem() / GIBI)} GB of memory,
Node ${process.version}; **no Raspberry Pi**. A Pi 4 is several times slower: read the ratios and the growth, not the
milliseconds. The machine was shared while this was measured; the load average stands beside each section.
`;

/** Sections of an existing document by id. */
export function sectionsIn(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/<!-- bench: (\S+) -->\n([\s\S]*?)\n<!-- \/bench -->/g);
  return new Map([...found].map(([, id = "", body = ""]) => [id, body]));
}

/** The whole document with `sections` in the order of `ids`. */
export const documentOf = (ids: readonly string[], sections: ReadonlyMap<string, string>): string =>
  [
    head(),
    ...ids.flatMap((id) => {
      const body = sections.get(id);
      return body === undefined ? [] : [`${begin(id)}\n${body}\n${END}\n`];
    }),
  ].join("\n");

/** Replaces one section of the file; the others stay as they are. */
export function replaceSection(file: string, ids: readonly string[], { id, text }: Section): void {
  const known = existsSync(file) ? sectionsIn(readFileSync(file, "utf8")) : new Map<string, string>();
  writeFileSync(file, documentOf(ids, new Map([...known, [id, text]])));
}
