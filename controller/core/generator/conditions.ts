// What people must know of a set: that it did not start, that it is wanted but not in Auto, that fuel is low, that a
// service is due.
import type { Condition } from "../step.ts";
import { reason, type Tick } from "../tick.ts";
import type { Cause, Generator } from "./causes.ts";
import { fuelOf, inAuto } from "./feedback.ts";
import type { SetRecord } from "./record.ts";

/** Fuel is told in steps of this size. */
const FUEL_STEP = 0.05;

export function setConditions(
  { state }: Tick,
  node: Generator,
  { record, cause }: { readonly record: SetRecord; readonly cause: Cause | undefined },
): readonly Condition[] {
  const { id, spec } = node;
  const { phase, faulted, tries } = record.state;
  const found: Condition[] = [];
  const tell = (what: string, severity: Condition["severity"], why: Condition["reason"]): void => {
    found.push({ id: `generator-${what}/${id}`, severity, reason: why });
  };
  if (phase === "failed" && faulted)
    tell("fault", "critical", reason("alarm-generator-fault", { source: id }));
  if (phase === "failed" && !faulted)
    tell("failed", "critical", reason("alarm-generator-failed", { source: id, count: tries }));
  if (cause !== undefined && inAuto(state, node) === false)
    tell("auto", "warning", reason("alarm-generator-auto", { source: id }));
  const fuel = fuelOf(state, node);
  if (fuel !== undefined && fuel < spec.fuelLow)
    tell(
      "fuel",
      "warning",
      reason("alarm-generator-fuel", { source: id, levelRatio: Math.floor(fuel / FUEL_STEP) * FUEL_STEP }),
    );
  const runMs = record.service.runMs - record.service.servicedMs;
  if (spec.serviceEvery !== undefined && runMs >= spec.serviceEvery)
    tell("service", "warning", reason("alarm-generator-service", { source: id, runMs }));
  return found;
}
