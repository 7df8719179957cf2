// What the planner takes for what batteries, vehicles and tanks hold now: their own fresh word, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { topics } from "@gridwright/contract/messages.ts";
import { farm } from "@gridwright/core/plan/site/stores-fixture.ts";
import { listenTo } from "../live/listen.ts";
import { createView } from "../live/view.ts";
import { snapshotOf, testBus, testClock } from "../web/garden-fixture.ts";
import { heldNow } from "./measured.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

test("what batteries, vehicles and tanks hold is what their points say while they are fresh", () => {
  const [model, bus, io] = [farm({ car: { battery: "31 kWh" } }), testBus(), testClock()];
  const view = createView(model, io);
  listenTo(view, { bus, siteId: "farm", log: quiet });
  const say = (points: Parameters<typeof snapshotOf>[0]) =>
    bus.say(topics("farm").snapshot, snapshotOf(points));
  bus.say(topics("farm").control, "online", true);
  say({ points: { "store/soc": 0.71, "charger/soc": 0.34, "boiler/temperature": 52.5 } });
  assert.deepEqual(heldNow({ model, view }), {
    soc: { battery: 0.71, car: 0.34 },
    celsius: { tank: 52.5, house: undefined },
  });
  say({
    points: { "store/soc": 0.69, "charger/soc": ["s", 0.34], "boiler/temperature": ["a", "device-lost"] },
  });
  assert.deepEqual(heldNow({ model, view }), {
    soc: { battery: 0.69, car: undefined },
    celsius: { tank: undefined, house: undefined },
  });
});
