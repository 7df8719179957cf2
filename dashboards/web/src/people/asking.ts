// Asks the API and takes what it says, or why not in its own words. Never throws for what was refused or unreachable.
import type { ApiProblem } from "@gridwright/contract/api.ts";
import type { Person } from "@gridwright/contract/people.ts";

export interface Me {
  readonly person: Person | null;
  readonly demo: boolean;
  readonly fresh: boolean;
}

/** `data` is null where there is nothing to say; status 0: nobody answered; `problem` is what was answered then. */
export type Told<T, P extends ApiProblem = ApiProblem> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly status: number; readonly detail: string; readonly problem?: P };

const DEADLINE_MS = 15_000;

export async function ask<T, P extends ApiProblem = ApiProblem>(
  method: string,
  path: string,
  body?: object,
): Promise<Told<T, P>> {
  try {
    const answer = await fetch(`api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    if (answer.ok) return { ok: true, data: (text === "" ? null : JSON.parse(text)) as T };
    const problem = JSON.parse(text) as P;
    return { ok: false, status: answer.status, detail: problem.detail, problem };
  } catch (error) {
    return { ok: false, status: 0, detail: error instanceof Error ? error.message : "" };
  }
}

export const askMe = (): Promise<Told<Me>> => ask("GET", "me");
