// Line protocol: what stands in a line is exactly one point, whatever the names are.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { gardenModel } from "../garden.ts";
import { line, linesOf } from "./lines.ts";

describe("a line", () => {
  //  case, given, then
  const CASES: [string, string, string][] = [
    [
      "has tags, fields and a time in ms",
      line("power", { asset: "house-4", phase: "L2" }, { fields: { value: 231.5 }, t: 1_700_000_000_123 }),
      "power,asset=house-4,phase=L2 value=231.5 1700000000123",
    ],
    [
      "leaves out tags without a value",
      line("soc", { asset: "battery", phase: undefined, kind: "" }, { fields: { value: 0.37 }, t: 17 }),
      "soc,asset=battery value=0.37 17",
    ],
    [
      "escapes what separates",
      line("a b", { "k,1": "x=y z" }, { fields: { value: 2 }, t: 17 }),
      "a\\ b,k\\,1=x\\=y\\ z value=2 17",
    ],
    [
      "escapes quotes and backslashes in text",
      line("decision", {}, { fields: { text: 'say "hi" \\ bye' }, t: 17 }),
      'decision text="say \\"hi\\" \\\\ bye" 17',
    ],
    [
      "cannot be broken by a line end",
      line("m", { a: "x\ny" }, { fields: { text: "p\r\nq" }, t: 17 }),
      'm,a=x\\ y text="p q" 17',
    ],
    [
      "does not end a tag in a backslash",
      line("m", { a: "x\\" }, { fields: { value: 3 }, t: 17 }),
      "m,a=x value=3 17",
    ],
  ];
  for (const [name, given, then] of CASES) test(name, () => assert.equal(given, then));
});

describe("the lines of a batch", () => {
  const model = gardenModel();
  const [house, feeder, voltage, pump] = model.channels;
  const decision: Decision = {
    asset: "pump",
    set: { kind: "switch", on: false },
    rule: "requests",
    reason: { code: "requested-off", params: { issuer: "ana", why: "noise, at night" } },
    until: { code: "until-turned", params: {} },
    inputs: [],
    considered: [],
    at: epoch(23),
  };
  const batch = {
    samples: [
      ...(house ? [{ channel: house, t: 17, value: 480 }] : []),
      ...(feeder ? [{ channel: feeder, t: 17, value: 480 }] : []),
      ...(voltage ? [{ channel: voltage, t: 18, value: 229.5 }] : []),
      ...(pump ? [{ channel: pump, t: 19, value: null }] : []),
    ],
    decisions: [{ t: 23, decision }],
    alarms: [
      {
        t: 29,
        open: true,
        alarm: {
          ...{ id: "device-lost/pump-meter", severity: "warning" as const, raisedAt: epoch(29) },
          reason: { code: "alarm-grid-lost" as const, params: {} },
        },
      },
    ],
    repeats: pump ? [{ channel: pump, t: 31, value: 0.5 }] : [],
    workshop: [
      { name: "care_left" as const, tags: { asset: "saw", care: "change the blade" }, t: 37, value: -0.25 },
      {
        ...{ name: "job_energy" as const, tags: { asset: "saw", member: "ana", outcome: "done" } },
        ...{ t: 41, value: 730, text: "job-8" },
      },
    ],
    until: 23,
  };
  const VALUES = [
    "power,asset=house,kind=meter,member=ana,site=garden value=480 17",
    "power,asset=feeder,kind=feeder,site=garden value=480 17",
    "voltage,asset=house,kind=meter,member=ana,phase=L2,site=garden value=229.5 18",
    "switch,asset=pump,kind=load,site=garden,tier=3 value=0.5 31",
    "care_left,asset=saw,care=change\\ the\\ blade,site=garden value=-0.25 37",
    "job_energy,asset=saw,member=ana,outcome=done,site=garden value=730 41",
  ];
  test("name asset, kind, member, phase, site and tier; a gap is no line", () =>
    assert.deepEqual(linesOf(model, batch, false), VALUES));
  test("carry decisions and alarms in words where the database keeps text", () =>
    assert.deepEqual(linesOf(model, batch, true), [
      ...VALUES.slice(0, -3),
      "switch,asset=pump,kind=load,site=garden,tier=3 value=0.5,again=1 31",
      ...VALUES.slice(-2, -1),
      'job_energy,asset=saw,member=ana,outcome=done,site=garden text="job-8",value=730 41',
      'decision,asset=pump,rule=requests,site=garden text="ana asked to switch it off: noise, at night",value=0 23',
      'alarm,alarm=device-lost,severity=warning,site=garden,subject=pump-meter text="the public grid is gone",value=1 29',
    ]));
});
