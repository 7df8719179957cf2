// One POST to a server that somebody chose, with a deadline; a no is an error that says its status. It follows no redirection:
// whoever answers must not send the site's words elsewhere.
import { AnsweredError } from "./failure.ts";

/** One try, all of it, ms. */
export const DEADLINE_MS = 15_000;

export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export async function post(url: string, { headers, body }: Posting): Promise<void> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const answer = await fetch(url, { method: "POST", redirect: "manual", headers, body, signal });
  await answer.body?.cancel();
  if (!answer.ok) throw new AnsweredError(answer.status);
}
