// What a life hangs on and what the controller lives on: each way in which a site file could let it go is a mistake.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Replaced, refused } from "./hill-fixture.ts";

const CLOSED = "switch: { point: relays/relay_5, contact: normally-closed }, onSilence: on";
const lung = (keys: string): Replaced => ({
  8: `  lung: { kind: load, name: Oxygen of house 3, rating: 350 VA, lifeSupport: true, ${keys} }`,
});
const router = (keys: string): Replaced => ({
  8: `  router: { kind: load, name: Router, tier: 0, rating: 60 VA, feedsController: true, ${keys} }`,
});
const LIFE = "a life hangs on «Oxygen of house 3» (lifeSupport), but";
const FEEDS = "«Router» feeds the controller itself, but";

const rows: readonly [sentence: string, replaced: Replaced, then: readonly string[]][] = [
  ["a life without a switch", lung("tier: 0"), []],
  ["a life on a relay that closes by itself", lung(`tier: 0, ${CLOSED}`), []],
  [
    "in tier 1 it would be shed",
    lung(`tier: 1, ${CLOSED}`),
    [`8 assets.lung.tier: ${LIFE} tier 1 is shed when there is too little, and tier 0 is not: write tier: 0`],
  ],
  [
    "in tier 4 it would be the first",
    lung(`tier: 4, ${CLOSED}`),
    [`8 assets.lung.tier: ${LIFE} tier 4 is shed when there is too little, and tier 0 is not: write tier: 0`],
  ],
  [
    "in the last resort it would go",
    lung(`tier: 0, lastResort: 3, ${CLOSED}`),
    [
      `8 assets.lung.lastResort: ${LIFE} lastResort: 3 switches it off before the battery is empty: take the line away`,
    ],
  ],
  [
    "what only runs on surplus is no supply",
    lung(`tier: 0, runs: surplus, ${CLOSED}`),
    [`8 assets.lung.runs: ${LIFE} runs: surplus leaves it off at most times: take the line away`],
  ],
  [
    "a relay that keeps what it was told",
    lung(`tier: 0, ${CLOSED.replace("onSilence: on", "onSilence: hold")}`),
    [
      `8 assets.lung.onSilence: ${LIFE} onSilence: hold does not close its supply when the controller is gone: write onSilence: on`,
    ],
  ],
  [
    "a relay that stays open when power returns, or until somebody comes",
    lung(`tier: 0, onPowerUp: off, rearm: local, ${CLOSED}`),
    [
      `8 assets.lung.onPowerUp: ${LIFE} onPowerUp: off leaves it off when power returns: write onPowerUp: on, or take the line away`,
      `8 assets.lung.rearm: ${LIFE} rearm: local leaves it off until a person comes: take the line away`,
    ],
  ],
  [
    "a life behind what is shed",
    lung("tier: 0, parent: heater"),
    [
      `8 assets.lung.parent: ${LIFE} it hangs behind "heater", which has a switch: feed it from before that switch`,
    ],
  ],
  [
    "a bare relay is told once, not key by key",
    lung("tier: 0, switch: bare/relay_5, onSilence: off"),
    [
      "8 assets.lung.switch: a life hangs on it, and bare/relay_5 is a bare relay: give it its own UPS and take the switch away",
    ],
  ],
  ["what feeds the controller without a switch", router("duty: 70 %"), []],
  ["or on a normally-closed contact", router(CLOSED), []],
  [
    "on a normally-open one it cuts its own feet",
    router("switch: relays/relay_5, onSilence: on"),
    [
      `8 assets.router.switch: ${FEEDS} a relay without power opens a normally-open contact, and without supply nobody here could close it again: wire it normally-closed (contact: normally-closed), or take the switch away`,
    ],
  ],
  [
    "so it does when silence means off",
    router(CLOSED.replace("onSilence: on", "onSilence: off")),
    [
      `8 assets.router.onSilence: ${FEEDS} onSilence: off takes it away: write onSilence: on, or take the switch away`,
    ],
  ],
  [
    "and behind what is shed",
    router("parent: heater"),
    [
      `8 assets.router.parent: ${FEEDS} it hangs behind "heater", which has a switch: feed it from before that switch`,
    ],
  ],
];

describe("a supply that must never go cannot be declared to go", () => {
  for (const [sentence, replaced, then] of rows)
    it(sentence, () => assert.deepEqual(refused(replaced), then));
});
