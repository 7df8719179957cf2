// Codes of the second step: the RFC's own vectors, how far clocks may differ, that a code counts once, and what a leap of
// the clock leaves of it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Secret } from "otpauth";
import { digestOf } from "./digest.ts";
import {
  newRecovery,
  newSecondSecret,
  passSecond,
  RECOVERY_CODES,
  type Second,
  secondUri,
} from "./second-step.ts";

/** RFC 6238, appendix B: the ASCII key, SHA-1; its codes have eight digits, the last six are ours. */
const RFC = Secret.fromLatin1("12345678901234567890").base32;
const second: Second = { secret: RFC, used: [], recovery: [digestOf("abcde12345"), digestOf("fghjk67890")] };

const vectors: [seconds: number, code: string][] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
];
for (const [seconds, code] of vectors)
  test(`second step: the code of ${seconds} s since 1970 is the RFC's`, () =>
    assert.equal(passSecond(second, code, seconds * 1_000)?.by, "code"));

const AT = 1_234_567_890_000;
const CODE = "005924";
const cases: [string, string, number, string | undefined][] = [
  ["with a space in the middle, as phones show it", "005 924", AT, "code"],
  ["half a minute late", CODE, AT + 30_000, "code"],
  ["half a minute early", CODE, AT - 30_000, "code"],
  ["a minute and a half late", CODE, AT + 90_000, undefined],
  ["of another time", "081804", AT, undefined],
  ["one digit short", "05924", AT, undefined],
  ["words", "let me in", AT, undefined],
  ["a recovery code", "ABCDE-12345", AT, "recovery"],
  ["a recovery code of somebody else", "zzzzz-12345", AT, undefined],
];
for (const [sentence, code, at, by] of cases)
  test(`second step: ${sentence}`, () => assert.equal(passSecond(second, code, at)?.by, by));

test("second step: a code counts once, and so does a recovery code", () => {
  const passed = passSecond(second, CODE, AT);
  assert.ok(passed !== undefined);
  assert.equal(passSecond(passed.second, CODE, AT + 1_000), undefined);
  assert.equal(passSecond(passed.second, "081804", 1_111_111_109_000)?.by, "code", "another one does");
  const recovered = passSecond(second, "fghjk-67890", AT);
  assert.ok(recovered !== undefined);
  assert.deepEqual(recovered.second.recovery, [digestOf("abcde12345")]);
  assert.equal(passSecond(recovered.second, "fghjk-67890", AT), undefined);
});

test("second step: after a leap ahead and back today's codes still do", () => {
  const ahead = passSecond(second, "279037", 2_000_000_000_000);
  assert.ok(ahead !== undefined);
  assert.equal(passSecond(ahead.second, CODE, AT)?.by, "code");
});

test("second step: only a handful of used codes is kept", () => {
  let now: Second = { ...second, used: [11, 12, 13, 14, 15, 16, 17, 18] };
  const passed = passSecond(now, CODE, AT);
  assert.ok(passed !== undefined);
  now = passed.second;
  assert.deepEqual(now.used, [12, 13, 14, 15, 16, 17, 18, 41_152_263]);
});

test("second step: secrets have 160 bits, and an authenticator's address names site and login", () => {
  const secret = newSecondSecret(randomBytes);
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.notEqual(newSecondSecret(randomBytes), secret);
  const uri = secondUri(secret, { issuer: "Figs & co", label: "anna" });
  assert.match(uri, /^otpauth:\/\/totp\/Figs%20%26%20co:anna\?/);
  assert.match(uri, new RegExp(`secret=${secret}`));
});

test("second step: recovery codes are many, all different, and only their hashes are for keeping", () => {
  const { codes, hashes } = newRecovery(randomBytes);
  assert.equal(new Set(codes).size, RECOVERY_CODES);
  for (const code of codes) assert.match(code, /^[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{4}$/);
  const kept: Second = { secret: RFC, used: [7], recovery: hashes };
  assert.equal(passSecond(kept, codes[3] ?? "", AT)?.by, "recovery");
});
