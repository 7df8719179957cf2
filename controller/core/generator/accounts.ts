// What is counted of a set: running time, starts and services, its last long run, and since when the loads are above
// what starts it. Counts only; what follows from them is said elsewhere.
import { elapsed, hours, minutes } from "@gridwright/contract/units.ts";
import { firmLoadW } from "../room.ts";
import type { Tick } from "../tick.ts";
import type { Generator } from "./causes.ts";
import { engineRuns } from "./feedback.ts";
import { isCalled } from "./machine.ts";
import type { SetRecord } from "./record.ts";

/** A controller that was away longer does not know whether the set ran. */
const STEP_MAX = minutes(1);
/** A set without a test run has one in mind of this length: what ran so long, works. */
const LONG_RUN = hours(0.25);

/** Load of the inverters as a share of their rating, whoever carries it; undefined: there is no inverter. */
function loadShare(tick: Tick): number | undefined {
  const rating = tick.layout.inverters.reduce((sum, { spec }) => sum + spec.rating, 0);
  return rating > 0 ? firmLoadW(tick) / rating : undefined;
}

/** Whether much load starts it: above one share for so long, and until below another for as long. */
export function loadSeen(tick: Tick, { spec }: Generator, before: SetRecord["load"]): SetRecord["load"] {
  const share = loadShare(tick);
  if (spec.loadStart === undefined || share === undefined) return before;
  const { above, below, for: least } = spec.loadStart;
  const turns = before.active ? share < below : share > above;
  if (!turns) return { ...before, at: null };
  const { now } = tick.state;
  const at = before.at ?? now;
  return elapsed(at, now) >= least ? { active: !before.active, at: null } : { ...before, at };
}

/** Its running time and starts after this tick; a technician who acknowledges that service is due has done it. */
export function counted(tick: Tick, node: Generator, record: SetRecord): SetRecord {
  const { now, wall } = tick.state;
  const before = tick.memory.generators[node.id]?.state;
  const { service, state } = record;
  const runs = engineRuns(tick.state, node) ?? isCalled(state);
  const ran = runs ? Math.min(STEP_MAX, elapsed(service.at, now)) : 0;
  const starts = state.phase === "warming" && before?.phase !== "warming" ? 1 : 0;
  const runMs = service.runMs + ran;
  const done = tick.requests.some(
    ({ body, role }) =>
      body.kind === "acknowledge" &&
      body.alarm === `generator-service/${node.id}` &&
      (role === "technician" || role === "admin"),
  );
  const long =
    state.startedAt !== null && elapsed(state.startedAt, now) >= (node.spec.testRun?.for ?? LONG_RUN);
  return {
    ...record,
    service: {
      runMs,
      starts: service.starts + starts,
      servicedMs: done ? runMs : service.servicedMs,
      at: now,
    },
    ranWall: long && runs ? wall : record.ranWall,
  };
}
