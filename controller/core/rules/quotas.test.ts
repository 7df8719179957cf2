// Several loads that can be told how much share what is scarce within their tier, and what comes free.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { s } from "../fixtures/moments.ts";
import { CLOUDY, flows, type QuaySite, quay } from "../fixtures/quay.ts";
import { type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

type Assets = QuaySite["assets"];
interface Boats {
  readonly ferry?: Partial<Assets["boat"]> & { readonly tier?: number };
  readonly share?: number;
}

/** Two boats of two members on the second phase; both can charge with 10 % and more of 2 kVA. */
const boats = ({ ferry = {}, share = 1 }: Boats = {}) =>
  quay((site) => {
    const { runs: _, ...boat } = site.assets.boat;
    const plain = { ...boat, limitMin: "10 %", rating: "2 kVA" };
    const second = { name: "Ferry", measure: "wallbox-2", limit: "wallbox-2/power_limit" };
    return {
      ...site,
      members: { anna: { name: "Anna" }, ben: { name: "Ben", share } },
      devices: { ...site.devices, "wallbox-2": { link: "bus", unit: 30, profile: "wallbox" } },
      assets: {
        ...site.assets,
        boat: { ...plain, member: "anna" },
        ferry: { ...plain, ...second, member: "ben", ...ferry },
      },
    };
  });

/** An island whose second phase (7 kVA) carries so much, of which the boats draw so much. */
const l2 = (va: number, boat: number, ferry: number): Given => ({
  ...flows([0, 0, 0], [1_300, va, 900]),
  ...{ "line/grid_present": false, "roof-north/power": 0, "roof-south/power": 0 },
  ...{ "wallbox/power": boat, "wallbox-2/power": ferry },
});
const CALM: Given = {
  ...CLOUDY,
  ...l2(5_400, 1_900, 1_900),
  "wallbox/power_limit": 1,
  "wallbox-2/power_limit": 1,
};
const BEFORE: Given = { ...CALM, ...l2(400, 9, 9) };
/** Seconds after which both charge. */
const READY = 200;
const seconds = (from: number, to: number, given: Given): Moment[] =>
  Array.from({ length: to - from }, (_, n) => ({ at: s(READY + from + n), ...(n === 0 && { given }) }));

function told(model: ReturnType<typeof boats>, moments: readonly Moment[]): string {
  const charging = run(model, [...seconds(-200, -30, {}), ...seconds(-30, 0, CALM)], {
    given: BEFORE,
    memory: settledMemory(model, BEFORE),
  }).last.memory;
  return story(run(model, moments, { given: CALM, memory: charging }).decisions);
}

/** At 123 % for a while: 1,950 VA must go, of 3,800 that the boats draw. */
const OVER = seconds(0, 105, l2(8_600, 1_900, 1_900));

//  whose boats, what happens, what is decided
const table: readonly (readonly [string, Boats, readonly Moment[], string])[] = [
  [
    "both give, rather than that one goes without",
    {},
    OVER,
    "boat 45 % (overload-budget), ferry 45 % (overload-budget)",
  ],
  [
    "a larger share weighs more",
    { share: 2 },
    OVER,
    "boat 30 % (overload-budget), ferry 60 % (overload-budget)",
  ],
  ["who draws little keeps it", {}, seconds(0, 274, l2(8_200, 1_900, 350)), "boat 15 % (overload-budget)"],
  [
    "who is needed more gives nothing while others can",
    { ferry: { tier: 2 } },
    seconds(0, 150, l2(8_450, 1_900, 1_900)),
    "boat 0 % (overload-budget)",
  ],
  [
    "who does not follow goes, and no other is limited further for it",
    {},
    [...OVER, ...seconds(105, 112, l2(7_600, 1_900, 900)), ...seconds(112, 130, l2(5_700, 0, 900))],
    "boat 45 % (overload-budget), ferry 45 % (overload-budget), boat 0 % (overload-budget)",
  ],
  [
    "what comes free is shared like that too",
    {},
    [
      ...OVER,
      ...seconds(105, 150, l2(6_500, 900, 900)),
      ...seconds(150, 268, l2(5_700, 900, 900)),
      ...seconds(268, 283, l2(6_300, 1_500, 900)),
      ...seconds(283, 400, l2(6_900, 1_500, 1_500)),
    ],
    "boat 45 % (overload-budget), ferry 45 % (overload-budget), boat 75 % (restored), ferry 70 % (restored)",
  ],
];

describe("quotas", () => {
  for (const [sentence, site, moments, then] of table)
    it(sentence, () => assert.equal(told(boats(site), moments), then));
});
