import assert from "node:assert/strict";
import { test } from "node:test";
import type { OwnTraining } from "@gridwright/contract/training.ts";
import { NOW } from "../known-fixture.ts";
import { trainingKey } from "./training-view.ts";

const DAY = 86_400_000;
const rows: [sentence: string, own: OwnTraining | undefined, then: string | undefined][] = [
  ["a machine without rules says nothing", undefined, undefined],
  ["nor to who trains at it", { until: null, trains: true }, undefined],
  ["who was not trained is told", { until: null, trains: false }, "none"],
  ["who is, until when", { until: NOW + 15 * DAY, trains: false }, "until"],
  ["and in the last two weeks that it ends", { until: NOW + 13 * DAY, trains: false }, "soon"],
];
for (const [sentence, own, then] of rows)
  test(`trainings: ${sentence}`, () => assert.equal(trainingKey(own, NOW), then));
