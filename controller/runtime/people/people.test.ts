// Coming in, and what becomes of accounts: what is done, what is refused and changes nothing, and what the audit says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { figure } from "../../../tests/tools/figure.ts";
import { testClock } from "../web/garden-fixture.ts";
import {
  changeAccount,
  changePassword,
  exportOf,
  makeToken,
  removeAccount,
  withdrawInvite,
  withdrawToken,
} from "./changes.ts";
import { joined, PASSWORD, testDesk } from "./desk-fixture.ts";
import {
  askerOf,
  type Desk,
  invite,
  isRefusal,
  joinAsPerson,
  joinAsScreen,
  type Secret,
  setUpInvite,
  signIn,
  signOut,
} from "./people.ts";

const HOUSES = ["anna", "bo"];
const DAY = 86_400_000;
const begin = () => {
  const io = testClock();
  return { io, ...testDesk(io, HOUSES) };
};
const accountOf = (desk: Desk, session: string): string => askerOf(desk, { session })?.person.id ?? "none";
const secretOf = (made: Secret | object | undefined): string =>
  made !== undefined && "secret" in made ? String(made.secret) : "none";
const taker = (secret: string, login = "cleo") => ({
  as: "person" as const,
  invite: secret,
  login,
  name: "Cleo",
  password: PASSWORD,
});

test("people: the set-up link makes one admin, once, and is never made again", async () => {
  const { desk, deeds } = begin();
  const old = secretOf(await setUpInvite(desk));
  const link = secretOf(await setUpInvite(desk));
  assert.deepEqual(await joinAsPerson(desk, taker(old)), { no: "gone" }, "a newer link voids the older");
  const session = secretOf(await joinAsPerson(desk, taker(link)));
  assert.equal(askerOf(desk, { session })?.person.role, "admin");
  assert.deepEqual(await joinAsPerson(desk, taker(link, "again")), { no: "gone" });
  assert.equal(await setUpInvite(desk), undefined);
  assert.deepEqual(
    deeds.map(({ did }) => did),
    ["set-up-link", "set-up-link", "joined"],
  );
});

test("people: two who take one invitation at once are one", async () => {
  const { desk } = begin();
  const link = secretOf(await setUpInvite(desk));
  const both = await Promise.all([joinAsPerson(desk, taker(link)), joinAsPerson(desk, taker(link, "other"))]);
  assert.equal(both.filter(isRefusal).length, 1);
  assert.equal(desk.kept.now().accounts.length, 1);
});

test("people: an invitation gives its role and house, ends after a week, and can be withdrawn", async () => {
  const { desk, io } = begin();
  const admin = accountOf(desk, await joined(desk, "admin"));
  const session = await joined(desk, "member", "bo");
  assert.deepEqual(askerOf(desk, { session })?.person.member, "bo");
  const late = secretOf(await invite(desk, admin, { role: "viewer", screen: false }));
  await io.move(7 * DAY + 3_000);
  assert.deepEqual(await joinAsPerson(desk, taker(late)), { no: "gone" });
  const made = await invite(desk, admin, { role: "viewer", screen: false });
  assert.ok(!isRefusal(made));
  assert.equal(await withdrawInvite(desk, { by: admin, id: made.id }), undefined);
  assert.deepEqual(await joinAsPerson(desk, taker(made.secret)), { no: "gone" });
  const nowhere = await invite(desk, admin, { role: "member", member: "moon", screen: false });
  assert.deepEqual(nowhere, { no: "unknown-member" });
});

test("people: a screen gets in without a password, sees, and is nobody", async () => {
  const { desk } = begin();
  await joined(desk, "admin");
  const secret = secretOf(await invite(desk, "person-1", { role: "admin", screen: true }));
  assert.deepEqual(await joinAsPerson(desk, taker(secret)), { no: "gone" });
  const session = secretOf(await joinAsScreen(desk, secret));
  const asker = askerOf(desk, { session });
  assert.deepEqual([asker?.person.role, asker?.person.via, asker?.scopes], ["viewer", "screen", ["read"]]);
});

const sign = (desk: Desk, login: string, password: string) =>
  signIn(desk, { login, password, address: "192.0.2.7" });

test("people: a login that does not exist is answered like a wrong password", async () => {
  const { desk, deeds } = begin();
  await joined(desk, "admin");
  assert.deepEqual(await sign(desk, "admin-x", "not it at all"), { no: "wrong" });
  assert.deepEqual(await sign(desk, "nobody-here", "not it at all"), { no: "wrong" });
  const refusals = deeds.filter(({ did }) => did === "sign-in-refused");
  assert.equal(refusals.length, 2);
  assert.doesNotMatch(JSON.stringify(deeds), /nobody-here|not it at all/, "nobody's typing is kept");
});

test("people: of 1,000 wrong passwords for anybody six are looked at, the rest must wait", async () => {
  for (const login of ["admin-x", "nobody-here"]) {
    const { desk, deeds } = begin();
    await joined(desk, "admin");
    const outcomes: string[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const got = await sign(desk, login, `guess ${n}`);
      outcomes.push(isRefusal(got) ? got.no : "in");
      // Each that is looked at costs what a hash costs.
      assert.ok(n < 50 || outcomes.includes("wait"), "fifty were looked at");
    }
    assert.deepEqual([outcomes.indexOf("wait"), new Set(outcomes.slice(5))], [5, new Set(["wait"])], login);
    assert.equal(deeds.filter(({ did }) => did === "sign-in-refused").length, 5);
    assert.deepEqual(await sign(desk, login, PASSWORD), { no: "wait", ms: 1_000 });
    figure("R9", { guesses: outcomes.length, looked: outcomes.indexOf("wait") });
  }
});

