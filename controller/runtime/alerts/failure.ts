// Why a notice did not leave by a channel, named for whoever tries one: an answer that says no, nobody there, silence, a secret
// that cannot be read, no browser of one's own, an output that control does not switch. Never a path and never a secret.
import type { AlertFailure } from "@gridwright/contract/api-alerts.ts";

/** What failed of the machine's own calls where there was no connection yet. */
const NOBODY: ReadonlySet<string> = new Set(["connect", "getaddrinfo", "queryA"]);
const SILENT: ReadonlySet<string> = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "TimeoutError"]);

/** What it says no with: a status of HTTP or SMTP. */
export class AnsweredError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`it answered ${status}`);
    this.status = status;
  }
}

/** Its secret's file cannot be read. */
export class SecretError extends Error {}

/** Nothing was sent, for a reason that needs no more words. */
export class NotSentError extends Error {
  readonly why: "no-browser" | "refused";
  constructor(why: NotSentError["why"], message: string) {
    super(message);
    this.why = why;
  }
}

interface Coded {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly syscall?: unknown;
  readonly responseCode?: unknown;
  readonly cause?: unknown;
}

/** What broke, and what broke it. */
function chain(error: unknown): readonly Coded[] {
  const found: Coded[] = [];
  for (let at = error; at instanceof Error && found.length < 4; at = at.cause) found.push(at as Coded);
  return found;
}

const isAny = (errors: readonly Coded[], names: ReadonlySet<string>): boolean =>
  errors.some((error) => [error.code, error.name, error.syscall].some((name) => names.has(String(name))));

/** Names why; what is not known is `unknown`. */
export function failureOf(error: unknown): AlertFailure {
  if (error instanceof AnsweredError) return { why: "answered", answered: error.status };
  if (error instanceof SecretError) return { why: "secret" };
  if (error instanceof NotSentError) return { why: error.why };
  const errors = chain(error);
  const answered = errors.find(({ responseCode }) => typeof responseCode === "number")?.responseCode;
  if (typeof answered === "number") return { why: "answered", answered };
  if (isAny(errors, SILENT)) return { why: "silent" };
  return { why: isAny(errors, NOBODY) ? "nobody" : "unknown" };
}
