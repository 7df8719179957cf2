// Where people are signed in, and the link for a forgotten password: whose it is, how often it works, what it ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { testClock } from "../web/garden-fixture.ts";
import { sessionId } from "./book.ts";
import { joined, PASSWORD, testDesk } from "./desk-fixture.ts";
import { askerOf, type Desk, invite, isRefusal, joinAsScreen, signIn } from "./people.ts";
import { endScreen, endSession, endSessions, makeReset, sessionsOf, takeReset } from "./sessions.ts";

const DAY = 86_400_000;
const FROM = { address: "192.0.2.9" };
const NEW = "four wet summers";
const signed = (desk: Desk, login: string, password = PASSWORD) =>
  signIn(desk, { login, password, address: "192.0.2.9", device: "Firefox, Android" });
const who = (desk: Desk, session: string): string => askerOf(desk, { session })?.person.id ?? "nobody";

async function begin() {
  const steady = testClock();
  const leap = { by: 0 };
  const io = { ...steady, wall: () => epoch(steady.wall() + leap.by) };
  const { desk, deeds } = testDesk(io, ["anna"]);
  const admin = await joined(desk, "admin");
  const member = await joined(desk, "member", "anna");
  return {
    io,
    leap,
    desk,
    deeds,
    admin,
    member,
    ids: { admin: who(desk, admin), member: who(desk, member) },
  };
}

test("sessions: one's own are listed with their device, and can be ended one by one", async () => {
  const { desk, ids, member } = await begin();
  const second = await signed(desk, "member-anna");
  assert.ok(!isRefusal(second));
  const [newer, older] = sessionsOf(desk, ids.member).toSorted((a) => (a.device === undefined ? 1 : -1));
  assert.deepEqual([newer?.device, older?.device], ["Firefox, Android", undefined]);
  const id = newer === undefined ? "" : sessionId(newer);
  assert.deepEqual(await endSession(desk, { by: ids.admin, id }), { no: "gone" }, "another's is not there");
  assert.equal(await endSession(desk, { by: ids.member, id }), undefined);
  assert.deepEqual([who(desk, second.secret), who(desk, member)], ["nobody", ids.member]);
  assert.deepEqual(await endSession(desk, { by: ids.member, id }), { no: "gone" });
});

test("sessions: signing out everywhere ends all of one's own and nobody else's", async () => {
  const { desk, ids, member, admin, deeds } = await begin();
  const second = await signed(desk, "member-anna");
  assert.ok(!isRefusal(second));
  await endSessions(desk, ids.member);
  assert.deepEqual([who(desk, member), who(desk, second.secret)], ["nobody", "nobody"]);
  assert.equal(who(desk, admin), ids.admin);
  assert.deepEqual(deeds.at(-1), { who: ids.member, did: "sessions-ended" });
});

test("sessions: an admin ends a screen, and only a screen", async () => {
  const { desk, ids, member } = await begin();
  const link = await invite(desk, ids.admin, { role: "viewer", screen: true });
  assert.ok(!isRefusal(link));
  const screen = await joinAsScreen(desk, link.secret, "Chrome, Linux");
  assert.ok(!isRefusal(screen));
  const [shown] = sessionsOf(desk, undefined);
  assert.equal(shown?.device, "Chrome, Linux");
  const [own] = sessionsOf(desk, ids.member);
  assert.ok(shown !== undefined && own !== undefined);
  assert.deepEqual(await endScreen(desk, { by: ids.admin, id: sessionId(own) }), { no: "gone" });
  assert.equal(await endScreen(desk, { by: ids.admin, id: sessionId(shown) }), undefined);
  assert.deepEqual([who(desk, screen.secret), who(desk, member)], ["nobody", ids.member]);
});

test("reset: the link works once, for a day, ends what was open and leaves the old password void", async () => {
  const { io, desk, ids, member, deeds } = await begin();
  const made = async () => {
    const reset = await makeReset(desk, { by: ids.admin, id: ids.member });
    assert.ok(!isRefusal(reset));
    return reset.secret;
  };
  const [older, newer] = [await made(), await made()];
  assert.deepEqual(
    await takeReset(desk, { ...FROM, reset: older, password: NEW }),
    { no: "gone" },
    "a newer voids it",
  );
  const opened = await takeReset(desk, { ...FROM, reset: newer, password: NEW });
  assert.ok(!isRefusal(opened));
  assert.deepEqual([who(desk, opened.secret), who(desk, member)], [ids.member, "nobody"]);
  assert.deepEqual(await takeReset(desk, { ...FROM, reset: newer, password: "another one yet" }), {
    no: "gone",
  });
  assert.deepEqual(await signed(desk, "member-anna"), { no: "wrong" });
  assert.ok(!isRefusal(await signed(desk, "member-anna", NEW)));
  assert.deepEqual(
    deeds.filter(({ did }) => did === "reset-made" || did === "password-reset").map(({ who: by }) => by),
    [ids.admin, ids.admin, ids.member],
  );
  assert.doesNotMatch(JSON.stringify([desk.kept.now(), deeds]), new RegExp(newer), "only its hash is kept");
  const late = await made();
  await io.move(DAY + 7_000);
  assert.deepEqual(await takeReset(desk, { ...FROM, reset: late, password: NEW }), { no: "gone" });
  assert.deepEqual(await makeReset(desk, { by: ids.admin, id: "person-of-the-moon" }), { no: "gone" });
});

test("reset: of two who take one link at once one comes in", async () => {
  const { desk, ids } = await begin();
  const reset = await makeReset(desk, { by: ids.admin, id: ids.member });
  assert.ok(!isRefusal(reset));
  const both = await Promise.all(
    [NEW, "five dry winters"].map((password) => takeReset(desk, { ...FROM, reset: reset.secret, password })),
  );
  assert.equal(both.filter(isRefusal).length, 1);
});

const YEAR = 366 * DAY;
const jumps: [string, number][] = [
  ["to ten years ahead", 10 * YEAR],
  ["to nine years ago", -9 * YEAR],
  ["a month ahead", 31 * DAY],
];
for (const [sentence, by] of jumps)
  test(`sessions: a clock that leaps ${sentence} ends none that is in use, also where somebody signs in then`, async () => {
    const { io, leap, desk, ids, member } = await begin();
    assert.equal(who(desk, member), ids.member);
    leap.by = by;
    assert.ok(!isRefusal(await signed(desk, "admin-x")));
    assert.equal(who(desk, member), ids.member);
    leap.by = 0;
    assert.equal(who(desk, member), ids.member);
    await io.move(DAY);
    const [own] = sessionsOf(desk, ids.member);
    assert.equal(own?.seenAt, io.wall() - DAY, "the leap leaves no mark");
    await io.move(30 * DAY);
    assert.equal(who(desk, member), "nobody", "unused it ends as ever");
  });
