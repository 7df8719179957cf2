// A view of the live bus for who never asks what is new: it knows what is, and what was news piles up nowhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { topics } from "@gridwright/contract/messages.ts";
import { epoch } from "@gridwright/contract/units.ts";
import {
  decisionOf,
  gardenModel,
  PLANT_TIME,
  snapshotOf,
  testBus,
  testClock,
} from "../web/garden-fixture.ts";
import { quietView } from "./listen.ts";
import { DECISIONS_KEPT, shown } from "./view.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test("a quiet view knows what is and keeps no news", () => {
  const [model, bus] = [gardenModel(), testBus()];
  const view = quietView({ model, bus, io: testClock(), log });
  const at = topics(model.site.site.id);
  bus.say(at.snapshot, snapshotOf());
  for (let n = 0; n < DECISIONS_KEPT + 7; n += 1)
    bus.say(at.decision, decisionOf({ at: epoch(PLANT_TIME + n * 1_000) }));
  assert.equal(shown(view, "battery/soc", "live").v, 0.62);
  assert.equal(view.decisions.length, DECISIONS_KEPT);
  const { channels, assets, devices, decisions } = view.dirty;
  assert.deepEqual([channels.size, assets.size, devices.size, decisions.length], [0, 0, 0, 0]);
});
