// Which view an address means, and which are offered to whom.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Person } from "@gridwright/contract/people.ts";
import type { Me } from "../people/asking.ts";
import { offered, type View, viewFor } from "./views.ts";

const me = (fields: Partial<Person>): Me => ({
  person: { id: "person-7", name: "Ada", role: "member", via: "session", ...fields },
  ...{ demo: false, fresh: false },
});

const addresses: [string, string, Me | undefined, View][] = [
  ["an address that names one", "#community", me({}), "community"],
  ["no address is the first view", "", me({}), "now"],
  ["an address that names none", "#attic", undefined, "now"],
  ["an invitation is no view", "#invite=0123456789abcdef", undefined, "now"],
  ["a screen shows itself as one, whatever its address", "#technician", me({ via: "screen" }), "wall"],
];
for (const [sentence, hash, who, view] of addresses)
  test(`views: ${sentence}`, () => assert.equal(viewFor(hash, who), view));

const offers: [string, Me | undefined, readonly View[]][] = [
  ["a member has no technicians' view", me({}), ["now", "community"]],
  ["a technician has", me({ role: "technician" }), ["now", "community", "technician"]],
  ["an admin too", me({ role: "admin" }), ["now", "community", "technician"]],
  ["before it is known who looks", undefined, ["now", "community"]],
];
for (const [sentence, who, views] of offers)
  test(`views: ${sentence}`, () => assert.deepEqual(offered(who), views));
