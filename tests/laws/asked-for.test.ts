// Every trial and requirement that was asked for has its claim in RELIABILITY.md, and no claim is there that nobody asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLAIMS } from "@gridwright/cli/dev/reliability/claims.ts";
import { ASKED_FOR, REQUIREMENTS } from "./asked-for.ts";

/** What was asked for and is not in `ids`. */
const missing = (ids: readonly string[]): readonly string[] => [
  ...Object.entries(ASKED_FOR).flatMap(([asked, id]) => (ids.includes(id) ? [] : [`${id}: ${asked}`])),
  ...REQUIREMENTS.filter((id) => !ids.includes(id)),
];

test("all that was asked for has a claim, and every claim was asked for", () => {
  const ids = CLAIMS.map(({ id }) => id);
  assert.deepEqual(missing(ids), []);
  const asked = new Set([...Object.values(ASKED_FOR), ...REQUIREMENTS]);
  assert.deepEqual(
    ids.filter((id) => !asked.has(id)),
    [],
  );
});

test("a claim that is dropped is missed", () => {
  const ids = CLAIMS.map(({ id }) => id).filter((id) => id !== "disk-full" && id !== "R7");
  assert.deepEqual(
    missing(ids).map((one) => one.split(":")[0]),
    ["disk-full", "R7"],
  );
});
