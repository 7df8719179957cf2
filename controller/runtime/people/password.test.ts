// Passwords: right ones fit, wrong ones do not, nobody's takes as long, and a flood is turned away.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { figure } from "../../../tests/tools/figure.ts";
import { createHasher, HASHES_AT_ONCE_MAX } from "./password.ts";

const hasher = createHasher(randomBytes);
const cases: [string, string, string, boolean][] = [
  ["the right one", "dos años secos", "dos años secos", true],
  ["one with a letter changed", "dos años secos", "dos anos secos", false],
  ["the same typed with a combining tilde", "dos años secos", "dos an\u0303os secos", true],
];
for (const [sentence, kept, given, fits] of cases)
  test(`password: ${sentence}`, async () => {
    const hash = await hasher.hash(kept);
    assert.match(hash ?? "", /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    assert.equal(await hasher.fits(given, hash), fits);
  });

test("password: nobody's fits nothing, not even the decoy's own", async () => {
  assert.equal(await hasher.fits("", undefined), false);
});
test("password: a damaged hash fits nothing", async () => {
  assert.equal(await hasher.fits("dos años secos", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn"), false);
});
test("password: two hashes of one password differ", async () => {
  assert.notEqual(await hasher.hash("dos años secos"), await hasher.hash("dos años secos"));
});
test("password: more at once than the memory bears are turned away", async () => {
  const all = await Promise.all(Array.from({ length: HASHES_AT_ONCE_MAX + 3 }, () => hasher.hash("flood")));
  assert.equal(all.filter((hash) => hash === undefined).length, 3);
  const [hash = ""] = all;
  const [, memory = "", passes = ""] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(hash) ?? [];
  figure("R3", { memoryKb: Number(memory), passes: Number(passes), atOnce: HASHES_AT_ONCE_MAX });
});
