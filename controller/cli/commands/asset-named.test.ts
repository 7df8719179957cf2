// An asset by what a person writes of it, and what is offered where that is none.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { village } from "@gridwright/twin/testing/village.ts";
import { assetNamed } from "./asset-named.ts";

const model = village();

describe("an asset is found", () => {
  for (const text of ["house-4-heater", " House-4-Heater ", "Water heater of house 4"])
    it(`by «${text}»`, () => assert.equal(assetNamed(model, text).id, "house-4-heater"));
});

//  what was written    what is offered
const OFFERED: readonly (readonly [string, RegExp])[] = [
  ["heater-4", /Did you mean house-4-heater\?/],
  ["house-4-heatr", /Did you mean house-4-heater\?/],
  ["heater", /Did you mean house-1-heater, house-2-heater,/],
  ["--", /It can switch /],
  ["lift", /It can switch /],
];

describe("of what is not there the nearest is offered", () => {
  for (const [text, offered] of OFFERED)
    it(`«${text}»`, () => assert.throws(() => assetNamed(model, text), offered));
});
