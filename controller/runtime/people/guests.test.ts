// Guests: let in until their end and not after, by session, token and password; told once; prolonged by an admin; and no clock
// that leaps ends one for good.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Epoch, epoch } from "@gridwright/contract/units.ts";
import { testClock } from "../web/garden-fixture.ts";
import { changeAccount, makeToken } from "./changes.ts";
import { PASSWORD, type TestDesk, testDesk } from "./desk-fixture.ts";
import { noteEnds } from "./guests.ts";
import { askerOf, invite, isRefusal, joinAsPerson, setUpInvite, signIn } from "./people.ts";

const DAY = 86_400_000;

interface Scene extends TestDesk {
  readonly id: string;
  readonly session: string;
  readonly token: string;
  readonly until: number;
  /** The wall clock is set to so many days from the beginning. */
  set(days: number): void;
}

/** A guest, a member for three days, signed in and with a token. */
async function guest(): Promise<Scene> {
  const io = testClock();
  const begin = io.wall();
  let wall: Epoch = begin;
  const people = testDesk({ ...io, wall: () => wall }, ["anna"]);
  const { desk } = people;
  await setUpInvite(desk);
  const until = begin + 3 * DAY;
  const made = await invite(desk, "person-0", { role: "member", screen: false, until });
  assert.ok(!isRefusal(made));
  const given = { as: "person", invite: made.secret, login: "gus", name: "Gus", password: PASSWORD } as const;
  const opened = await joinAsPerson(desk, given);
  assert.ok(!isRefusal(opened));
  const id = desk.kept.now().accounts[0]?.id ?? "";
  const token = await makeToken(desk, id, { name: "lamp", scopes: ["read"], days: 30 });
  assert.ok(!isRefusal(token));
  return {
    ...{ ...people, id, until, session: opened.secret, token: token.secret },
    set: (days) => {
      wall = epoch(begin + days * DAY);
    },
  };
}
const door = async ({ desk, session, token }: Scene): Promise<string> => {
  const login = await signIn(desk, { login: "gus", password: PASSWORD, address: "192.0.2.7" });
  const ways = [askerOf(desk, { session }), askerOf(desk, { token })].map((one) => (one ? "in" : "out"));
  return [...ways, isRefusal(login) ? login.no : "in"].join(" ");
};

test("guests: session, token and password let in until the end, and not from then on", async () => {
  const scene = await guest();
  assert.equal(await door(scene), "in in in");
  assert.equal(askerOf(scene.desk, { session: scene.session })?.person.until, scene.until);
  scene.set(3);
  assert.equal(await door(scene), "out out ended");
});

test("guests: a wrong password is told nothing of the end", async () => {
  const scene = await guest();
  scene.set(4);
  const given = { login: "gus", password: "not that one", address: "192.0.2.8" };
  assert.deepEqual(await signIn(scene.desk, given), { no: "wrong" });
});

test("guests: the end is noted once, and a clock that leapt and came back has ended nobody", async () => {
  const scene = await guest();
  const noted = () => scene.deeds.filter(({ did }) => did === "guest-ended").map(({ who }) => who);
  await noteEnds(scene.desk);
  assert.deepEqual(noted(), []);
  scene.set(4_000);
  for (const _ of [1, 2]) await noteEnds(scene.desk);
  assert.deepEqual(noted(), [scene.id]);
  scene.set(1);
  assert.equal(await door(scene), "in in in");
});

test("guests: an admin prolongs a guest, whose next end is noted again, and makes one stay", async () => {
  const scene = await guest();
  const { desk, id, until } = scene;
  scene.set(5);
  await noteEnds(desk);
  const change = (to: { until?: number | null; role?: "member" | "technician" }) =>
    changeAccount(desk, { by: "person-0", id }, { role: "member", member: null, ...to });
  // Somebody must be admin, or nothing of accounts can be changed.
  await desk.kept.change((book) => ({
    ...book,
    accounts: [
      ...book.accounts,
      { ...{ id: "person-0", login: "ada", name: "Ada", role: "admin", password: "x" }, createdAt: 7 },
    ],
  }));
  assert.equal(await change({}), undefined, "what is over may be changed otherwise");
  assert.equal(await change({ until: until + 6 * DAY }), undefined);
  assert.equal(await door(scene), "in in in");
  scene.set(10);
  await noteEnds(desk);
  assert.equal(scene.deeds.filter(({ did }) => did === "guest-ended").length, 2);
  assert.equal(await change({ until: null }), undefined);
  assert.equal((await door(scene)).endsWith("in"), true);
});

const refused: [sentence: string, asked: Partial<Parameters<typeof invite>[2]>, days: number][] = [
  ["a technician", { role: "technician" }, 3],
  ["an admin", { role: "admin" }, 3],
  ["a screen", { role: "viewer", screen: true }, 3],
  ["one whose end has passed", {}, -1],
  ["one for longer than a year", {}, 367],
];
for (const [sentence, asked, days] of refused)
  test(`guests: ${sentence} is no guest`, async () => {
    const { desk } = await guest();
    const made = await invite(desk, "person-0", {
      ...{ role: "member", screen: false, until: desk.io.wall() + days * DAY },
      ...asked,
    });
    assert.deepEqual(made, { no: "guest" });
  });
