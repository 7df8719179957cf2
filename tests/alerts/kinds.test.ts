// What people who do not look at the page must hear of, from what is so in plant and machine to the words that leave: each once, once
// that it is over, and one of each also where it flaps. Brain and doctor judge; nothing here is raised by hand.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { type AlertMemory, alertStep, counts } from "@gridwright/core/alerts/alert-step.ts";
import { doctorAlarms } from "@gridwright/core/alerts/doctor-alarms.ts";
import { clockFindings, roomFindings } from "@gridwright/core/doctor/machine-findings.ts";
import { updateFindings } from "@gridwright/core/doctor/site-findings.ts";
import { hamlet } from "@gridwright/core/fixtures/hamlet.ts";
import { s, T } from "@gridwright/core/fixtures/moments.ts";
import { CALM, type Given, type Moment, run } from "@gridwright/core/fixtures/scene.ts";
import { noticeOf } from "@gridwright/runtime/alerts/notice.ts";

const AT = epoch(1_790_000_000_000);
const MODEL = hamlet((site) => {
  const assets = site.assets as Record<string, Record<string, unknown>>;
  const points = { running: "genset-box/running", power: "genset-box/power" };
  Object.assign(site.devices, { "genset-box": { link: "bus", unit: 41, profile: "genset-box" } });
  return {
    ...site,
    assets: {
      ...assets,
      genset: { ...assets.genset, points, serviceEvery: "40 s" },
    },
  };
});
const CALM_WITH_SET: Given = { ...CALM, "genset-box/running": false, "genset-box/power": 0 };
const RUNS: Given = { ...CALM_WITH_SET, "genset-box/running": true, "genset-box/power": 5_300 };

/** What the brain raises after these moments, by the beginning of its id. */
const raisedBy = (begins: string, moments: readonly Moment[], given = CALM_WITH_SET): readonly Alarm[] =>
  run(MODEL, moments, { given })
    .last.conditions.filter(({ id }) => id.startsWith(begins))
    .map((condition) => ({ ...condition, raisedAt: AT }));
const found = (findings: Parameters<typeof doctorAlarms>[0]): readonly Alarm[] =>
  doctorAlarms(findings, () => AT);

const CLOCK = { wall: AT, newestRecord: AT - 7_000, isSynchronised: true, hasChip: false };
const UPDATE = { version: "1.4.0", to: "1.5.0", isOpen: false, available: undefined };
const care = (update: object) => ({
  isSimulated: false,
  isWired: true,
  isSigned: true,
  backup: undefined,
  backupFailed: undefined,
  update: { ...UPDATE, ...update },
});
const card = (freeBytes: number) => ({
  ...{ writtenBytes: 7e8, upMs: 9e7, sizeBytes: 31e9, usedRatio: undefined },
  ...{ freeBytes, totalBytes: 29e9, processes: {} },
});

type Row = readonly [
  sentence: string,
  /** Where it is so, and where it is not. */
  is: () => readonly Alarm[],
  isNot: () => readonly Alarm[],
  severity: string,
  en: readonly [raised: RegExp, over: RegExp],
  es: readonly [raised: RegExp, over: RegExp],
];
const ROWS: readonly Row[] = [
  [
    "a device that is lost",
    () =>
      raisedBy("device-lost/plug-fridge", [{ at: T, given: { "plug-fridge/power": null } }, { at: s(60) }]),
    () => raisedBy("device-lost/plug-fridge", [{ at: T }, { at: s(60) }]),
    "warning",
    [/^Plug-fridge has not answered for/, /^Plug-fridge answers again/],
    [/^Plug-fridge no responde/, /^Plug-fridge vuelve a responder/],
  ],
  [
    "a battery that nears what is needed most",
    () => raisedBy("battery-low", [{ at: T, given: { "battery/soc": 0.14 } }]),
    () => raisedBy("battery-low", [{ at: T }]),
    "critical",
    [/^The battery is at 14 %; the most needed loads are at risk/, /battery/],
    [/14 %/, /batería/],
  ],
  [
    "a set whose service is due",
    () => raisedBy("generator-service", [{ at: T }, { at: s(45) }], RUNS),
    () => raisedBy("generator-service", [{ at: T }, { at: s(45) }]),
    "warning",
    [/has run for .* since its last service; it is due/, /^The service of .* was done/],
    [/desde su última revisión/, /ya está revisado/],
  ],
  [
    "a disk that fills up",
    () => found(roomFindings(card(2.3e9))),
    () => found(roomFindings(card(19e9))),
    "warning",
    [/^Only 8 % of the disk/, /^There is room again/],
    [/^Solo queda libre el 8 %/, /^Vuelve a haber sitio/],
  ],
  [
    "a clock that was never set",
    () => found(clockFindings({ ...CLOCK, wall: 7_000_000 })),
    () => found(clockFindings(CLOCK)),
    "critical",
    [/^The controller's clock was never set/, /^The controller's clock is set/],
    [/^El reloj del controlador nunca/, /^El reloj del controlador está en hora/],
  ],
  [
    "a clock behind its own records",
    () => found(clockFindings({ ...CLOCK, newestRecord: AT + 7_200_000 })),
    () => found(clockFindings(CLOCK)),
    "critical",
    [/^The controller's clock is 2 h behind/, /^The controller's clock is right again/],
    [/va 2 h por detrás/, /vuelve a ir bien/],
  ],
  [
    "an update that was taken back",
    () => found(updateFindings(care({ failed: "no page" }))),
    () => found(updateFindings(care({}))),
    "warning",
    [/^The update to version 1\.5\.0 was taken back: no page/, /settled/],
    [/1\.5\.0/, /./],
  ],
  [
    "an update that is there",
    () => found(updateFindings(care({ available: { version: "1.6.0", file: "/m/u.gwu" } }))),
    () => found(updateFindings(care({}))),
    "info",
    [/^Version 1\.6\.0 is there to be installed/, /^No newer version waits/],
    [/^La versión 1\.6\.0 está lista/, /^Ya no espera/],
  ],
];

/** Second by second; what was told, in words. */
function told(
  alarms: readonly Alarm[],
  seconds: readonly boolean[],
  language: "en" | "es",
): readonly string[] {
  let memory: AlertMemory = new Map();
  return seconds.flatMap((isOpen, second) => {
    const step = alertStep(memory, { open: isOpen ? alarms : [], now: second * 1_000, passedMs: 1_000 });
    memory = step.memory;
    return step.alerts.map((alert) => noticeOf(MODEL, alert, language).text);
  });
}
const lasting = Array.from({ length: 300 }, (_, second) => second < 90);
const flapping = Array.from({ length: 600 }, (_, second) => second < 400 && second % 8 < 2);

describe("people hear once, and once that it is over, of", () => {
  for (const [sentence, is, isNot, severity, en, es] of ROWS)
    it(sentence, () => {
      const alarms = is();
      assert.deepEqual([alarms.map((alarm) => alarm.severity), isNot()], [[severity], []]);
      for (const [language, words] of [
        ["en", en],
        ["es", es],
      ] as const)
        for (const course of [lasting, flapping]) {
          const said = told(alarms, course, language);
          assert.equal(said.length, 2, said.join(" | "));
          for (const [place, right] of words.entries()) assert.match(said[place] ?? "", right);
        }
    });
  it("all but what can wait, where a way names no «least» of its own", () => {
    const mild = ROWS.flatMap(([sentence, is]) =>
      is().every((alarm) => counts(alarm, MODEL.site.alerts.least)) ? [] : [sentence],
    );
    assert.deepEqual(mild, ["an update that is there"]);
  });
});
