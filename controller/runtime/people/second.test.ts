// The second step beside accounts: on once proven, asked for at the door, off only by a code; who must have one, how
// guessing is slowed, and what helps who lost the phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { type TestClock, testClock } from "../web/garden-fixture.ts";
import { changeAccount } from "./changes.ts";
import { joined, PASSWORD, testDesk } from "./desk-fixture.ts";
import { askerOf, type Desk, isRefusal, signIn } from "./people.ts";
import { clearSecond, offerSecond, requireSecond, turnOff, turnOn } from "./second.ts";
import { makeReset, takeReset } from "./sessions.ts";

const ADDRESS = "192.0.2.11";
const MINUTE = 60_000;
const who = (desk: Desk, session: string) => askerOf(desk, { session })?.person;

async function begin() {
  const io = testClock();
  const { desk, deeds } = testDesk(io, ["anna"]);
  const admin = who(desk, await joined(desk, "admin"))?.id ?? "";
  const session = await joined(desk, "technician");
  return { io, desk, deeds, admin, session, id: who(desk, session)?.id ?? "" };
}

/** The phone: what it shows now. */
const phone = (secret: string, io: TestClock) => () =>
  new TOTP({ digits: 6, period: 30, secret: Secret.fromBase32(secret) }).generate({ timestamp: io.wall() });

async function switchedOn({ desk, io }: { desk: Desk; io: TestClock }, id: string) {
  const offer = offerSecond(desk, id, "Garden");
  assert.ok(offer !== undefined);
  const code = phone(offer.secret, io);
  const codes = await turnOn(desk, { id, code: code(), address: ADDRESS });
  assert.ok(!("no" in codes));
  await io.move(MINUTE);
  return { code, recovery: codes };
}
const sign = (desk: Desk, code?: string, password = PASSWORD) =>
  signIn(desk, { login: "technician-x", password, address: ADDRESS, ...(code !== undefined && { code }) });
const no = (got: object): string => (isRefusal(got) ? got.no : "in");

test("second: it is on once a code has proven that the phone took it; a wrong one changes nothing", async () => {
  const all = await begin();
  const { desk, id } = all;
  assert.deepEqual(await turnOn(desk, { id, code: "123456", address: ADDRESS }), { no: "gone" });
  offerSecond(desk, id, "Garden");
  assert.deepEqual(await turnOn(desk, { id, code: "12345678", address: ADDRESS }), { no: "code" });
  assert.equal(no(await sign(desk)), "in");
  await switchedOn(all, id);
  assert.equal(no(await sign(desk)), "second");
});

test("second: a secret that was shown and not proven is forgotten after a quarter of an hour", async () => {
  const { desk, io, id } = await begin();
  const offer = offerSecond(desk, id, "Garden");
  await io.move(16 * MINUTE);
  const code = phone(offer?.secret ?? "", io)();
  assert.deepEqual(await turnOn(desk, { id, code, address: ADDRESS }), { no: "gone" });
});

test("second: at the door it is asked for after the right password alone, and lets in once", async () => {
  const all = await begin();
  const { desk, id, io } = all;
  const { code } = await switchedOn(all, id);
  assert.equal(no(await sign(desk, code(), "not it at all")), "wrong");
  const now = code();
  assert.equal(no(await sign(desk, now)), "in");
  assert.equal(no(await sign(desk, now)), "code", "a code that was read over a shoulder is used up");
  await io.move(MINUTE);
  assert.equal(no(await sign(desk, code())), "in");
});

test("second: two who show one code at once are one", async () => {
  const all = await begin();
  const { code } = await switchedOn(all, all.id);
  const both = await Promise.all([sign(all.desk, code()), sign(all.desk, code())]);
  assert.deepEqual(both.map(no).toSorted(), ["code", "in"]);
});

