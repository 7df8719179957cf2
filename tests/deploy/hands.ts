// What tests do on an installed site in a box: a command of the manual, which is printed; the page; and its first person.
import assert from "node:assert/strict";
import type { Answer, Box } from "./box.ts";

export const SIGNED_IN = 204;
export const ANA = { login: "ana", name: "Ana", password: "eleven green windmills" };

export interface Hands {
  /** Gives what it said; fails where it did not end well. */
  done(step: string, ...command: readonly string[]): string;
  /** Status of the page. */
  pageUp(): Promise<number>;
  /** Ana takes up an invitation. */
  join(invite: string): Answer;
  /** Status of Ana's signing in. */
  signIn(): number;
}

/** Gives what it said; fails where it did not end well. */
export function done(box: Box, ...command: readonly string[]): string {
  const { status, output } = box.run(...command);
  assert.equal(status, 0, `${command.join(" ")}: ${output}`);
  return output;
}

/** `box`: the one that runs now. */
export function handsOn(box: () => Box): Hands {
  return {
    done(step, ...command) {
      const output = done(box(), ...command);
      console.log(`# ${step}: ${command.join(" ")}`);
      return output;
    },
    pageUp: async () => box().ask({ method: "GET", path: "/" }).status,
    join: (invite) =>
      box().ask({ method: "POST", path: "/api/v1/join", body: { as: "person", invite, ...ANA } }),
    signIn() {
      const { login, password } = ANA;
      return box().ask({ method: "POST", path: "/api/v1/session", body: { login, password } }).status;
    },
  };
}
