// What a schema cannot see in a planning case: lengths that differ, ids twice, windows too short for their job, limits
// that contradict each other. Every mistake at once, each with its path and what would be right.

import type { Mistake } from "../site/model.ts";
import type { PlanCase } from "./case.ts";
import { storeMistakes } from "./store-mistakes.ts";

type Path = Mistake["path"];
const at = (path: Path, message: string): Mistake => ({ path, message });

function lengths(plan: PlanCase): Mistake[] {
  const arrays: [Path, readonly unknown[] | undefined][] = [
    ...Object.entries(plan.grid ?? {}).map(([key, values]): [Path, typeof values] => [["grid", key], values]),
    ...plan.pv.map(({ powerW }, index): [Path, number[]] => [["pv", index, "powerW"], powerW]),
    ...plan.loads.map(({ powerW }, index): [Path, number[]] => [["loads", index, "powerW"], powerW]),
    ...(plan.machines ?? []).map(({ open }, index): [Path, number[]] => [["machines", index, "open"], open]),
    [["siteMaxW"], Array.isArray(plan.siteMaxW) ? plan.siteMaxW : undefined],
  ];
  return arrays.flatMap(([path, values]) =>
    values === undefined || values.length === plan.steps
      ? []
      : [at(path, `has ${values.length} values; the case has ${plan.steps} steps, one value each`)],
  );
}

function twice(plan: PlanCase): Mistake[] {
  const parts = [
    "pv",
    "batteries",
    "generators",
    "loads",
    "vehicles",
    "heaters",
    "jobs",
    "machines",
  ] as const;
  return parts.flatMap((part) =>
    (plan[part] ?? []).flatMap(({ id }, index, all) =>
      all.findIndex((other) => other.id === id) < index
        ? [at([part, index, "id"], `"${id}" is there twice; ids of one kind differ`)]
        : [],
    ),
  );
}

function batteries({ batteries }: PlanCase): Mistake[] {
  return batteries.flatMap(({ socMin, socMax, socInitial, socFinalMin }, index) => {
    const mistakes: Mistake[] = [];
    const say = (key: string, message: string): void =>
      void mistakes.push(at(["batteries", index, key], message));
    if (socMin > socMax) say("socMin", `${socMin} is above socMax ${socMax}: no charge is allowed`);
    if (socInitial > socMax) say("socInitial", `${socInitial} is above socMax ${socMax}`);
    if (socFinalMin !== null && socFinalMin > socMax)
      say("socFinalMin", `${socFinalMin} is above socMax ${socMax}: it can never be reached`);
    return mistakes;
  });
}

function generators({ generators }: PlanCase): Mistake[] {
  return generators.flatMap(({ powerMinW, powerMaxW }, index) =>
    powerMinW > powerMaxW
      ? [at(["generators", index, "powerMinW"], `${powerMinW} W is above powerMaxW ${powerMaxW} W`)]
      : [],
  );
}

/** Steps in a row (or single ones) in which the machine may run within the job's window. */
function fits(plan: PlanCase, job: PlanCase["jobs"][number]): boolean {
  const open = plan.machines?.find(({ id }) => id === job.machine)?.open;
  const end = Math.min(job.latestEndStep ?? plan.steps, plan.steps);
  let row = 0;
  for (let step = job.earliestStep; step < end; step += 1) {
    const may = open === undefined || open[step] === 1;
    row = may ? row + 1 : job.interruptible ? row : 0;
    if (row >= job.powerW.length) return true;
  }
  return false;
}

function jobs(plan: PlanCase): Mistake[] {
  const names = plan.machines?.map(({ id }) => id);
  return plan.jobs.flatMap((job, index) => {
    const { machine, earliestStep, latestEndStep = plan.steps, powerW } = job;
    const say = (key: string, message: string): Mistake => at(["jobs", index, key], message);
    if (names !== undefined && !names.includes(machine))
      return [
        say("machine", `"${machine}" is none of the machines; there are: ${names.join(", ") || "none"}`),
      ];
    if (latestEndStep > plan.steps)
      return [say("latestEndStep", `${latestEndStep} is after the case's ${plan.steps} steps`)];
    if (latestEndStep <= earliestStep)
      return [say("latestEndStep", `${latestEndStep} is not after earliestStep ${earliestStep}`)];
    if (latestEndStep - earliestStep < powerW.length)
      return [say("powerW", `takes ${powerW.length} steps; its window has ${latestEndStep - earliestStep}`)];
    return fits(plan, job)
      ? []
      : [say("machine", `"${machine}" is not open long enough in the job's window`)];
  });
}

function scored({ scoreSteps, steps }: PlanCase): Mistake[] {
  if (scoreSteps === undefined || (scoreSteps[0] < scoreSteps[1] && scoreSteps[1] <= steps)) return [];
  return [at(["scoreSteps"], `[${scoreSteps.join(", ")}] must be [from, to) within 0 … ${steps}`)];
}

/** All mistakes of a case that its schema accepts; none when it can be planned. */
export const caseMistakes = (plan: PlanCase): readonly Mistake[] => [
  ...lengths(plan),
  ...twice(plan),
  ...batteries(plan),
  ...generators(plan),
  ...jobs(plan),
  ...storeMistakes(plan),
  ...scored(plan),
];
