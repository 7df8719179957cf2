// What the queue tells the journal: of which jobs, with which totals, and how near each care is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Job, JobState } from "@gridwright/contract/jobs.ts";
import { minutes } from "@gridwright/contract/units.ts";
import { unused } from "./machine.ts";
import { askJob, emptyQueue, type Queue } from "./queue.ts";
import { endsOf, useOf, withEnds, withoutUntold } from "./told.ts";
import { at, NOW, yard } from "./workshop-fixture.ts";

const MODEL = yard();

function queueWith(machines: Queue["machines"] = { kiln: unused(NOW) }): Queue {
  const wish = { machine: "kiln", minutes: 50, interruptible: false, member: "ash" };
  const asked = askJob({ ...emptyQueue, machines }, wish, {
    model: MODEL,
    now: NOW,
    plan: undefined,
    trainings: [],
  });
  assert.ok(asked.ok);
  return asked.queue;
}
const changed = (queue: Queue, fields: Partial<Job>): Queue => ({
  ...queue,
  jobs: queue.jobs.map((job) => ({ ...job, ...fields })),
});

describe("a job's end is told", () => {
  const RAN = { ranFrom: at(2), endedAt: at(3), workedMs: minutes(48), energyWh: 1_340, sunWh: 870 };
  //  case, from, to, what it came to, how it is told
  const CASES: readonly (readonly [string, JobState, JobState, Partial<Job>, readonly string[]])[] = [
    ["when it is done", "running", "done", RAN, ["done 1340 870 2880000 ash"]],
    ["when it was left", "running", "unfinished", RAN, ["unfinished 1340 870 2880000 ash"]],
    ["when it was ended while it ran", "running", "cancelled", RAN, ["cancelled 1340 870 2880000 ash"]],
    ["when nobody came", "started", "never-started", { endedAt: at(3) }, ["never-started 0 null 0 ash"]],
    ["not when it was given up before its time", "promised", "cancelled", { endedAt: at(1) }, []],
    ["not while it runs", "started", "running", { ranFrom: at(2) }, []],
    ["and not again", "done", "done", RAN, []],
  ];
  for (const [sentence, from, to, fields, then] of CASES)
    it(sentence, () => {
      const before = changed(queueWith(), { state: from });
      const after = withEnds(before, changed(before, { state: to, ...fields }));
      const told = endsOf(after, MODEL).map(({ job }) =>
        [job?.outcome, job?.energyWh, job?.sunWh, job?.workedMs, job?.member]
          .join(" ")
          .replace("  ", " null "),
      );
      assert.deepEqual(told, then);
      assert.deepEqual(endsOf(withoutUntold(after, "job-1"), MODEL), []);
    });
});

describe("a machine's care as a share", () => {
  // The kiln's coils: after 3 h or 7 starts.
  //  case, hours, starts, at the last care, left
  const CASES: readonly (readonly [string, number, number, readonly [number, number], number])[] = [
    ["is what is due first: hours", 2.4, 3, [0, 0], 0.2],
    ["is what is due first: starts", 0.6, 5, [0, 0], 2 / 7],
    ["begins anew with each care", 5.4, 22, [4.2, 20], 0.6],
    ["falls below nothing when it is overdue", 3.9, 2, [0, 0], -0.3],
  ];
  for (const [sentence, hours, starts, [caredHours, caredStarts], left] of CASES)
    it(sentence, () => {
      const cared = { coils: { runMs: minutes(caredHours * 60), starts: caredStarts } };
      const use = { ...unused(NOW), runMs: minutes(hours * 60), starts, cared };
      const told = useOf(queueWith({ kiln: use }), MODEL, "kiln");
      assert.deepEqual([told?.runMs, told?.starts], [minutes(hours * 60), starts]);
      assert.ok(Math.abs((told?.care[0]?.left ?? 9) - left) < 1e-9, JSON.stringify(told?.care));
    });
});
