// Who may say that a held machine is safe again: technicians, and who belongs to the house that the site file names.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Person } from "@gridwright/contract/people.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { yard } from "@gridwright/core/jobs/workshop-fixture.ts";
import { mayRelease } from "./oops-routes.ts";

/** The yard, whose kiln is looked after by ash. */
function kept(): SiteModel {
  const model = yard();
  const { kiln } = model.assets;
  if (kiln?.spec.kind !== "machine") throw new Error("the yard has a kiln");
  return { ...model, assets: { ...model.assets, kiln: { ...kiln, spec: { ...kiln.spec, keeper: "ash" } } } };
}

const cases: [string, Pick<Person, "role" | "member">, string, boolean][] = [
  ["the keeper", { role: "member", member: "ash" }, "kiln", true],
  ["another member", { role: "member", member: "elm" }, "kiln", false],
  ["a member of no house", { role: "member" }, "planer", false],
  ["the keeper of another machine", { role: "member", member: "ash" }, "planer", false],
  ["an onlooker of the keeper's house", { role: "viewer", member: "ash" }, "kiln", false],
  ["a technician", { role: "technician" }, "planer", true],
  ["an admin", { role: "admin", member: "elm" }, "kiln", true],
];
for (const [who, person, machine, may] of cases)
  test(`oops: ${who} ${may ? "releases" : "does not release"} the ${machine}`, () =>
    assert.equal(
      mayRelease({ id: "person-3", name: "Fay", via: "session", ...person }, machine, kept()),
      may,
    ));
