// The claims of RELIABILITY.md. A new one needs a test that tells its figure; claims.test.ts says what is missing.
import type { Claim } from "./claim.ts";

export const CLAIMS: readonly Claim[] = [
  {
    id: "kill-journal",
    says: "The writer of the journal is killed (SIGKILL) while it writes",
    goal: "1,000 kills, no acknowledged record lost",
    figure: "{kills} kills, {acknowledged} records acknowledged, {lost} of them lost",
    quick: [
      { file: "tests/faults/journal-kill.test.ts", test: "a hundred kills lose no acknowledged record" },
    ],
    long: [{ file: "tests/long/journal-kill.test.ts", test: "a thousand kills lose no acknowledged record" }],
  },
];
