// What gets worse by itself is told to people who do not look; the rest waits for the technician.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Finding } from "@gridwright/contract/doctor-words.ts";
import { renderAlarm } from "@gridwright/contract/render.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { doctorAlarms } from "./doctor-alarms.ts";

it("findings become alarms", () => {
  const rows: readonly (readonly [finding: Finding, then: string])[] = [
    [
      { check: "backup", severity: "warning", code: "backup-old", params: { ageMs: 5 * 86_400_000 } },
      "doctor/backup-old warning: the newest backup of this site is 120 h old",
    ],
    [
      { check: "certificate", severity: "critical", code: "certificate-ended", params: {} },
      "doctor/certificate-ended critical: a certificate of the site has ended: phones, devices or the database refuse it",
    ],
    [
      {
        check: "room",
        severity: "warning",
        code: "room-low",
        params: { freeBytes: 2_320_000_000, freeRatio: 0.083 },
      },
      "doctor/room-low warning: only 8 % of the disk with the data is free",
    ],
    [
      { check: "clock", severity: "critical", code: "clock-behind", params: { behindMs: 5 * 3_600_000 } },
      "doctor/clock-behind critical: the controller's clock is 5 h behind its own records: schedules and accounts go by it",
    ],
    [
      {
        check: "update",
        severity: "info",
        code: "update-available",
        params: { version: "1.6.0", file: "/m/u.gwu" },
      },
      "doctor/update-available info: version 1.6.0 is there to be installed",
    ],
    [{ check: "backup", severity: "info", code: "backup-none", params: {} }, ""],
    [{ check: "heat", severity: "warning", code: "heat-high", params: { tempC: 78 } }, ""],
    [{ check: "wear", severity: "ok", code: "wear-ok", params: { dayBytes: 7, years: 9 } }, ""],
  ];
  for (const [finding, then] of rows) {
    const said = doctorAlarms([finding], () => epoch(4_100)).map((alarm) => {
      assert.equal(alarm.raisedAt, 4_100);
      const text = renderAlarm({ event: "raised", alarm }, { language: "en", names: {} });
      return `${alarm.id} ${alarm.severity}: ${text}`;
    });
    assert.equal(said.join(), then, finding.code);
  }
});
