// Law 6: everything has a named limit. Waits and deadlines are named constants, a request to elsewhere has a deadline,
// and a socket that listens says how many it takes. What a lexer can see of it; the rest is a reader's work.
import { isTest, isTypeScript, type SourceFile } from "./source.ts";

const PLACES = /^(controller|dashboards|firmware-bridge|flows)\//;
/** Waits of a few ms between two looks are no limits. */
const BARE =
  /\b(?:AbortSignal\.timeout\(\s*|\.sleep\(\s*(?:(?:millis|seconds|minutes|hours)\(\s*)?|(?:setTimeout|setInterval)\([^;{}]*,\s*)\d[\d_]*\s*\)*\s*[,)]/g;
const FETCH = /\bfetch\((?<call>[^;]*)/g;

const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;
const looked = (file: SourceFile): boolean => PLACES.test(file.path) && isTypeScript(file) && !isTest(file);

/** Waits and deadlines whose length is a bare number. */
export const bareLimits = (files: readonly SourceFile[]): string[] =>
  files
    .filter(looked)
    .flatMap(({ path, text }) =>
      [...text.matchAll(BARE)].map(
        ({ index, 0: found }) => `${path}:${lineOf(text, index)}: give the limit a name: ${found.trim()}`,
      ),
    );

/** Requests that could wait for ever. */
export const endlessRequests = (files: readonly SourceFile[]): string[] =>
  files
    .filter(looked)
    .flatMap(({ path, text }) =>
      [...text.matchAll(FETCH)]
        .filter(({ groups }) => !/\bsignal\b/.test(groups?.call ?? ""))
        .map(({ index }) => `${path}:${lineOf(text, index)}: fetch needs a signal with a deadline`),
    );