test("people: signing in and out, and sessions that end when they are not used", async () => {
  const { desk, io } = begin();
  await joined(desk, "admin");
  const first = secretOf(await sign(desk, "admin-x", PASSWORD));
  const second = secretOf(await sign(desk, "admin-x", PASSWORD));
  assert.notEqual(accountOf(desk, first), "none");
  await signOut(desk, first, accountOf(desk, first));
  assert.equal(accountOf(desk, first), "none");
  await io.move(20 * DAY);
  assert.notEqual(accountOf(desk, second), "none");
  await io.move(20 * DAY);
  assert.notEqual(accountOf(desk, second), "none", "use keeps it");
  await io.move(31 * DAY);
  assert.equal(accountOf(desk, second), "none");
});

test("people: a clock that was set back signs nobody out", async () => {
  const { desk, io } = begin();
  const session = await joined(desk, "admin");
  const back: Desk = { ...desk, io: { ...io, wall: () => epoch(io.wall() - 9 * 365 * DAY) } };
  assert.notEqual(accountOf(back, session), "none");
});

test("people: a person's oldest session gives way to the eleventh", async () => {
  const { desk } = begin();
  const first = await joined(desk, "admin");
  for (let n = 0; n < 10; n += 1) await sign(desk, "admin-x", PASSWORD);
  assert.equal(accountOf(desk, first), "none");
  assert.equal(desk.kept.now().sessions.length, 10);
});

test("people: the last admin stays one", async () => {
  const { desk } = begin();
  const admin = accountOf(desk, await joined(desk, "admin"));
  const by = { by: admin, id: admin };
  assert.deepEqual(await changeAccount(desk, by, { role: "member", member: null }), { no: "last-admin" });
  assert.deepEqual(await removeAccount(desk, by), { no: "last-admin" });
  const second = accountOf(desk, await joined(desk, "technician"));
  assert.equal(
    await changeAccount(desk, { by: admin, id: second }, { role: "admin", member: "bo" }),
    undefined,
  );
  assert.equal(await changeAccount(desk, by, { role: "member", member: null }), undefined);
  assert.deepEqual(
    desk.kept.now().accounts.map(({ role, member }) => [role, member]),
    [
      ["member", undefined],
      ["admin", "bo"],
    ],
  );
});

test("people: a role that was taken is gone from open sessions at once", async () => {
  const { desk } = begin();
  const admin = accountOf(desk, await joined(desk, "admin"));
  const session = await joined(desk, "technician");
  await changeAccount(desk, { by: admin, id: accountOf(desk, session) }, { role: "viewer", member: null });
  assert.equal(askerOf(desk, { session })?.person.role, "viewer");
});

test("people: a new password ends every session, and needs the old one", async () => {
  const { desk } = begin();
  const session = await joined(desk, "admin");
  const id = accountOf(desk, session);
  const change = (old: string) =>
    changePassword(desk, { id, old, password: "four wet years", address: "192.0.2.7" });
  assert.deepEqual(await change("not it at all"), { no: "wrong" });
  assert.notEqual(accountOf(desk, session), "none");
  assert.equal(await change(PASSWORD), undefined);
  assert.equal(accountOf(desk, session), "none");
  assert.deepEqual(await sign(desk, "admin-x", PASSWORD), { no: "wrong" });
  assert.ok(!isRefusal(await sign(desk, "admin-x", "four wet years")));
});

test("people: a token is its owner's alone, ends on its day, and can be withdrawn", async () => {
  const { desk, io } = begin();
  const admin = accountOf(desk, await joined(desk, "admin"));
  const owner = accountOf(desk, await joined(desk, "member", "anna"));
  const token = { name: "the boiler's script", scopes: ["read" as const], days: 9 };
  const made = await makeToken(desk, owner, token);
  assert.ok(!isRefusal(made));
  const asker = () => askerOf(desk, { token: made.secret });
  assert.deepEqual([asker()?.person.member, asker()?.scopes], ["anna", ["read"]]);
  assert.deepEqual(await withdrawToken(desk, { by: admin, id: made.id }), { no: "gone" });
  const taken = await makeToken(desk, owner, token);
  assert.ok(!isRefusal(taken));
  assert.equal(await withdrawToken(desk, { by: admin, id: taken.id, anybodys: true }), undefined);
  await io.move(9 * DAY);
  assert.equal(asker(), undefined);
  const other = await makeToken(desk, owner, token);
  assert.ok(!isRefusal(other));
  assert.equal(await withdrawToken(desk, { by: owner, id: other.id }), undefined);
  assert.equal(askerOf(desk, { token: other.secret }), undefined);
});

const PARTS = ["member-anna", "A member", '"member":"anna"', "script"];
test("people: an export tells all that is kept of one, and no secret; erasing leaves an id alone", async () => {
  const { desk, deeds } = begin();
  const admin = accountOf(desk, await joined(desk, "admin"));
  const session = await joined(desk, "member", "anna");
  const id = accountOf(desk, session);
  const made = await makeToken(desk, id, { name: "script", scopes: ["read"], days: 3 });
  const told = JSON.stringify(await exportOf(desk, id));
  for (const part of PARTS) assert.ok(told.includes(part), part);
  assert.doesNotMatch(told, /argon2|"hash":"\w/);
  assert.equal(await removeAccount(desk, { by: admin, id }), undefined);
  assert.equal(accountOf(desk, session), "none");
  assert.equal(askerOf(desk, { token: secretOf(made) }), undefined);
  const left = JSON.stringify([desk.kept.now(), deeds]).match(/A member|member-anna/g) ?? [];
  assert.deepEqual(left, []);
  assert.ok(
    deeds.some(({ who }) => who === id),
    "what was done stays, without a name",
  );
  figure("R16", { told: PARTS.length, left: left.length });
});
