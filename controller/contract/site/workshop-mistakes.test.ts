import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Site } from "./site.ts";
import { workshopMistakes } from "./workshop-mistakes.ts";

const site = (press: object): Site =>
  Site.parse({
    gridwright: 1,
    site: { id: "yard", name: "Yard" },
    links: {},
    devices: {},
    members: { ivy: { name: "Ivy" } },
    assets: {
      fan: { kind: "machine", name: "Fan", tier: 3, rating: "700 VA" },
      lamp: { kind: "load", name: "Lamp", tier: 1, rating: "60 VA" },
      press: { kind: "machine", name: "Press", tier: 3, rating: "2.2 kVA", ...press },
    },
  });

const rows: readonly [sentence: string, press: object, told: readonly string[]][] = [
  [
    "a machine with hours, partner, care and a permit that ends by itself",
    {
      ...{ runs: "permit", switch: "relays/relay_4", onSilence: "finish", with: ["fan"] },
      opens: [{ days: ["mon", "sat"], from: "08:30", to: "00:00" }],
      maintenance: [{ name: "belt", hours: "300 h" }],
    },
    [],
  ],
  [
    "hours that end when they begin",
    { attended: [{ from: "07:15", to: "07:15" }] },
    ["attended.0.to: ends when it begins; leave the line away where it is always open"],
  ],
  [
    "partners that are itself, no machine, or not there",
    { with: ["press", "lamp", "fam"] },
    [
      "with.0: a machine does not run with itself",
      'with.1: "lamp" is no machine; there are: fan',
      'with.2: "fam" is no machine; there are: fan',
    ],
  ],
  [
    "users who must be trained, by people that are there, at a machine that waits for its permit",
    {
      ...{
        runs: "permit",
        switch: "relays/relay_4",
        onSilence: "off",
        training: "200 d",
        supervisors: ["ivy"],
      },
      present: [{ who: "buddy", hours: [{ from: "21:00", to: "07:00" }] }],
    },
    [],
  ],
  [
    "users who must be trained and not alone, where nothing keeps others from it",
    { training: "200 d", present: [{ who: "supervisor" }], supervisors: ["ivy", "oak"] },
    [
      'supervisors.1: no member "oak"; there are: ivy',
      "training: needs runs: permit: otherwise it has supply for everybody",
      "present: needs runs: permit: otherwise it has supply for everybody",
    ],
  ],
  [
    "care without a figure",
    { maintenance: [{ name: "oil" }] },
    ["maintenance.0: say after how many hours or starts"],
  ],
  [
    "a permit that nothing can give",
    { runs: "permit" },
    ["runs: permit needs a switch: without one a machine always has supply"],
  ],
  [
    "a permit that comes by itself",
    { runs: "permit", switch: "relays/relay_4", onSilence: "on" },
    ["onSilence: must be off, finish or hold: with on it would start when nobody commands"],
  ],
];

describe("mistakes of machines", () => {
  for (const [sentence, press, told] of rows)
    it(sentence, () =>
      assert.deepEqual(
        workshopMistakes(site(press)).map(({ path, message }) => `${path.slice(2).join(".")}: ${message}`),
        told,
      ),
    );
  it("a permit is for machines", () => {
    const { assets, ...rest } = site({});
    const changed = { ...assets, lamp: { ...assets.lamp, runs: "permit" } } as Site["assets"];
    assert.deepEqual(
      workshopMistakes({ ...rest, assets: changed }).map(({ message }) => message),
      ["permit is for machines"],
    );
  });
});
