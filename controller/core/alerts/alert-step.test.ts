// One alert for what lasts, one when it is over, and no storm.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Alarm, Severity } from "@gridwright/contract/alarms.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { type AlertMemory, alertStep, counts } from "./alert-step.ts";

const alarm = (severity: Severity, id = "device-lost/pump-meter"): Alarm => ({
  ...{ id, severity, raisedAt: epoch(1_700_000_000_000) },
  reason: { code: "alarm-device-lost", params: { device: "pump-meter", sinceMs: 12_000, why: "no answer" } },
});

/** Second by second: `2o30-` is open for 2 s, away for 30; what was told, with its second. */
function told(course: string, severity: Severity = "warning"): string {
  const seconds = [...course.matchAll(/(\d+)([o-])/g)].flatMap(([, count, what]) =>
    Array.from({ length: Number(count) }, () => what === "o"),
  );
  let memory: AlertMemory = new Map();
  const said: string[] = [];
  for (const [second, isOpen] of seconds.entries()) {
    const moment = { open: isOpen ? [alarm(severity)] : [], now: 7_000 + second * 1_000, passedMs: 1_000 };
    const step = alertStep(memory, moment);
    memory = step.memory;
    said.push(...step.alerts.map(({ event }) => `${event} ${second}`));
  }
  return said.join(", ");
}

describe("an alarm becomes an alert", () => {
  const table: readonly (readonly [sentence: string, course: string, severity: Severity, then: string])[] = [
    ["when it lasts", "3-90o", "warning", "raised 23"],
    ["sooner when it is critical", "3-90o", "critical", "raised 8"],
    ["not when it is gone at once", "3-9o300-", "warning", ""],
    ["once over when it stays away", "3-40o200-", "warning", "raised 23, over 163"],
    ["not over while it may come back", "3-40o100-40o200-", "warning", "raised 23, over 303"],
    ["after several short ones", `${"8o40-".repeat(2)}8o900-`, "warning", "raised 96, over 224"],
    ["one, and one over, for fifty times", `${"2o6-".repeat(50)}300-`, "warning", "raised 16, over 514"],
    ["again when it comes after it was over", "30o200-30o", "warning", "raised 20, over 150, raised 250"],
  ];
  for (const [sentence, course, severity, then] of table)
    it(sentence, () => assert.equal(told(course, severity), then));
  it("two alarms do not wait for each other", () => {
    const open = [alarm("critical"), alarm("critical", "grid-lost/line")];
    let memory: AlertMemory = new Map();
    const ids: string[] = [];
    for (let second = 0; second < 9; second += 1) {
      const step = alertStep(memory, {
        open: second < 2 ? open.slice(1) : open,
        now: second * 1_000,
        passedMs: 1_000,
      });
      memory = step.memory;
      ids.push(...step.alerts.map(({ alarm: { id } }) => `${id} ${second}`));
    }
    assert.deepEqual(ids, ["grid-lost/line 5", "device-lost/pump-meter 7"]);
  });
  it("milder ones than the site wants stay on the page", () =>
    assert.deepEqual(
      (["info", "warning", "critical"] as const).map((severity) => counts(alarm(severity), "warning")),
      [false, true, true],
    ));
});
