import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { hamlet } from "./fixtures/hamlet.ts";
import { every, main, s, T } from "./fixtures/moments.ts";
import { flow, type Given, type Moment, run, story } from "./fixtures/scene.ts";

/** Sockets that need 5.5 kVA to come back, on a phase that bears 6; no ladder. */
const bigSockets = (): SiteModel =>
  hamlet((site) => {
    Object.assign(site.assets, {
      sockets: { ...(site.assets as Record<string, object>).sockets, rating: "3.52 kVA" },
    });
    site.ladder = [];
    return site;
  });
const phaseOne = (va: number): Given => ({ ...main(va, 300, 200), ...flow("inverter", [va, 300, 200]) });

/** The reserve takes everything; then there is charge again, and the phase carries so much. */
const back = (va: number, more: Given): Moment[] => [
  { at: T, given: { "battery/soc": 0.137 } },
  ...every(20, 2_400, { ...phaseOne(va), ...more, "battery/soc": 0.83 }).filter(({ at }) => at > s(250)),
];

/** Loads of phase one behind one breaker; what most of them take is measured by the inverter alone. */
const yard = (): SiteModel =>
  hamlet((site) => {
    const behind = (id: string) => ({ ...(site.assets as Record<string, object>)[id], parent: "yard" });
    Object.assign(site.assets, {
      yard: { kind: "feeder", name: "Yard", phases: ["L1"], parent: "inverter", breaker: "15 A" },
      ...Object.fromEntries(["lamps", "router", "sockets", "heater-a"].map((id) => [id, behind(id)])),
    });
    site.ladder = [];
    return site;
  });

const came = (va: number, more: Given = {}, site = bigSockets): string =>
  story(run(site(), back(va, more)).decisions)
    .split(", ")
    .filter((one) => one.includes("restored"))
    .map((one) => one.replace(" on (restored)", ""))
    .join(" ");

//  case, VA that stay on the phase and what meters say of them, what comes back
const TABLE: readonly (readonly [string, number, Given, string])[] = [
  [
    "what is needed more comes first where there is room",
    300,
    {},
    "fridge sockets pump lathe heater-a heater-b heater-c",
  ],
  [
    "nobody waits for long for a load that what is needed more leaves no room for",
    900,
    { "plug-fridge/power": 780 },
    "fridge pump lathe heater-c heater-a heater-b",
  ],
];

describe("room that is kept", () => {
  for (const [sentence, va, more, then] of TABLE) it(sentence, () => assert.equal(came(va, more), then));
  it("what nobody measures behind a breaker is no more than what all loads together take", () =>
    assert.match(came(300, {}, yard), /heater-a/));
});
