// What the form asks for, and the hours that it offers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hoursAhead, wantedBy } from "./ask-form.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 4, 12, 8, 42);

const filled = (fields: Readonly<Record<string, string>>): FormData => {
  const given = new FormData();
  for (const [name, value] of Object.entries({
    machine: "lathe",
    minutes: "35",
    from: "0",
    within: "6",
    ...fields,
  }))
    given.set(name, value);
  return given;
};

test("asking: done within a time counts from when it may begin", () => {
  assert.deepEqual(wantedBy(filled({ what: " legs " }), NOW), {
    ...{ machine: "lathe", minutes: 35, deadline: NOW + 6 * HOUR, interruptible: false, what: "legs" },
  });
  const from = NOW + 5 * HOUR;
  assert.deepEqual(wantedBy(filled({ from: String(from), interruptible: "on" }), NOW), {
    ...{ machine: "lathe", minutes: 35, earliest: from, deadline: from + 6 * HOUR, interruptible: true },
  });
});

test("asking: an hour that has passed since it was chosen is now", () => {
  const { earliest, deadline } = wantedBy(filled({ from: String(NOW - HOUR) }), NOW);
  assert.deepEqual([earliest, deadline], [undefined, NOW + 6 * HOUR]);
});

test("asking: every full hour of the next day, the same ones until the next hour begins", () => {
  const hours = hoursAhead(NOW);
  assert.deepEqual(
    [hours.length, hours[0], hours.at(-1)],
    [24, NOW + 18 * 60_000, NOW + 18 * 60_000 + 23 * HOUR],
  );
  assert.deepEqual(hoursAhead(NOW + 17 * 60_000), hours);
});