test("second: of 1,000 guessed codes five are looked at, and others' doors stay open", async () => {
  const all = await begin();
  const { code } = await switchedOn(all, all.id);
  const outcomes: string[] = [];
  for (let guess = 0; guess < 1_000; guess += 1)
    outcomes.push(no(await sign(all.desk, `${100_000 + guess}`)));
  assert.deepEqual([outcomes.indexOf("wait"), new Set(outcomes.slice(5))], [5, new Set(["wait"])]);
  assert.equal(no(await sign(all.desk, code())), "wait", "the right one waits too");
  const other = { login: "admin-x", password: PASSWORD, address: "192.0.2.12" };
  assert.equal(no(await signIn(all.desk, other)), "in");
});

test("second: guesses from many addresses are slowed too", async () => {
  const all = await begin();
  await switchedOn(all, all.id);
  const outcomes: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    const from = { login: "technician-x", password: PASSWORD, address: `198.51.100.${n}` };
    outcomes.push(no(await signIn(all.desk, { ...from, code: `${200_000 + n}` })));
  }
  assert.equal(outcomes.indexOf("wait"), 10);
});

test("second: a recovery code lets in once and is told in the audit", async () => {
  const all = await begin();
  const { recovery } = await switchedOn(all, all.id);
  assert.equal(no(await sign(all.desk, recovery[2])), "in");
  assert.equal(no(await sign(all.desk, recovery[2])), "code");
  assert.ok(all.deeds.some(({ did, who: by }) => did === "recovery-used" && by === all.id));
  assert.doesNotMatch(JSON.stringify([all.deeds, all.desk.kept.now()]), new RegExp(recovery[4] ?? "none"));
});

test("second: only a code takes it off, and not where the role must have it", async () => {
  const all = await begin();
  const { desk, id, io, admin } = all;
  const { code } = await switchedOn(all, id);
  assert.deepEqual(await turnOff(desk, { id, code: "999999", address: ADDRESS }), { no: "code" });
  assert.deepEqual(await requireSecond(desk, admin, "technician"), { no: "second-first" });
  await switchedOn(all, admin);
  assert.equal(await requireSecond(desk, admin, "technician"), undefined);
  assert.deepEqual(await turnOff(desk, { id, code: code(), address: ADDRESS }), { no: "second-needed" });
  await requireSecond(desk, admin, undefined);
  await io.move(MINUTE);
  assert.equal(await turnOff(desk, { id, code: code(), address: ADDRESS }), undefined);
  assert.equal(no(await sign(desk)), "in");
});

test("second: who must have one and has none is told so in every session, and nobody else is", async () => {
  const all = await begin();
  const { desk, admin, session, id } = all;
  const member = await joined(desk, "member", "anna");
  await switchedOn(all, admin);
  await requireSecond(desk, admin, "technician");
  assert.deepEqual([who(desk, session)?.secondDue, who(desk, member)?.secondDue], [true, undefined]);
  await switchedOn(all, id);
  assert.equal(who(desk, session)?.secondDue, undefined);
  await changeAccount(
    desk,
    { by: admin, id: who(desk, member)?.id ?? "" },
    { role: "admin", member: "anna" },
  );
  assert.equal(who(desk, member)?.secondDue, true, "a role that is given brings the duty along");
});

test("second: an admin takes it off who lost everything, which ends their sessions", async () => {
  const all = await begin();
  const { desk, admin, session, id, deeds } = all;
  await switchedOn(all, id);
  assert.equal(await clearSecond(desk, { by: admin, id }), undefined);
  assert.equal(who(desk, session), undefined);
  assert.equal(no(await sign(desk)), "in");
  assert.deepEqual(await clearSecond(desk, { by: admin, id }), { no: "gone" });
  assert.deepEqual(deeds.find(({ did }) => did === "second-cleared")?.about, { account: id });
});

test("second: an admin's link for a new password does not go round it", async () => {
  const all = await begin();
  const { desk, admin, id } = all;
  const { code } = await switchedOn(all, id);
  const reset = await makeReset(desk, { by: admin, id });
  assert.ok(!isRefusal(reset));
  const taken = { reset: reset.secret, password: "four wet summers", address: ADDRESS };
  assert.deepEqual(await takeReset(desk, taken), { no: "second" });
  assert.equal(no(await takeReset(desk, { ...taken, code: code() })), "in");
});
