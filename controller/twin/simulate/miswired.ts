// What a meter says that was connected wrongly, and where that can be. Such a meter answers in time and says what could be
// true: only other meters contradict it. The plant itself stays true.

import { PHASES, type PhaseName, parsePointName, phasePoint } from "@gridwright/contract/points.ts";
import type { Sample } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { FLOWS, turnedName } from "@gridwright/contract/site/reversed.ts";

/** Sources of what flows through an asset, by device. */
const flowsOf = ({ assets }: SiteModel): readonly string[] =>
  Object.values(assets).flatMap(({ points }) =>
    Object.entries(points).flatMap(([point, source]) =>
      FLOWS.has(parsePointName(point)?.base ?? "clock") ? [source.split("/")[0] ?? ""] : [],
    ),
  );

/** Meters alone: what is switched, charged or throttled comes with its wires. */
export const metersOf = (model: SiteModel): readonly string[] => {
  const acts = new Set(Object.values(model.assets).flatMap(({ actuator }) => actuator?.device ?? []));
  return [...new Set(flowsOf(model))].filter((device) => !acts.has(device));
};

/** A meter of the same make, whose address it may have been given; undefined: there is none. */
export function twinOf({ devices }: SiteModel, id: string): string | undefined {
  const alike = Object.keys(devices).filter(
    (one) => devices[one]?.spec.profile === devices[id]?.spec.profile,
  );
  const other = alike[(alike.indexOf(id) + 1) % Math.max(1, alike.length)];
  return other === id ? undefined : other;
}

/** Currents of a clamp that was turned round: what flows in flows out, and the counters change places. */
function turned(truth: readonly Sample[]): readonly Sample[] {
  return truth.map((sample): Sample => {
    const { point } = sample;
    const base = parsePointName(point)?.base;
    const other = turnedName(point);
    if (other !== point) return { ...(truth.find((one) => one.point === other) ?? sample), point };
    if (base === undefined || !FLOWS.has(base) || !("value" in sample)) return sample;
    return typeof sample.value === "number" ? { point, value: -sample.value } : sample;
  });
}

const SHIFTED: ReadonlySet<string> = new Set(["power", "current", "apparent_power", "reactive_power"]);
const after = (phase: PhaseName): PhaseName => PHASES[(PHASES.indexOf(phase) + 1) % PHASES.length] ?? phase;

/** Clamps each on the next phase; voltages stay where they are. */
function shifted(truth: readonly Sample[]): readonly Sample[] {
  return truth.map((sample): Sample => {
    const parsed = parsePointName(sample.point);
    if (parsed?.phase === undefined || !SHIFTED.has(parsed.base)) return sample;
    const from = phasePoint(parsed.base, after(parsed.phase));
    return { ...(truth.find(({ point }) => point === from) ?? sample), point: sample.point };
  });
}

export const MISWIRED = { backwards: turned, "phase-swapped": shifted } as const;
