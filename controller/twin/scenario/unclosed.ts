// The bracket or quote that somebody forgot to close. A YAML parser tells where it stumbled, which is lines below the place
// to mend; here the place itself is found among the tokens. Pure: text comes in.
import { CST, LineCounter, Parser } from "yaml";

/** What was opened and never closed. */
export interface Unclosed {
  /** From 1. */
  readonly line: number;
  readonly opened: string;
  readonly missing: string;
}

const BRACKETS: Readonly<Record<string, readonly [end: string, missing: string]>> = {
  "{": ["flow-map-end", "}"],
  "[": ["flow-seq-end", "]"],
};

interface Open extends Omit<Unclosed, "line"> {
  readonly offset: number;
}

function openAt(token: CST.Token): readonly Open[] {
  const { offset } = token;
  if (token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar") {
    const quote = token.source.charAt(0);
    const closed = token.source.length > 1 && token.source.endsWith(quote);
    return closed ? [] : [{ offset, opened: quote, missing: quote }];
  }
  if (token.type !== "flow-collection") return [];
  const [end, missing] = BRACKETS[token.start.source] ?? [];
  if (missing === undefined || token.end[0]?.type === end) return [];
  return [{ offset: token.start.offset, opened: token.start.source, missing }];
}

function* openIn(token: CST.Token | null | undefined): Generator<Open> {
  if (!token) return;
  yield* openAt(token);
  if (token.type === "document") yield* openIn(token.value);
  else if (CST.isCollection(token))
    for (const { key, value } of token.items) {
      yield* openIn(key);
      yield* openIn(value);
    }
}

/** The last one that was opened and is not closed; undefined: all are. */
export function unclosedIn(text: string): Unclosed | undefined {
  const lines = new LineCounter();
  const open = [...new Parser(lines.addNewLine).parse(text)].flatMap((token) => [...openIn(token)]);
  const last = open.toSorted((left, right) => left.offset - right.offset).at(-1);
  if (last === undefined) return undefined;
  const { offset, opened, missing } = last;
  return { line: lines.linePos(offset).line, opened, missing };
}
