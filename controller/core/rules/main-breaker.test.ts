import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stale } from "@gridwright/contract/reading.ts";
import { mono } from "@gridwright/contract/units.ts";
import { hamlet } from "../fixtures/hamlet.ts";
import { every, main, s } from "../fixtures/moments.ts";
import { CLOUDY, flows, quay } from "../fixtures/quay.ts";
import { CALM, flow, type Given, type Moment, run, settledMemory, story } from "../fixtures/scene.ts";

type Plain = Parameters<NonNullable<Parameters<typeof hamlet>[0]>>[0];
/** 17 A are 3910 VA of each phase; the line's meter tells all phases together. */
const fused = (site: Plain) => ({
  ...site,
  assets: { ...site.assets, grid: { ...site.assets.grid, breaker: "17 A" } },
});
const imports = (watts: number): Given => ({ "grid/grid_present": true, "grid/grid_power": watts });
const SPARED: Given = {
  "plug-heater-a/power": 6,
  "plug-heater-b/power": 8,
  ...main(1_900, 1_700, 1_600),
  ...flow("inverter", [1_900, 1_700, 1_600]),
};

const SHEDS_AT = 150;
const SHED = "heater-b off (breaker-overload), heater-c off (breaker-overload), saw off (breaker-overload)";

/** Import that passes it until something goes, then less of it. */
const passing = (until: number, thenW: number): readonly Moment[] =>
  every(10, until, imports(15_900)).map((moment) =>
    moment.at <= s(SHEDS_AT) ? moment : { ...moment, given: { ...SPARED, ...imports(thenW) } },
  );

//  case                                                         given                                      then
const TABLE: readonly (readonly [string, readonly Moment[], string])[] = [
  [
    "import that would trip the main breaker sheds what is needed least, phase by phase",
    passing(400, 10_900),
    SHED,
  ],
  [
    "tiers 0 and 1 stay on whatever it carries: behind a tripped breaker the inverter goes on",
    every(10, 900, imports(15_900)),
    `${SHED}, heater-a off (breaker-overload), lathe off (breaker-overload), pump off (breaker-overload), sockets off (breaker-overload)`,
  ],
  ["import within it sheds nothing", every(10, 900, imports(11_600)), ""],
  [
    "what an AC input keeps to that the breaker holds sheds nobody, whatever a meter says",
    every(10, 400, { ...imports(15_900), "inverter/input_current_limit": 17 }),
    "",
  ],
  [
    "one that is set higher does not keep it",
    every(10, 400, { ...imports(15_900), "inverter/input_current_limit": 18 }),
    `${SHED}, heater-a off (breaker-overload), lathe off (breaker-overload), pump off (breaker-overload), sockets off (breaker-overload)`,
  ],
  [
    "nor does one before an empty battery, which passes through what is taken",
    every(10, 400, {
      ...imports(15_900),
      ...{
        "inverter/input_current_limit": 17,
        "battery/discharge_allowed": false,
      },
    }),
    `${SHED}, heater-a off (breaker-overload), lathe off (breaker-overload), pump off (breaker-overload), sockets off (breaker-overload)`,
  ],
  ["a short rush is what a breaker bears", every(10, 60, imports(15_900)), ""],
  ["export is relieved by nobody's supply", every(10, 900, imports(-15_900)), ""],
  ["what it shed waits while import leaves no room for it", passing(1_500, 7_400), SHED],
  [
    "what it shed comes back when import leaves room",
    passing(900, 2_300),
    `${SHED}, heater-b on (restored), heater-c on (restored)`,
  ],
];

function becomes(moments: readonly Moment[]): string {
  const model = hamlet(fused);
  const given: Given = { ...CALM, ...imports(4_300) };
  const { decisions } = run(model, moments, { given, memory: settledMemory(model, given) });
  return story(decisions.filter(({ asset }) => asset !== "genset"));
}

describe("the main breaker", () => {
  for (const [name, moments, then] of TABLE) it(name, () => assert.equal(becomes(moments), then));
});

/** The quay on its line alone, whose meter says nothing; that of the harbour below it shows 1,700 W on L2. */
function blindLine() {
  const model = quay(({ assets: { inverter: _, harbour, grid, ...assets }, ...site }) => ({
    ...site,
    assets: {
      ...assets,
      grid: { ...grid, breaker: "5 A" },
      harbour: { ...harbour, parent: "grid" },
    },
  }));
  const silent = Object.entries(flows([420, 510, 330]))
    .filter(([point]) => point.startsWith("line/"))
    .map(([point, value]): [string, ReturnType<typeof stale<number>>] => [
      point,
      stale(Number(value), mono(0)),
    ]);
  const given: Given = { ...CLOUDY, ...Object.fromEntries(silent) };
  return run(model, every(10, 900, given), { given, memory: settledMemory(model, CLOUDY) });
}

it("where the line's meter is silent a decision names what it was reckoned from", () => {
  const cut = blindLine().decisions.find(({ reason: { code } }) => code === "breaker-overload");
  const fresh = cut?.inputs.filter(({ quality }) => quality === "fresh").map(({ point }) => point);
  assert.deepEqual(fresh, ["harbour/voltage_l2", "harbour/current_l2", "harbour/power_l2"]);
});
