// Which of the site's processes run, each by its unit's name: what is wrong with one is looked for in that one's log. Pure.
import type { Finding } from "@gridwright/contract/doctor-words.ts";
import type { UnitFact } from "./facts.ts";
import { finding } from "./machine-findings.ts";

function unitFinding({ name, isUnit, isControl, state, restarts: times }: UnitFact): readonly Finding[] {
  const severity = isControl ? "critical" : "warning";
  switch (state) {
    case "up":
      return times === 0 ? [] : [finding("units", "info", ["unit-restarted", { unit: name, times }])];
    case "starting":
      return [finding("units", "info", ["unit-starting", { unit: name }])];
    case "again":
      return [finding("units", severity, ["unit-again", { unit: name, times }])];
    case "waits":
      return [finding("units", severity, ["unit-waits", { unit: name }])];
    case "down":
      return [
        finding(
          "units",
          severity,
          isUnit ? ["unit-down", { unit: name }] : ["process-down", { process: name }],
        ),
      ];
    default:
      return state satisfies never;
  }
}

export function unitFindings(units: readonly UnitFact[] | undefined): readonly Finding[] {
  if (units === undefined) return [finding("units", "unknown", ["units-unknown"])];
  // Of what nobody started nothing is wrong.
  if (units.every(({ isUnit, state }) => !isUnit && state === "down"))
    return [finding("units", "unknown", ["units-none"])];
  const found = units.flatMap(unitFinding);
  if (found.some(({ severity }) => severity !== "info")) return found;
  const names = units.filter(({ state }) => state === "up").map(({ name }) => name);
  return [...found, finding("units", "ok", ["units-ok", { units: names.join(", ") }])];
}
